"""What was made of each workflow, kept for as long as it stands like that.

Whoever asks for a status again gets what was made for the one before. Every recorded fact moves the marks of what it
touches (`store.recording.marks`), in its own transaction; so what was made at some marks holds at those marks, whoever
records, in whatever process. The marks are asked for at each look. Days begin on time: nothing is kept past midnight
in the team's zone. What grows stale by its age, and what Slack says of people, is five minutes old at most.
"""

import threading
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.domain.calendar import end_of_day, local_date
from bot.domain.signals.kinds import Span
from store import Marks

T = TypeVar("T")

KEPT = 2000
"""Of how many workflows something is kept."""

HELD = timedelta(minutes=5)
"""For how long, at most."""

MADE = 64
"""How many things are kept of each: what is told of it in each reader's zone."""


@dataclass(frozen=True, slots=True)
class Look:
    """One workflow as it stands for a while, and what was made of it so far."""

    marks: Marks
    span: Span
    made: dict[Hashable, Any] = field(default_factory=dict)

    def known(self, key: Hashable) -> Any:
        """What was kept under `key`, or None."""
        return self.made.get(key)

    def keep(self, key: Hashable, made: T) -> T:
        """`made`, known under `key` from now on; `key` holds everything else that it depends on."""
        if key in self.made or len(self.made) < MADE:
            self.made[key] = made
        return made


class Looks:
    """The newest look of this process at each workflow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Look] = {}

    def at(self, marks: Marks, at: datetime) -> Look:
        """The look at the workflow that has these marks, judged at `at`."""
        with self._lock:
            known = self._newest.get(marks.workflow_id)
            if known is None or known.marks != marks or not known.span.holds(at):
                self._newest.pop(marks.workflow_id, None)
                midnight = end_of_day(local_date(at, marks.zone), marks.zone)
                known = self._newest[marks.workflow_id] = Look(marks, Span(at, min(at + HELD, midnight)))
                if len(self._newest) > KEPT:
                    del self._newest[next(iter(self._newest))]
            return known
