"""Where a picture says more than words: how what is off plan went in the weeks before, beside what it is held to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from bot.domain.findings.kinds import Finding, SubjectKind
from bot.domain.findings.words import usd
from bot.domain.gates.words import figure, percent_at_most

WEEKS = 8
"""How many weeks are shown, the one that the digest looks at among them."""

MOST = 4
"""How many findings are shown; more could not be read on a phone."""

_TENTH = Decimal("0.1")
_FEWEST = 3
"""In how many weeks there must be a number: two make no trend."""


class Unit(StrEnum):
    """What a trend's numbers are."""

    PLAIN = "plain"
    SHARE = "share"
    USD = "usd"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Trend:
    """One finding over the weeks, the oldest first: a number for each, by its digits, None where there is none.

    `line` is what the number of that week is held to, None where that is not known; `is_plan` says that it is a way to
    go rather than a limit. `thing` is what is measured.
    """

    workflow: str
    thing: str
    unit: Unit
    values: tuple[str | None, ...]
    line: tuple[str | None, ...]
    is_plan: bool = False

    def told(self, number: str | None) -> str:
        """One of its numbers in words, rounded to the bad side where it is rounded."""
        if number is None:
            return "none"
        value = Decimal(number)
        if self.unit is Unit.SHARE:
            return percent_at_most(value)
        if self.unit is Unit.USD:
            return usd(value)
        return figure(value) if self.unit is Unit.PLAIN else f"{figure(value.quantize(_TENTH, ROUND_CEILING))} h"

    @property
    def says_something(self) -> bool:
        """Whether there is a number for this week, and for enough weeks to make a trend."""
        known = [value for value in self.values if value is not None]
        return bool(self.values) and self.values[-1] is not None and len(known) >= _FEWEST


@dataclass(frozen=True, slots=True)
class Trends:
    """What one picture shows: a few trends, whose last week ends on the day `until`."""

    until: date
    trends: tuple[Trend, ...]


TRENDING = frozenset(
    {"guardrail.breached", "target.off_pace", "override.rising", "rework.rising", "review.slow"},
)
"""The rules that hold a number of each week against a line."""


def with_a_trend(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of these findings that a trend may be shown of."""
    return tuple(each for each in findings if each.rule in TRENDING and each.subject.kind is SubjectKind.WORKFLOW)


def shown(trends: Iterable[Trend]) -> tuple[Trend, ...]:
    """Those of them that are drawn."""
    return tuple(trend for trend in trends if trend.says_something)[:MOST]


def digits(value: Decimal | None, places: int = 4) -> str | None:
    """A number by its digits, rounded so that no picture differs by what nobody sees."""
    return None if value is None else f"{round(value, places).normalize():f}"
