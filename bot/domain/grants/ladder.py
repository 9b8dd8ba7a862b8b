"""Where a workflow stands on the ladder, what to expect of that, and what was measured (RULES, "Phase caps")."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from bot.domain.grants.life import Grant, rung_of
from bot.domain.playbook import OperatingModel, Playbook
from bot.domain.statistics import median

SPAN = timedelta(days=28)

_CONTEXT = Context(prec=34)


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long one change took, in hours, and when it was merged."""

    merged_at: datetime
    hours: Decimal


@dataclass(frozen=True, slots=True)
class MeasuredEffect:
    """The median lead time of the last 28 days beside that of the first 28 days with data, in hours."""

    first_hours: Decimal
    last_hours: Decimal

    @property
    def faster_percent(self) -> int | None:
        """By how many per cent changes take less time now, negative where they take more; None where none took any."""
        if not self.first_hours:
            return None
        saved = _CONTEXT.divide(self.first_hours - self.last_hours, self.first_hours) * 100
        return int(saved.quantize(Decimal(1), ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Ladder:
    """A workflow's rung with what the playbook expects of it, its grants that live now, and the measured effect.

    `effect` is None where there is no data.
    """

    model: OperatingModel
    grants: tuple[Grant, ...]
    effect: MeasuredEffect | None


def ladder(playbook: Playbook, grants: Iterable[Grant], effect: MeasuredEffect | None, at: datetime) -> Ladder:
    """Where a workflow with these grants stands at `at`; a grant whose time is over counts no more."""
    living = tuple(grant for grant in grants if grant.lives and not grant.has_expired(at))
    return Ladder(playbook.operating_model(rung_of(living)), living, effect)


def measured_effect(lead_times: Sequence[LeadTime], at: datetime) -> MeasuredEffect | None:
    """What changed since the first 28 days with data; None without data, or while the last 28 days overlap those."""
    begun = min((each.merged_at for each in lead_times), default=None)
    if begun is None or begun + SPAN > at - SPAN:
        return None
    first = median(each.hours for each in lead_times if each.merged_at < begun + SPAN)
    last = median(each.hours for each in lead_times if at - SPAN <= each.merged_at < at)
    return None if first is None or last is None else MeasuredEffect(first, last)
