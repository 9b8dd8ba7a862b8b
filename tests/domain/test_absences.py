"""Who is away, who is asked in their place, and what nobody stands in for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.absences import Absence, Absences
from bot.domain.people import Person
from bot.domain.rights import Standing, standings
from bot.domain.workflows import Holder, Role
from tests.domain.samples import ANA, BEN, actor, person, team, workflow

CAT, DAN = person("cat"), person("dan")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def away(who: Person, deputy: Person | None = None) -> Absence:
    return Absence(who, NOW, date(2026, 3, 4), deputy)


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (NOW - timedelta(microseconds=1), False),
        (NOW, True),
        (datetime(2026, 3, 5, 7, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 5, 8, 0, tzinfo=UTC), False),
    ],
)
def test_an_absence_ends_with_its_last_day_where_the_person_lives(at: datetime, holds: bool) -> None:
    in_los_angeles = Person("p_1", "U1", "Lou", "America/Los_Angeles")
    assert away(in_los_angeles).holds(at) is holds


def test_those_who_are_away_are_left_out_and_a_deputy_among_the_others_takes_their_place() -> None:
    found = Absences((away(ANA, CAT), away(DAN, person("eve"))))
    assert found.here_among((ANA, BEN, CAT, DAN)) == (CAT, BEN)
    assert found.here_among((DAN,)) == ()
    assert Absences().here_among((ANA, BEN)) == (ANA, BEN)


def test_nobody_is_reached_over_two_absences() -> None:
    found = Absences((away(ANA, BEN), away(BEN, CAT)))
    assert (found.reached(ANA), found.reached(BEN), found.reached(CAT)) == (None, CAT, CAT)


def test_a_deputy_holds_roles_and_no_right_to_decide() -> None:
    here = workflow(holders=(Holder(Role.STEWARD, ANA, NOW),))
    led = team(lead=ANA, approvers=(ANA,))
    deputy = Absences((away(ANA, BEN),)).standing_in(actor("ben"))
    held = standings(deputy, led, here)
    assert set(held) == {Standing.MEMBER, Standing.LEAD, Standing.STEWARD}
    assert held[Standing.STEWARD].startswith(f"deputy of {ANA.id}, agent steward of")
    assert set(standings(actor("ben"), led, here)) == {Standing.MEMBER}
