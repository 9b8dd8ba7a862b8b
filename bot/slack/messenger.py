"""Everything that is said to Slack goes out here, once, without the SDK's silent second try.

The SDK re-sends after a dropped connection by default, which posts twice; so `retry_handlers` is empty, and
what is not known to have failed is reported as unknown.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.domain.errors import Unavailable
from bot.slack.blocks import Block, Screen

TIMEOUT_S = 10
_METADATA = "rollout_posting"
_UNSURE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
# What is no code is the body of an answer that was no JSON, as slack_sdk hands it on.
_ERROR_CODE = re.compile(r"[a-z0-9_]{1,80}")
_NEVER_LEFT: dict[type[BaseException], str] = {
    ConnectionRefusedError: "connection refused",
    socket.gaierror: "Slack's address is not known just now",
    ssl.SSLCertVerificationError: "what answers is not Slack",
}
LOCKED_OUT = frozenset({"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"})
"""Slack's refusals that will hold until someone puts the bot's token right."""
_MOST_PAGES = 50
_UNTIL_KNOWN_S = (0.1, 0.6)
_SLACK_HOOKS = "https://hooks.slack.com/"


class NotSaid(Unavailable):
    """Slack certainly did not take it; `retry_after_s` is when to try again, None if trying again is no use."""

    def __init__(self, reason: str, retry_after_s: float | None) -> None:
        super().__init__(f"Slack did not take it ({reason}).")
        self.reason = reason
        self.retry_after_s = retry_after_s


class PerhapsSaid(Unavailable):
    """Nobody knows whether Slack took it: the answer was lost."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Room:
    """What Slack says of a channel at this moment."""

    name: str
    is_shared: bool
    is_archived: bool


def slack_client(token: str, api_url: str | None) -> WebClient:
    """A client that asks once and waits ten seconds at most."""
    client = WebClient(token=token, timeout=TIMEOUT_S, retry_handlers=[])
    if api_url:
        client.base_url = api_url.rstrip("/") + "/"
    return client


class Messenger:
    """What Rollout says to Slack."""

    def __init__(self, client: WebClient) -> None:
        self.client = client
        self.locked_out: str | None = None
        self._me: tuple[str, str] | None = None
        self._origin = "{0.scheme}://{0.netloc}/".format(urlsplit(client.base_url))

    def post(self, channel: str, screen: Screen, posting_id: str, under: Posted | None = None) -> Posted:
        """The message in a channel, in the thread of another if it stands under one, marked to be found again."""
        mark = {"event_type": _METADATA, "event_payload": {"id": posting_id}}
        answer = self._once(
            lambda: self.client.chat_postMessage(
                channel=channel,
                text=screen.fallback,
                blocks=list(screen.blocks),
                metadata=mark,
                unfurl_links=False,
                thread_ts=under.ts if under else None,
            )
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def find(self, channel: str, posting_id: str, oldest: float, under: Posted | None = None) -> Posted | None:
        """The message that carries that mark, among the bot's own there since `oldest` (in seconds since 1970)."""
        found = self.find_all(channel, posting_id, oldest, under)
        return found[0] if found else None

    def find_all(self, channel: str, posting_id: str, oldest: float, under: Posted | None = None) -> tuple[Posted, ...]:
        """Every message that carries that mark, the oldest first; another app's that copied it is none of them."""
        me = self._identity()
        return tuple(
            Posted(channel, ts)
            for ts in sorted(
                str(message["ts"])
                for message in self._messages(channel, oldest, under)
                if (message.get("bot_id"), message.get("app_id")) == me
                and message.get("metadata", {}).get("event_payload", {}).get("id") == posting_id
            )
        )

    def _identity(self) -> tuple[str, str]:
        """The bot's own id and its app's, asked once."""
        if self._me is None:
            bot_id = str(self._once(self.client.auth_test)["bot_id"])
            self._me = bot_id, str(self._once(lambda: self.client.bots_info(bot=bot_id))["bot"]["app_id"])
        return self._me

    def _messages(self, channel: str, oldest: float, under: Posted | None) -> Iterator[dict[str, Any]]:
        since: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{oldest:.6f}",
            "limit": 200,
            "include_all_metadata": True,
        }
        for _ in range(_MOST_PAGES):
            if under:
                answer = self._once(partial(self.client.conversations_replies, ts=under.ts, **since))
            else:
                answer = self._once(partial(self.client.conversations_history, **since))
            yield from answer["messages"]
            since["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if not since["cursor"]:
                return
        raise NotSaid("too much was said there to look through", None)

    def thread(self, channel: str, ts: str) -> tuple[dict[str, Any], ...]:
        """The first two hundred messages of a thread, the one that it began with first."""
        return tuple(
            self._once(lambda: self.client.conversations_replies(channel=channel, ts=ts, limit=200))["messages"]
        )

    def delete(self, posted: Posted) -> None:
        """One of the bot's own messages, gone; as well if it was gone before."""
        try:
            self._once(lambda: self.client.chat_delete(channel=posted.channel, ts=posted.ts))
        except NotSaid as error:
            if error.reason != "message_not_found":
                raise

    def room(self, channel: str) -> Room:
        """The channel as it is now, never as it was remembered."""
        found: Any = self._once(lambda: self.client.conversations_info(channel=channel))["channel"]
        shared = bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
        return Room(str(found.get("name", channel)), shared, bool(found.get("is_archived")))

    def read(self, posted: Posted, under: Posted | None = None) -> Screen | None:
        """A message of the bot's as it stands; None where it is gone, or where nobody may look."""
        at: dict[str, Any] = {
            "channel": posted.channel,
            "oldest": posted.ts,
            "latest": posted.ts,
            "inclusive": True,
            "limit": 2,
        }
        if under:
            answer = self._once(lambda: self.client.conversations_replies(ts=under.ts, **at))
        else:
            answer = self._once(lambda: self.client.conversations_history(**at))
        found = next((each for each in answer["messages"] if each.get("ts") == posted.ts), None)
        return Screen(str(found.get("text", "")), tuple(found.get("blocks", ()))) if found else None

    def update(self, posted: Posted, screen: Screen) -> None:
        """A message as it should be now."""
        self._once(
            lambda: self.client.chat_update(
                channel=posted.channel, ts=posted.ts, text=screen.fallback, blocks=list(screen.blocks)
            )
        )

    def whisper(self, channel: str, user: str, screen: Screen) -> None:
        """A message in a channel that only one person sees."""
        self._once(
            lambda: self.client.chat_postEphemeral(
                channel=channel, user=user, text=screen.fallback, blocks=list(screen.blocks)
            )
        )

    def direct_channel(self, user: str) -> str:
        """The id of the direct message with someone."""
        answer = self._once(lambda: self.client.conversations_open(users=user))
        return str(answer["channel"]["id"])

    def open_view(self, trigger: str, view: Block) -> None:
        """A modal, opened for whoever holds the trigger."""
        self._once(lambda: self.client.views_open(trigger_id=trigger, view=view))

    def push_view(self, trigger: str, view: Block) -> None:
        """A modal on top of the one that is open."""
        self._once(lambda: self.client.views_push(trigger_id=trigger, view=view))

    def update_view(self, view_id: str, view: Block, seen_hash: str | None = None) -> None:
        """An open modal, changed, unless it changed since `seen_hash`."""
        self._once(lambda: self.client.views_update(view_id=view_id, view=view, hash=seen_hash))

    def update_named_view(self, external_id: str, view: Block) -> None:
        """A modal that was just answered with, changed; Slack may take a moment until it knows it by that id."""
        for pause_s in (*_UNTIL_KNOWN_S, None):
            try:
                self._once(lambda: self.client.views_update(external_id=external_id, view=view))
                return
            except NotSaid as error:
                if error.reason != "not_found" or pause_s is None:
                    raise
                time.sleep(pause_s)

    def publish_home(self, user: str, view: Block, seen_hash: str | None = None) -> None:
        """Someone's App Home, unless another was published since `seen_hash`."""
        self._once(lambda: self.client.views_publish(user_id=user, view=view, hash=seen_hash))

    def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """An answer to a command or click at its response address, which must be Slack's own."""
        if not url.startswith((_SLACK_HOOKS, self._origin)):
            raise NotSaid("the response address is not Slack's", None)
        try:
            answer = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[]).send_dict(dict(payload))
        except (OSError, HTTPException, SlackClientError) as error:
            raise PerhapsSaid(f"Slack gave no answer ({type(error).__name__}).") from error
        if answer.status_code >= 400:
            raise NotSaid(f"status {answer.status_code}", None)

    def upload(self, content: bytes, name: str, alt: str) -> str:
        """The id of an uploaded picture."""
        answer = self._once(
            lambda: self.client.files_upload_v2(content=content, filename=name, title=name, alt_txt=alt[:1000])
        )
        return str(answer["files"][0]["id"])

    def _once(self, ask: Callable[[], SlackResponse]) -> SlackResponse:
        try:
            answer = ask()
        except SlackApiError as error:
            refusal = _refusal(error)
            if isinstance(refusal, NotSaid) and refusal.reason in LOCKED_OUT:
                self.locked_out = refusal.reason
            raise refusal from error
        except (OSError, HTTPException, SlackClientError) as error:
            for kind, words in _NEVER_LEFT.items():
                if isinstance(error, kind) or isinstance(getattr(error, "reason", None), kind):
                    raise NotSaid(words, 5) from error
            raise PerhapsSaid(f"Slack gave no answer ({type(error).__name__}).") from error
        self.locked_out = None
        return answer


def _refusal(error: SlackApiError) -> NotSaid | PerhapsSaid:
    response = error.response
    status = getattr(response, "status_code", 0)
    if status == 429:
        return NotSaid("ratelimited", _seconds(response.headers.get("Retry-After")))
    data = response.data if isinstance(response.data, dict) else {}
    reason = str(data.get("error", f"status_{status}"))
    if not _ERROR_CODE.fullmatch(reason):
        return PerhapsSaid("Slack's answer cannot be read, so nobody knows whether it was done.")
    if status >= 500 or reason in _UNSURE or not data:
        return PerhapsSaid(f"Slack answered {reason}, which does not say whether it was done.")
    return NotSaid(reason, None)


def _seconds(header: str | list[str] | None) -> float:
    """Retry-After in seconds, thirty where it is missing or no number, an hour at most."""
    text = header[0] if isinstance(header, list) and header else header
    try:
        wait_s = float(str(text))
    except ValueError:
        return 30.0
    return min(max(wait_s, 1.0), 3600.0) if isfinite(wait_s) else 30.0
