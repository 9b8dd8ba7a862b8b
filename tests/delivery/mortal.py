"""Bots in processes of their own, to be killed and frozen: forked from one process that has imported everything.

Each line on standard input is an order for one bot; its process id is printed. The bot itself is the real one; what
is shortened here is the time it gives to a claim, to Slack, and to the beginning of a send, all in proportion.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.schedule import Schedule
from bot.settings import Settings
from bot.slack import digest_posts
from bot.slack.courier import Courier
from bot.slack.messenger import Messenger
from bot.wiring import Bot, build
from tests.delivery.newsroom import draft

LEASE_S, TIMEOUT_S, SEND_WITHIN_S, TICK_S = 2.4, 0.6, 0.2, 0.2
"""A fiftieth of the bot's own two minutes, and the rest about in proportion."""


@dataclass(frozen=True, slots=True)
class FileClock:
    """The machine's clock, off by as many seconds as a file says."""

    file: Path

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text("ascii")))


def main() -> None:
    """Fork a bot for every line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _be_a_bot(order)
            os._exit(0)
        print(pid, flush=True)


def _be_a_bot(order: Mapping[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if order["order"] == "naive":
        # Post, then mark: the same bot without its look before a post, and so without its sweeps.
        Messenger.find_all = lambda *_: ()  # type: ignore[method-assign]
    digest_posts.SEND_WITHIN_S = SEND_WITHIN_S
    parts = build(Settings.read(order["environ"]), FileClock(Path(order["clock"])))
    parts.desk.draft = draft
    client = parts.messenger.client
    client.timeout = TIMEOUT_S  # type: ignore[assignment]
    client.headers["X-Bot"] = str(os.getpid())
    courier = Courier(parts.desk, parts.messenger, LEASE_S, parts.pictures)
    parts.desk.after = courier.wake
    bot = Bot(replace(parts, courier=courier, schedule=Schedule(parts.desk, courier.wake, TICK_S)))
    bot.start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
