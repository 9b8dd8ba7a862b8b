"""Seats: whether enough people are trained, and the table of all teams."""

from decimal import Decimal

import pytest

from bot.domain.calendar import WorkingHours
from bot.domain.people import Person
from bot.domain.seats import Equipment, table_rows
from bot.domain.signals.kinds import Seat
from bot.domain.teams import Team
from bot.domain.wording import columns

LEA = Person("p_lea", "ULEA", "Lea")


def team(name: str, *tiers: Seat, asked: bool = True) -> Equipment:
    of = Team(f"team_{name}", name, None, LEA, (), "Europe/Lisbon", WorkingHours(), 1)
    return Equipment(of, tiers, Decimal("0.80"), asked)


def seat(people: int, trained: int, cost: str = "240", tier: str = "pro") -> Seat:
    return Seat(tier, people, trained, Decimal(cost))


@pytest.mark.parametrize(
    ("found", "holds", "verdict"),
    [
        (team("a", seat(10, 8)), True, "✓ ≥ 80 %"),
        (team("a", seat(1000, 799)), False, "✗ < 80 %"),
        (team("a", seat(10, 10), seat(10, 5, tier="basic")), False, "✗ < 80 %"),
        (team("a", seat(10, 10), seat(10, 6, tier="basic")), True, "✓ ≥ 80 %"),
        (team("a", seat(10, 1), asked=False), False, "(✗ < 80 %)"),
        (team("a"), None, "no data"),
        (team("a", seat(0, 0)), None, "no data"),
    ],
)
def test_enough_are_trained_from_exactly_the_share_on(found: Equipment, holds: bool | None, verdict: str) -> None:
    assert (found.holds, found.verdict) == (holds, verdict)


def test_the_table_has_a_row_for_each_tier_and_says_once_for_each_team_whether_the_rule_holds() -> None:
    support = team("Support", seat(12, 9, "240.5"), seat(8, 7, "80", "basic"))
    assert (support.people, support.trained, support.cost_usd_month) == (20, 16, Decimal("320.5"))
    assert columns(table_rows((team("Data"), support))).splitlines() == [
        "Team     Enough?   Tier   People  Trained     $ a month",
        "Data     no data   –      –       –           –",
        "Support  ✓ ≥ 80 %  pro    12      9 (75 %)    240.5",
        "                   basic  8       7 (87.5 %)  80",
    ]
