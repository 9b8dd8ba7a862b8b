"""What was made of the program as it stands, kept as long as it stands like that.

Whoever asks for a status again gets what was made for the one before. Nothing changes the program but
recorded facts, and each moves the head of the audit log; so what was made at one head holds at that head. Days
begin on time: every zone's midnight falls on a multiple of five minutes. What grows stale by its age, and what Slack
says of people (which is five minutes old at most), is seen at the next one.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from store import View

T = TypeVar("T")

KEPT = 4000


@dataclass(frozen=True, slots=True)
class Look:
    """One state of the program within five minutes, and what was made of it so far."""

    of: tuple[str, datetime]
    made: dict[Hashable, Any] = field(default_factory=dict)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under `key` before, or is made now; `key` holds everything else that it depends on."""
        known: T | None = self.made.get(key)
        if known is not None:
            return known
        found = make()
        if len(self.made) < KEPT:
            self.made[key] = found
        return found


class Looks:
    """The newest look of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: Look | None = None

    def at(self, view: View, at: datetime) -> Look:
        """The look at what `view` shows, judged at `at`."""
        of = (view.mark(), at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0))
        with self._lock:
            if self._newest is None or self._newest.of != of:
                self._newest = Look(of)
            return self._newest
