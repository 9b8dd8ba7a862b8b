"""Facts about drills."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.drills import DrillKind
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillHeld:
    """Something was rehearsed and its time measured, in seconds."""

    drill_id: str
    workflow_id: str
    kind: DrillKind
    took_s: Decimal
    evidence: FreeText | None
