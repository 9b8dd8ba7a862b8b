"""Signed HTTP: requests to an app's Request URL, stamped and signed as Slack does."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the app answered: the status, and the body as an object if it is JSON, else as text."""

    status: int
    body: Any
    no_retry: bool = False


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request."""
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: str, payload: Json) -> tuple[str, bytes]:
    """Content type and body for a payload: events are JSON, commands a form, the rest JSON in a form."""
    if kind == "events_api":
        return JSON_TYPE, json.dumps(payload).encode()
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return FORM_TYPE, urlencode(form).encode()


def build_request(app: SlackApp, url: str, encoded: tuple[str, bytes], at: datetime) -> Request:
    """The signed request, stamped with the machine's time `at`."""
    content_type, body = encoded
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(app.signing_secret, stamp, body),
    }
    return Request(url, data=body, headers=headers, method="POST")


def send(request: Request, timeout_s: float) -> Reply:
    """The app's answer; OSError or TimeoutError if there was none in time."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout_s) as response:
            text = response.read().decode("utf-8", "replace")
            is_json = response.headers.get_content_type() == JSON_TYPE
            body = json.loads(text) if is_json and text else text
            return Reply(response.status, body)
    except HTTPError as failed:
        with failed:
            return Reply(failed.code, "", failed.headers.get("X-Slack-No-Retry") == "1")
    except ValueError:
        return Reply(HTTPStatus.BAD_GATEWAY, "")
