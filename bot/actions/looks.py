"""What was made of each workflow, kept for as long as it stands like that.

Whoever asks for a status again gets what was made for the one before. Every recorded fact moves the marks of what it
touches (`store.recording.marks`), in its own transaction; so what was made at some marks holds at those marks, whoever
records, in whatever process. The marks are asked for at each look. Days begin on time: every zone's midnight falls on
a multiple of five minutes. What grows stale by its age, and what Slack says of people (which is five minutes old at
most), is seen at the next one.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from store import Marks

T = TypeVar("T")

KEPT = 2000
"""Of how many workflows something is kept."""

MADE = 64
"""How many things are kept of each: one for every reader's zone, and picture, within five minutes."""


@dataclass(frozen=True, slots=True)
class Look:
    """One workflow as it stands within five minutes, and what was made of it so far."""

    of: tuple[Marks, datetime]
    made: dict[Hashable, Any] = field(default_factory=dict)

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under `key` before, or is made now; `key` holds everything else that it depends on."""
        known: T | None = self.made.get(key)
        if known is not None:
            return known
        found = make()
        if len(self.made) < MADE:
            self.made[key] = found
        return found


class Looks:
    """The newest look of this process at each workflow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Look] = {}

    def at(self, marks: Marks, at: datetime) -> Look:
        """The look at the workflow that has these marks, judged at `at`."""
        of = (marks, at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0))
        with self._lock:
            known = self._newest.get(marks.workflow_id)
            if known is None or known.of != of:
                self._newest.pop(marks.workflow_id, None)
                known = self._newest[marks.workflow_id] = Look(of)
                if len(self._newest) > KEPT:
                    del self._newest[next(iter(self._newest))]
            return known
