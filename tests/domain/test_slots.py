"""A digest is due on Monday at 09:00 by the wall clock of its readers, once per ISO week, in every zone and year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.domain.digests.audiences import Audience, LeadersPlace, Presence, as_present, audiences, came_and_went
from bot.domain.digests.slots import (
    CATCH_UP,
    LATE_AFTER,
    Slot,
    due_slots,
    latest_slot,
    slot_after,
    slot_before,
    slot_of,
)
from bot.domain.people import Person
from bot.domain.teams import Team, working_hours

ZONES = sorted(available_timezones() - {"localtime"})
YEARS = (2020, 2024, 2026, 2031, 2036, 2040)
"""Three of them have 53 ISO weeks; in some, week 1 begins in December."""
LONG_YEARS = (2020, 2026, 2032, 2037)
LISBON = "Europe/Lisbon"
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def weeks_of(year: int) -> int:
    """How many ISO weeks a year has: 28 December is always in the last."""
    return date(year, 12, 28).isocalendar().week


@pytest.mark.parametrize("year", YEARS)
def test_every_iso_week_has_one_slot_in_every_zone(year: int) -> None:
    wrong = []
    for zone in ZONES:
        tz = ZoneInfo(zone)
        before = slot_before(slot_of(year, 1, zone))
        for week in range(1, weeks_of(year) + 1):
            slot = slot_of(year, week, zone)
            local = slot.at.astimezone(tz)
            apart = slot.at - before.at
            if (local.isocalendar()[:2], local.weekday(), local.hour, local.minute, local.fold) != (
                (year, week),
                0,
                9,
                0,
                0,
            ) or not timedelta(days=6, hours=21) <= apart <= timedelta(days=7, hours=3):
                wrong.append((zone, slot))
            before = slot
    assert wrong == []


@pytest.mark.parametrize("zone", ZONES[::23])
def test_whenever_one_looks_the_slot_that_began_last_is_found(zone: str) -> None:
    for year in YEARS:
        for week in range(1, weeks_of(year) + 1, 3):
            slot = slot_of(year, week, zone)
            after = slot_after(slot)
            for moment in (slot.at, slot.at + timedelta(days=3), after.at - timedelta(microseconds=1)):
                assert latest_slot(zone, moment) == slot
            assert slot_before(after) == slot


@pytest.mark.parametrize("year", LONG_YEARS)
def test_a_year_of_53_weeks_has_53_slots_and_the_next_year_begins_after_them(year: int) -> None:
    last = slot_of(year, 53, LISBON)
    assert slot_after(last) == slot_of(year + 1, 1, LISBON)
    assert slot_before(slot_of(year + 1, 1, LISBON)) == last


def test_week_1_may_begin_in_december() -> None:
    slot = slot_of(2025, 1, LISBON)
    assert (slot.at, slot.due_on) == (datetime(2024, 12, 30, 9, tzinfo=UTC), date(2024, 12, 30))


@pytest.mark.parametrize(
    ("year", "week", "zone", "at"),
    [
        (2026, 13, LISBON, datetime(2026, 3, 23, 9, tzinfo=UTC)),
        (2026, 14, LISBON, datetime(2026, 3, 30, 8, tzinfo=UTC)),
        (2026, 44, LISBON, datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (2026, 10, "Asia/Kathmandu", datetime(2026, 3, 2, 3, 15, tzinfo=UTC)),
        (2026, 10, "Pacific/Kiritimati", datetime(2026, 3, 1, 19, tzinfo=UTC)),
    ],
)
def test_it_is_nine_oclock_on_both_sides_of_a_change_of_clocks(year: int, week: int, zone: str, at: datetime) -> None:
    assert slot_of(year, week, zone).at == at


def test_the_week_is_named_for_the_day_on_which_its_window_starts() -> None:
    assert [slot_of(2026, 11, LISBON).week, slot_of(2027, 1, LISBON).week] == ["2026-W10", "2026-W53"]


MONDAY = slot_of(2026, 11, LISBON)
LEADERS = Audience("leaders", "leaders", "C1", LISBON, None, SOME_DAY)


def owed(now: datetime, last: Slot | None = None, since: datetime | None = SOME_DAY) -> list[int]:
    """The ISO weeks that are owed at `now`."""
    audience = Audience("leaders", "leaders", "C1", LISBON, None, since)
    return [slot.iso_week for slot in due_slots(audience, last, now)]


def test_a_slot_is_owed_from_its_instant_on_and_not_before() -> None:
    before = slot_of(2026, 10, LISBON)
    assert owed(MONDAY.at - timedelta(microseconds=1), before) == []
    assert owed(MONDAY.at, before) == [11]
    assert owed(MONDAY.at + timedelta(days=3), before) == [11]
    assert owed(MONDAY.at, MONDAY) == []


def test_every_week_of_a_silence_is_owed_but_of_a_long_one_only_the_last_eight() -> None:
    assert owed(MONDAY.at, slot_of(2026, 8, LISBON)) == [9, 10, 11]
    assert owed(MONDAY.at, slot_of(2025, 2, LISBON)) == [4, 5, 6, 7, 8, 9, 10, 11]


def test_the_first_digest_of_an_audience_may_be_late_but_nothing_was_missed_before_it() -> None:
    assert owed(MONDAY.at + CATCH_UP) == [11]
    assert owed(MONDAY.at + CATCH_UP + timedelta(seconds=1)) == []


def test_nothing_is_owed_from_before_there_was_something_to_read() -> None:
    tuesday = MONDAY.at + timedelta(days=1)
    assert owed(tuesday + timedelta(hours=1), since=tuesday) == []
    assert owed(slot_after(MONDAY).at, slot_of(2026, 10, LISBON), since=tuesday) == [12]


def test_a_program_without_workflows_is_told_so_on_time_or_not_at_all() -> None:
    assert owed(MONDAY.at + LATE_AFTER, since=None) == [11]
    assert owed(MONDAY.at + LATE_AFTER + timedelta(seconds=1), since=None) == []


def test_a_zone_that_changes_brings_no_second_slot_for_the_week() -> None:
    tokyo = slot_of(2026, 11, "Asia/Tokyo")
    moved = Audience("leaders", "leaders", "C1", "America/Los_Angeles", None, SOME_DAY)
    assert due_slots(moved, tokyo, slot_of(2026, 11, moved.zone).at) == ()
    assert [slot.iso_week for slot in due_slots(moved, tokyo, slot_of(2026, 12, moved.zone).at)] == [12]


def test_clocks_that_went_wrong_and_come_right_again_bring_no_second_slot() -> None:
    a_week_ahead = slot_of(2026, 12, LISBON)
    assert owed(MONDAY.at, a_week_ahead) == []
    assert owed(MONDAY.at + timedelta(hours=3), a_week_ahead) == []


def team(name: str, channel: str | None, since: datetime | None) -> Team:
    """A team with a channel, and a digest of its own since then."""
    return Team(
        f"team_{name}", name, channel, Person("p_1", "U1", "Lea"), (), "Asia/Tokyo", working_hours("9-18"), 1, since
    )


def test_leaders_and_each_team_that_wants_one_read_a_digest_and_a_shared_channel_gets_one() -> None:
    teams = (
        team("sales", "C2", SOME_DAY),
        team("quiet", "C3", None),
        team("homeless", None, SOME_DAY),
        team("leads", "C1", SOME_DAY),
    )
    assert audiences(LeadersPlace("C1", LISBON), SOME_DAY, teams) == (
        LEADERS,
        Audience("team:team_sales", "sales", "C2", "Asia/Tokyo", "team_sales", SOME_DAY),
    )


def test_without_a_channel_leaders_get_none() -> None:
    assert audiences(LeadersPlace(None, LISBON), SOME_DAY, ()) == ()


def test_of_weeks_in_which_there_was_nothing_to_read_none_was_missed() -> None:
    assert owed(MONDAY.at, slot_of(2026, 8, LISBON), since=None) == [11]


def test_an_audience_that_was_none_for_a_while_missed_nothing_meanwhile() -> None:
    went = came_and_went((), {"leaders": Presence(True, None)}, MONDAY.at)
    assert went == {"leaders": Presence(False, None)}
    tuesday = MONDAY.at + timedelta(days=15)
    back = came_and_went((LEADERS,), went, tuesday)
    assert back == {"leaders": Presence(True, tuesday)}
    assert came_and_went((LEADERS,), back, tuesday + timedelta(days=1)) == {}
    returned = as_present(LEADERS, back["leaders"])
    assert due_slots(returned, MONDAY, tuesday) == ()
    assert [slot.iso_week for slot in due_slots(returned, MONDAY, slot_of(2026, 14, LISBON).at)] == [14]
