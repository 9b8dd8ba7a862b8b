"""Drills: what was rehearsed before it was needed, and how long it took."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.errors import BadInput
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen

MINUTES_LIMIT = 10_000


class DrillKind(StrEnum):
    """What was rehearsed."""

    ROLLBACK = "rollback"
    FREEZE = "freeze"

    @property
    def proves(self) -> DoneWhen:
        """The kind of proof that a drill of this kind is."""
        return DoneWhen(f"drill:{self}")


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill that was held; `took_s` is the measured time in seconds."""

    id: str
    workflow_id: str
    kind: DrillKind
    took_s: Decimal
    evidence: str | None
    held_by: Person
    held_at: datetime


def seconds_of(minutes: Decimal) -> Decimal:
    """The measured minutes as seconds; refused unless they lie above 0 and below a week."""
    if not minutes.is_finite() or not 0 < minutes <= MINUTES_LIMIT:
        raise BadInput(
            f"A drill took more than 0 and at most {MINUTES_LIMIT:,} minutes: give the time that was measured.",
            "minutes",
        )
    return minutes * 60
