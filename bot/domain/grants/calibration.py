"""Whether a confidence means what it says: how often the agent was right above the threshold that a grant rests on.

Right is what was done and not taken back; the share of it is believed as far as the lower bound of its two-sided
95 % Wilson interval goes (RULES, "Grants and decisions").
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from bot.domain.errors import BadInput
from bot.domain.grants.backtest import sheet_of
from bot.domain.grants.conditions import Compiler, Floor
from bot.domain.grants.terms import GrantTerms, Limit, LimitKind, digits
from bot.domain.signals.kinds import ActionOutcome, AgentAction, Signal
from bot.domain.statistics import wilson_lower

_CONFIDENCE = "confidence"
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Calibration:
    """How many of the actions at or above a threshold were right, and what the playbook wants proven of their share."""

    threshold: Floor
    right: int
    actions: int
    floor: Decimal

    @property
    def lower_bound(self) -> Decimal | None:
        """The share that is proven; None without data."""
        return wilson_lower(self.right, self.actions) if self.actions else None

    @property
    def refusal(self) -> str | None:
        """Why the threshold is not good enough, as a sentence; None if it is, or if there is no data to tell."""
        proven = self.lower_bound
        if proven is None or proven >= self.floor:
            return None
        return (
            f"At {self.threshold.fact} {digits(self.threshold.value)} or above, {self.right:,} of {self.actions:,} "
            f"were right, which proves no more than {percent(proven)}, and the playbook wants {percent(self.floor)}: "
            "ask for a higher threshold, or wait for more history."
        )


def calibrations(
    terms: GrantTerms, compiler: Compiler, actions: Iterable[Signal[AgentAction]], floor: Decimal
) -> tuple[Calibration, ...]:
    """One for each confidence that `terms` want to reach some number; empty where they name none."""
    named = [each.body for each in actions if each.body.action == terms.action]
    return tuple(_calibration(threshold, named, floor) for threshold in thresholds(terms, compiler))


def thresholds(terms: GrantTerms, compiler: Compiler) -> tuple[Floor, ...]:
    """The numbers above 0 that each confidence must reach, the highest of each, by the fact's name."""
    highest: dict[str, Decimal] = {}
    floors = [Floor(limit.fact, limit.value) for limit in terms.limits if limit.kind is LimitKind.MIN]
    for condition in terms.conditions:
        with suppress(BadInput):
            floors += compiler(condition.source).floors
    for each in floors:
        if _CONFIDENCE in each.fact and each.value > 0:
            highest[each.fact] = max(each.value, highest.get(each.fact, each.value))
    return tuple(Floor(fact, value) for fact, value in sorted(highest.items()))


def _calibration(threshold: Floor, actions: list[AgentAction], floor: Decimal) -> Calibration:
    above = [action for action in actions if _reaches(action, threshold)]
    right = sum(action.outcome is ActionOutcome.DONE and not action.reversed for action in above)
    return Calibration(threshold, right, len(above), floor)


def _reaches(action: AgentAction, threshold: Floor) -> bool:
    """Whether the fact is there, a number, and at the threshold or above."""
    sheet = sheet_of(action)
    return sheet is not None and sheet.is_within(Limit(threshold.fact, LimitKind.MIN, threshold.value))


def percent(share: Decimal) -> str:
    """A share cut to a tenth of a percent, so that it never looks better than it is."""
    return f"{digits((share * 100).quantize(_TENTH, ROUND_FLOOR))} %"
