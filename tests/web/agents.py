"""A program whose API listens on the loopback, and the agents that ask it."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.actions import tokens
from bot.actions.desk import Desk
from bot.actions.tokens import TokenEntry
from bot.domain.people import PrincipalKind
from bot.domain.tokens import Scope
from bot.web.api import api_on
from bot.web.server import Serving, WebParts, serve, web_app
from tests.grants_program import GrantsProgram

SURE = {"recipients": 1, "confidence_score": 0.97}
ALL = tuple(Scope)


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer over HTTP."""

    status: int
    body: Any
    retry_after: str | None = None

    @property
    def outcome(self) -> str:
        """The decision in it."""
        return str(self.body["decision"])


@dataclass(frozen=True, slots=True)
class Agent:
    """Whoever asks over HTTP with a token, or with anything else in its place; a connection for each request."""

    port: int
    token: str | None

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Heard:
        """The answer to one request."""
        if self.token is not None:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answered = connection.getresponse()
            raw = answered.read()
        finally:
            connection.close()
        return Heard(answered.status, json.loads(raw) if raw else None, answered.headers["Retry-After"])

    def get(self, path: str) -> Heard:
        """What stands there."""
        return self.send("GET", path)

    def post(self, path: str, raw: str | bytes) -> Heard:
        """What becomes of something sent."""
        return self.send("POST", path, raw.encode() if isinstance(raw, str) else raw)

    def ask(self, facts: Any = None, doing: str = "send_macro", **more: Any) -> Heard:
        """What a decision comes to."""
        asked = {"workflow": "refunds_agent", "action": doing, "facts": SURE if facts is None else facts, **more}
        return self.post("/v1/decisions", json.dumps(asked))


def token_for(program: GrantsProgram, name: str = "macro_bot", **given: Any) -> str:
    """The secret of a new token: of an agent, for everything, for a month, unless told otherwise."""
    bound = tuple(program.workflow(each) for each in given.get("workflows", ()))
    last_day = program.at.date() + timedelta(days=given.get("days", 30))
    kind = given.get("kind", PrincipalKind.AGENT)
    entry = TokenEntry(name, kind, given.get("scopes", ALL), bound, last_day)
    return program.do("ada", tokens.make, entry, "UTC").secret


@contextmanager
def listening(desk: Desk) -> Iterator[Serving]:
    """The web app of one replica, on a free port of the loopback; nobody waits until it has gone."""
    now = desk.real.now
    serving = serve(web_app(WebParts(now, now, tuple, int, api=api_on(desk))), "127.0.0.1", 0)
    try:
        yield serving
    finally:
        threading.Thread(target=serving.stop, name="leaving").start()
