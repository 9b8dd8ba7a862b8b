"""The memory for signatures: those that come while others are being written go into one transaction.

Each on its own would wait for its turn to write and for the disk, and that would bound how many clicks a second
can be answered.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

Write = Callable[[Mapping[str, datetime]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A signature, when it came, and where to say whether it is new."""

    signature_hash: str
    at: datetime
    is_new: Future[bool] = field(default_factory=Future)


class Signatures:
    """Remembers signatures in a thread of its own; `write` keeps some of them and gives those that are new."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: SimpleQueue[Seen | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="signatures", daemon=True)

    @property
    def waiting(self) -> int:
        """How many wait to be written."""
        return self._waiting.qsize()

    def start(self) -> None:
        """Begin to remember."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def remember(self, signature_hash: str, at: datetime) -> bool:
        """Return whether this is the first time; of two copies at once, one is told so."""
        seen = Seen(signature_hash, at)
        self._waiting.put(seen)
        return seen.is_new.result()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, over = [first], False
            while not over:
                try:
                    following = self._waiting.get_nowait()
                except Empty:
                    break
                over = following is None
                batch += [following] if following else []
            self._settle(batch)
            if over:
                return

    def _settle(self, batch: list[Seen]) -> None:
        firsts: dict[str, Seen] = {}
        for seen in batch:
            firsts.setdefault(seen.signature_hash, seen)
        try:
            new = self._write({seen.signature_hash: seen.at for seen in firsts.values()})
        except Exception as error:  # noqa: BLE001  each of those who wait answers for itself
            for seen in batch:
                seen.is_new.set_exception(error)
            return
        for seen in batch:
            seen.is_new.set_result(seen is firsts[seen.signature_hash] and seen.signature_hash in new)
