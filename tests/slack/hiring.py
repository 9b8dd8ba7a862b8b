"""What it takes to have a bot at work here: its environment, a courier in a hurry, and a look at whether it is busy."""

import socket
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from bot.sandbox.slack_app import SlackApp
from bot.schedule import Schedule
from bot.slack.courier import Courier
from bot.wiring import Parts
from tests.slack.cast import APPROVERS, RUI

LEASE_S = 0.2
"""How long the courier's claims last here; the bot's own 120 s would make every lost answer a long wait."""


class Busy:
    """Knows whether something is under way in a bot's threads."""

    def __init__(self, executors: tuple[ThreadPoolExecutor, ...]) -> None:
        self._lock = threading.Lock()
        self._count = 0
        for executor in executors:
            self._watch(executor)

    def _watch(self, executor: Executor) -> None:
        submit = executor.submit

        def counted(*args: Any, **kwargs: Any) -> Future[Any]:
            with self._lock:
                self._count += 1
            future: Future[Any] = submit(*args, **kwargs)
            future.add_done_callback(self._end)
            return future

        executor.submit = counted  # type: ignore[method-assign]

    def _end(self, _: Future[Any]) -> None:
        with self._lock:
            self._count -= 1

    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        with self._lock:
            return self._count == 0


def environ_for(url: str, app: SlackApp, database_url: str, mode: str = "socket", **more: str) -> dict[str, str]:
    """The environment of a bot of this workspace; Rui administers, the group of approvers approves."""
    way = {"SLACK_APP_TOKEN": app.app_token} if mode == "socket" else {"SLACK_SIGNING_SECRET": app.signing_secret}
    return {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_API_URL": f"{url}/api/",
        "ROLLOUT_DATABASE_URL": database_url,
        "ROLLOUT_PORT": str(_free_port()),
        "ROLLOUT_ADMINS": RUI,
        "ROLLOUT_APPROVERS": APPROVERS,
        **way,
        **more,
    }


def with_lease(parts: Parts, lease_s: float) -> Parts:
    """The same parts with a courier whose claims last that long."""
    courier = Courier(parts.desk, parts.messenger, lease_s=lease_s, pictures=parts.pictures)
    parts.desk.after = courier.wake
    return replace(parts, courier=courier, schedule=Schedule(parts.desk, courier.wake))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
