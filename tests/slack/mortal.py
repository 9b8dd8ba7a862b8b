"""A bot in a process of its own that dies at a chosen moment, as if the machine had gone (`test_kills` starts it).

The moments are patched in here; the bot itself knows of none.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from bot.sandbox.clock import MovableClock
from bot.settings import Settings
from bot.slack.courier import Courier
from bot.slack.messenger import Messenger
from bot.wiring import Bot, build
from tests.slack.hiring import LEASE_S, with_lease
from tests.slack.office import MONDAY

MOMENTS: dict[str, tuple[type, str, str]] = {
    "before the acknowledgement": (Courier, "wake", "before"),
    "before the post": (Messenger, "post", "before"),
    "after the post": (Messenger, "post", "after"),
    "before the update": (Messenger, "update", "before"),
}


def die(*_: object) -> None:
    """End this process at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def doomed(method: Callable[..., Any], when: str, armed: threading.Event) -> Callable[..., Any]:
    """The method, in whose course the process dies once it is armed."""

    def fatal(*args: Any, **kwargs: Any) -> Any:
        if armed.is_set() and when == "before":
            die()
        result = method(*args, **kwargs)
        if armed.is_set():
            die()
        return result

    return fatal


def main() -> None:
    """Run until the moment comes; a line on standard input arms it."""
    environ, moment = json.loads(sys.argv[1]), sys.argv[2]
    owner, name, when = MOMENTS[moment]
    armed = threading.Event()
    setattr(owner, name, doomed(getattr(owner, name), when, armed))
    bot = Bot(with_lease(build(Settings.read(environ), MovableClock(MONDAY)), LEASE_S))
    bot.start()
    print("ready", flush=True)
    for _ in sys.stdin:
        armed.set()
        print("armed", flush=True)


if __name__ == "__main__":
    main()
