"""Where the harness strikes: a bot dies at a step that Slack sees, or at any moment, or stands still for a while."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.web_api import WebApi

STEPS = (
    ("conversations.history", "before"),
    ("conversations.info", "after"),
    ("chat.postMessage", "before"),
    ("chat.postMessage", "after"),
    ("chat.postMessage", "after"),
)
"""Calls of Slack before or after whose effect a bot is killed; after a post, nobody has heard its answer."""

Handle = Callable[[WebApi, Request], Awaitable[Response]]


@dataclass
class Strikes:
    """The strikes still to come, in the order in which they fall."""

    chance: random.Random
    waiting: list[tuple[str, str]] = field(default_factory=list)
    kills: int = 0

    def plan(self, count: int) -> None:
        """So many kills at steps, drawn by lot."""
        self.waiting = [self.chance.choice(STEPS) for _ in range(count)]

    def around(self, handle: Handle) -> Handle:
        """Slack's Web API, in which the caller may die."""

        async def struck(api: WebApi, request: Request) -> Response:
            caller = int(request.headers.get("x-bot", "0"))
            method = request.path_params["method"]
            when = self._falls_on(method) if caller else None
            if when == "before":
                self.kill(caller)
                return Response()
            answer = await handle(api, request)
            if when == "after":
                self.kill(caller)
                await asyncio.sleep(0)
            return answer

        return struck

    def _falls_on(self, method: str) -> str | None:
        if not self.waiting or self.waiting[0][0] != method or self.chance.random() < 0.5:
            return None
        return self.waiting.pop(0)[1]

    def kill(self, bot: int) -> None:
        """The end of a bot, with nothing tidied up."""
        with suppress(ProcessLookupError):
            os.kill(bot, signal.SIGKILL)
            self.kills += 1
