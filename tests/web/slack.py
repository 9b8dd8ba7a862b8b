"""What Slack sends, and the bot that it is sent to."""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette

from bot.web.guard import SigningSecrets
from bot.web.server import SlackOverHttp, WebParts, web_app
from tests.web.asgi import Sent

Json = dict[str, Any]
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
ANYTHING = re.compile(".*")

WHO: Json = {
    "team": {"id": "T0001", "domain": "example"},
    "user": {"id": "U0001", "username": "ada", "team_id": "T0001"},
    "api_app_id": "A0001",
    "token": "canary-verification-token",
    "enterprise": None,
    "is_enterprise_install": False,
    "trigger_id": "13345224609.738474920.8088930838d88f008e0",
}
VIEW: Json = {
    "id": "V0001",
    "type": "modal",
    "team_id": "T0001",
    "callback_id": "start",
    "hash": "156772938.1827394",
    "private_metadata": "{}",
    "state": {"values": {"name": {"text": {"type": "plain_text_input", "value": "canary-title"}}}},
    "blocks": [],
    "root_view_id": "V0001",
    "previous_view_id": None,
    "app_installed_team_id": "T0001",
}
COMMAND: Json = {
    "token": "canary-verification-token",
    "team_id": "T0001",
    "team_domain": "example",
    "channel_id": "C0001",
    "channel_name": "general",
    "user_id": "U0001",
    "user_name": "ada",
    "command": "/rollout",
    "text": "status canary-title",
    "api_app_id": "A0001",
    "is_enterprise_install": "false",
    "response_url": "https://hooks.example.org/commands/canary-hook",
    "trigger_id": "13345224609.738474920.8088930838d88f008e0",
}
CLICK: Json = WHO | {
    "type": "block_actions",
    "container": {"type": "message", "message_ts": "1773057600.000100", "channel_id": "C0001"},
    "channel": {"id": "C0001", "name": "general"},
    "message": {"type": "message", "user": "U0009", "bot_id": "B0001", "ts": "1773057600.000100", "text": "x"},
    "state": {"values": {}},
    "response_url": "https://hooks.example.org/actions/canary-hook",
    "actions": [
        {"type": "button", "action_id": "tick", "block_id": "b1", "value": "41:3", "action_ts": "1773057600.000200"}
    ],
}
SUBMISSION: Json = WHO | {"type": "view_submission", "view": VIEW, "response_urls": []}
CLOSING: Json = WHO | {"type": "view_closed", "view": VIEW, "is_cleared": False}
SHORTCUT: Json = WHO | {"type": "shortcut", "callback_id": "start", "action_ts": "1773057600.000200"}
MESSAGE_SHORTCUT: Json = WHO | {
    "type": "message_action",
    "callback_id": "memo",
    "channel": {"id": "C0001", "name": "general"},
    "message": {"type": "message", "user": "U0002", "ts": "1773057600.000100", "text": "canary-title"},
    "message_ts": "1773057600.000100",
    "response_url": "https://hooks.example.org/app/canary-hook",
}
HOME_OPENED: Json = {
    "type": "event_callback",
    "token": "canary-verification-token",
    "team_id": "T0001",
    "api_app_id": "A0001",
    "event_id": "Ev0001",
    "event_time": 1773057600,
    "event": {"type": "app_home_opened", "user": "U0001", "channel": "D0001", "tab": "home", "event_ts": "1.2"},
    "authorizations": [
        {"enterprise_id": None, "team_id": "T0001", "user_id": "U0009", "is_bot": True, "is_enterprise_install": False}
    ],
    "is_ext_shared_channel": False,
}
URL_CHECK: Json = {"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkv"}


def as_form(fields: Json) -> tuple[str, bytes]:
    return FORM, urlencode(fields).encode()


def as_payload(payload: Json) -> tuple[str, bytes]:
    return FORM, urlencode({"payload": json.dumps(payload)}).encode()


def as_json(payload: Json) -> tuple[str, bytes]:
    return "application/json", json.dumps(payload).encode()


# Each with the way in which Slack packs it.
REQUESTS: tuple[tuple[Json, Callable[[Json], tuple[str, bytes]]], ...] = (
    (COMMAND, as_form),
    (CLICK, as_payload),
    (SUBMISSION, as_payload),
    (CLOSING, as_payload),
    (SHORTCUT, as_payload),
    (MESSAGE_SHORTCUT, as_payload),
    (HOME_OPENED, as_json),
)


def signature_of(body: bytes, stamp: bytes, secret: str = SECRET) -> bytes:
    digest = hmac.new(secret.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256)
    return b"v0=" + digest.hexdigest().encode()


def signed(packed: tuple[str, bytes], at: datetime = NOON, secret: str = SECRET) -> Sent:
    """Return the request as Slack signs it at a moment."""
    content_type, body = packed
    stamp = str(int(at.timestamp())).encode()
    headers = (
        (b"content-type", content_type.encode()),
        (b"x-slack-request-timestamp", stamp),
        (b"x-slack-signature", signature_of(body, stamp, secret)),
    )
    return Sent("/slack/events", headers, (body,))


@dataclass(slots=True)
class Memory:
    """A replay store in memory, which can be told to fail."""

    fails: bool = False
    hashes: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, signature_hash: str, at: datetime) -> bool:
        if self.fails:
            raise RuntimeError(f"canary {signature_hash} {at}")
        with self.lock:
            first = signature_hash not in self.hashes
            self.hashes.add(signature_hash)
            return first


@dataclass(slots=True)
class Bot:
    """A real Bolt app, each of whose listeners counts that it ran, behind the real web app."""

    clock: datetime = NOON
    counted: int = 0
    listeners: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(32))
    lock: threading.Lock = field(default_factory=threading.Lock)
    memory: Memory = field(default_factory=Memory)
    secrets: SigningSecrets = field(default_factory=lambda: SigningSecrets(SECRET))
    during: Callable[[Json], object] = repr

    def hear(self, ack: Ack, body: Json) -> None:
        with self.lock:
            self.counted += 1
        self.during(body)
        ack()

    def runs(self) -> int:
        """Return how often a listener ran, when all have: Bolt answers some requests before their listener."""
        self.listeners.shutdown(wait=True)
        return self.counted

    def bolt(self) -> App:
        app = App(
            signing_secret=SECRET,
            authorize=lambda: AuthorizeResult(
                enterprise_id=None, team_id="T0001", bot_token="xoxb-canary", bot_id="B0009"
            ),
            listener_executor=self.listeners,
            process_before_response=True,
        )
        app.command("/rollout")(self.hear)
        app.action(ANYTHING)(self.hear)
        app.view_submission(ANYTHING)(self.hear)
        app.view_closed(ANYTHING)(self.hear)
        app.shortcut(ANYTHING)(self.hear)
        app.event("app_home_opened")(self.hear)
        return app

    def parts(self) -> WebParts:
        door = SlackOverHttp(self.secrets, self.memory.remember, self.bolt().dispatch)
        return WebParts(lambda: self.clock, lambda: self.clock, tuple, lambda: 0, door)

    def web(self) -> Starlette:
        return web_app(self.parts())
