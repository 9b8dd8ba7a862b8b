"""Freezes: one command that stops every grant of a workflow, and what it takes to lift one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.people import Person

DRILL_LIFT = timedelta(minutes=60)
"""For how long whoever froze a workflow as a drill may lift that themselves (RULES, "Freeze")."""


class FreezeKind(StrEnum):
    """Why a workflow was frozen."""

    HAND = "hand"
    DRILL = "drill"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Freeze:
    """A freeze that holds; `took_s` is the measured time from the command to the first refused decision."""

    id: str
    workflow_id: str
    kind: FreezeKind
    reason: str | None
    by: Person
    at: datetime
    took_s: Decimal | None

    def may_lift_as_author(self, handle: str, at: datetime) -> bool:
        """Whether `handle` froze this as a drill less than an hour ago."""
        return self.kind is FreezeKind.DRILL and self.by.handle == handle and at < self.at + DRILL_LIFT
