"""The door for Slack's requests: size, age and signature are judged on raw bytes, before any parsing."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.errors import BadInput
from bot.web.refusal import RefusalLog, TurnedAway, answer_to

MAX_BODY_BYTES = 512 * 1024
MAX_AGE_S = 300
READ_TIMEOUT_S = 10
LETTER = "rollout.letter"

TIMESTAMP = re.compile(rb"[0-9]{1,11}")
SIGNATURE = re.compile(rb"v0=[0-9a-f]{64}")
# The signature covers no header, so that no other header may reach Bolt, which has some that steer it.
PASSED_ON = (b"content-type", b"x-slack-retry-num", b"x-slack-retry-reason")


class UnsafeSecret(BadInput):
    """A signing secret with which anyone could sign."""


@dataclass(frozen=True, slots=True)
class SigningSecrets:
    """Slack's signing secret and, while it is being changed, the one before it until a moment."""

    current: str = field(repr=False)
    previous: str = field(default="", repr=False)
    previous_until: datetime | None = None

    def __post_init__(self) -> None:
        if not self.current.strip():
            raise UnsafeSecret(
                "SLACK_SIGNING_SECRET is empty, so anyone could speak for Slack. "
                "Copy it from the app's page at Slack, under Basic Information."
            )
        if bool(self.previous.strip()) != (self.previous_until is not None):
            raise UnsafeSecret(
                "The previous signing secret and the moment until which it counts go together. Set both or neither."
            )

    def valid_at(self, at: datetime) -> tuple[bytes, ...]:
        """Return the secrets that count at this moment."""
        still = self.previous_until is not None and at < self.previous_until
        return tuple(secret.encode() for secret in (self.current, self.previous if still else "") if secret)


@dataclass(frozen=True, slots=True)
class Letter:
    """A request that Slack signed: its bytes, the few headers that count, and what makes it known again."""

    body: bytes
    headers: Mapping[str, str]
    signature_hash: str
    at: datetime


class Guard:
    """Lets only what Slack signed through, as a `Letter` in the scope, and answers the rest itself."""

    def __init__(self, app: ASGIApp, secrets: SigningSecrets, now: Callable[[], datetime]) -> None:
        self.app = app
        self.secrets = secrets
        self.now = now
        self.log = RefusalLog()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            scope[LETTER] = await self.letter_of(scope, receive)
            await self.app(scope, receive, send)
        except TurnedAway as refusal:
            self.log.note(refusal)
            await answer_to(refusal)(scope, receive, send)

    async def letter_of(self, scope: Scope, receive: Receive) -> Letter:
        """Return the signed letter; raise TurnedAway with 401, 408 or 413. The cheapest checks come first."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        check_length(headers)
        timestamp = single(headers, b"x-slack-request-timestamp", TIMESTAMP)
        signature = single(headers, b"x-slack-signature", SIGNATURE)
        at = self.now()
        if abs(at.timestamp() - int(timestamp)) > MAX_AGE_S:
            raise TurnedAway(401, "the timestamp is more than five minutes off")
        body = await read(receive)
        if not self.is_signed(timestamp, body, signature, at):
            raise TurnedAway(401, "the signature does not fit")
        known = {name.decode(): value.decode("latin-1") for name, value in headers if name in PASSED_ON}
        return Letter(body, known, hashlib.sha256(signature).hexdigest(), at)

    def is_signed(self, timestamp: bytes, body: bytes, signature: bytes, at: datetime) -> bool:
        """Return whether a secret that counts made the signature; all are tried, so time tells nothing."""
        text = b"v0:" + timestamp + b":" + body
        made = [b"v0=" + hmac.new(key, text, "sha256").hexdigest().encode() for key in self.secrets.valid_at(at)]
        return any([hmac.compare_digest(signature, one) for one in made])


def check_length(headers: list[tuple[bytes, bytes]], limit_bytes: int = MAX_BODY_BYTES) -> None:
    """Raise TurnedAway when the declared length is too much; else it is counted while read."""
    declared = [value for name, value in headers if name == b"content-length"]
    if any(not value.isdigit() or len(value) > 9 or int(value) > limit_bytes for value in declared):
        raise TurnedAway(413, f"the body is over {_size(limit_bytes)}")


def single(headers: list[tuple[bytes, bytes]], name: bytes, shape: re.Pattern[bytes]) -> bytes:
    """Return the header's value; raise TurnedAway unless it is there once and in shape."""
    values = [value for key, value in headers if key == name]
    if len(values) != 1 or not shape.fullmatch(values[0]):
        raise TurnedAway(401, f"{name.decode()} is missing or out of shape")
    return values[0]


async def read(receive: Receive, limit_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Return the whole body; raise TurnedAway when it is too long, too slow or breaks off."""
    body = bytearray()
    try:
        async with asyncio.timeout(READ_TIMEOUT_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise TurnedAway(400, "the body broke off")
                body += message.get("body", b"")
                is_read = not message.get("more_body", False)
                if len(body) > limit_bytes:
                    raise TurnedAway(413, f"the body is over {_size(limit_bytes)}", is_read=is_read)
                if is_read:
                    return bytes(body)
    except TimeoutError:
        raise TurnedAway(408, "the body did not arrive in ten seconds") from None


def _size(limit_bytes: int) -> str:
    return f"{limit_bytes // 1024} kB" if limit_bytes % 1000 else f"{limit_bytes // 1000} kB"
