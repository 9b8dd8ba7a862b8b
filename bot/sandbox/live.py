"""Who watches the workspace: each page gets what its person may see, tests can wait for a change."""

from collections.abc import Callable, Collection
from itertools import count
from threading import Condition
from time import monotonic

from bot.sandbox.wire import Json

Watcher = Callable[[Json], None]


class Live:
    """Passes each change on to the watchers that may see it; `note` sees them all."""

    def __init__(self) -> None:
        self._watchers: dict[int, tuple[str, Watcher]] = {}
        self._numbers = count()
        self._changed = Condition()
        self.note: Watcher = lambda _item: None

    def join(self, user: str, watcher: Watcher) -> int:
        """The number under which `watcher` leaves again; it is called from the workspace's thread."""
        number = next(self._numbers)
        self._watchers[number] = (user, watcher)
        return number

    def leave(self, number: int) -> None:
        """Stops watching."""
        self._watchers.pop(number, None)

    def publish(self, item: Json, readers: Collection[str] | None = None) -> None:
        """Passes `item` to the watchers among `readers`, to all if None."""
        self.note(item)
        for user, watcher in tuple(self._watchers.values()):
            if readers is None or user in readers:
                watcher(item)
        self.touch()

    def touch(self) -> None:
        """Wakes whoever waits for a change."""
        with self._changed:
            self._changed.notify_all()

    def wait_until(self, holds: Callable[[], bool], timeout_s: float = 5.0) -> bool:
        """True as soon as `holds()` is; False after `timeout_s`. For threads other than the workspace's."""
        end = monotonic() + timeout_s
        while not holds():
            with self._changed:
                left = end - monotonic()
                if left <= 0:
                    return holds()
                self._changed.wait(timeout=min(left, 0.05))
        return True
