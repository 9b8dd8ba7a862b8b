"""Days, working dates and working hours, also where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import (
    WorkingHours,
    after_working_hours,
    before_working_hours,
    date_of_day,
    day_number,
    end_of_day,
    local_date,
    next_working_date,
    working_time,
)

# Clocks that change at midnight (Cairo, Havana), by half an hour (Lord Howe), south of the line (Auckland), never
# (Kolkata), and one place that skipped a whole date (Apia, 30 December 2011).
ZONES = (
    "Europe/Lisbon",
    "America/New_York",
    "Africa/Cairo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Pacific/Apia",
)
NINE_TO_SIX = WorkingHours()
QUICKLY = settings(max_examples=60, deadline=None, derandomize=True)

INSTANTS = st.integers(0, 10**9).map(lambda s: datetime(2011, 6, 1, tzinfo=UTC) + timedelta(seconds=s / 2))
DATES = st.dates(date(2011, 6, 1), date(2027, 12, 31))


def local(zone: str, *parts: int) -> datetime:
    """A wall-clock time in `zone`, in UTC."""
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Lisbon", date(2026, 3, 28), 24),
        ("Europe/Lisbon", date(2026, 3, 29), 23),
        ("Europe/Lisbon", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_the_clocks_of_its_zone_make_it(zone: str, day: date, hours: float) -> None:
    assert end_of_day(day, zone) - end_of_day(day - timedelta(days=1), zone) == timedelta(hours=hours)


def test_a_day_ends_at_the_midnight_of_the_teams_zone_not_of_utc() -> None:
    day = date(2026, 3, 2)
    assert end_of_day(day, "America/New_York") == datetime(2026, 3, 3, 5, tzinfo=UTC)
    assert end_of_day(day, "Pacific/Auckland") == datetime(2026, 3, 2, 11, tzinfo=UTC)


@QUICKLY
@given(DATES, st.sampled_from(ZONES))
@example(date(2011, 12, 29), "Pacific/Apia")
@example(date(2024, 4, 25), "Africa/Cairo")
@example(date(2026, 10, 31), "America/Havana")
def test_the_last_moment_of_a_day_is_that_day_and_the_next_one_is_not(day: date, zone: str) -> None:
    over = end_of_day(day, zone)
    assert (local_date(over - timedelta(microseconds=1), zone), local_date(over, zone) > day) == (day, True)


def test_day_1_is_the_start_date_and_day_0_the_day_before() -> None:
    start = date(2026, 3, 2)
    assert [day_number(start, start + timedelta(days=n), 0) for n in (-1, 0, 1, 89, 103)] == [0, 1, 2, 90, 104]


@QUICKLY
@given(DATES, st.integers(-10, 500), st.integers(0, 120))
def test_the_date_of_a_day_is_that_day_however_long_it_paused(start: date, day: int, paused_days: int) -> None:
    assert day_number(start, date_of_day(start, day, paused_days), paused_days) == day


@pytest.mark.parametrize(
    ("day", "holidays", "moved_to"),
    [
        (date(2026, 3, 5), (), date(2026, 3, 5)),
        (date(2026, 3, 7), (), date(2026, 3, 9)),
        (date(2026, 3, 8), (date(2026, 3, 9), date(2026, 3, 10)), date(2026, 3, 11)),
        (date(2026, 4, 3), (date(2026, 4, 3), date(2026, 4, 6)), date(2026, 4, 7)),
        (date(2026, 3, 5), (date(2026, 3, 4),), date(2026, 3, 5)),
    ],
)
def test_a_due_date_moves_past_weekends_and_holidays(day: date, holidays: tuple[date, ...], moved_to: date) -> None:
    assert next_working_date(day, holidays) == moved_to


@QUICKLY
@given(DATES, st.frozensets(st.integers(0, 9), max_size=8))
def test_a_working_date_is_the_first_that_is_none_of_weekend_and_holiday(day: date, off: frozenset[int]) -> None:
    holidays = {day + timedelta(days=n) for n in off}
    fits = (d for n in range(30) if (d := day + timedelta(days=n)).weekday() < 5 and d not in holidays)
    assert next_working_date(day, holidays) == next(fits)


@pytest.mark.parametrize(
    ("zone", "asked", "hours_count", "answered"),
    [
        # within one day, and to its very end
        ("Europe/Lisbon", (2026, 3, 2, 10, 30), 2, (2026, 3, 2, 12, 30)),
        ("Europe/Lisbon", (2026, 3, 2, 9, 0), 9, (2026, 3, 2, 18, 0)),
        # over a night, over a weekend, asked while nobody works
        ("Europe/Lisbon", (2026, 3, 2, 17, 0), 2, (2026, 3, 3, 10, 0)),
        ("Europe/Lisbon", (2026, 3, 6, 17, 0), 2, (2026, 3, 9, 10, 0)),
        ("Europe/Lisbon", (2026, 3, 7, 3, 0), 1, (2026, 3, 9, 10, 0)),
        ("Europe/Lisbon", (2026, 3, 2, 18, 0), 0.5, (2026, 3, 3, 9, 30)),
        # one working day is nine hours of nine to six: the same time on the next working day
        ("Europe/Lisbon", (2026, 3, 27, 14, 0), 9, (2026, 3, 30, 14, 0)),
        # the weekend on which the clocks go back in New York
        ("America/New_York", (2026, 10, 30, 17, 0), 10, (2026, 11, 2, 18, 0)),
    ],
)
def test_only_the_teams_working_hours_count(
    zone: str, asked: tuple[int, ...], hours_count: float, answered: tuple[int, ...]
) -> None:
    assert after_working_hours(local(zone, *asked), hours_count, NINE_TO_SIX, zone) == local(zone, *answered)


def test_hours_that_the_clocks_take_or_give_are_counted_as_they_pass() -> None:
    around_the_clock = WorkingHours(0, 24, tuple(range(7)))
    spring, autumn = local("Europe/Lisbon", 2026, 3, 29), local("Europe/Lisbon", 2026, 10, 25)
    assert after_working_hours(spring, 23, around_the_clock, "Europe/Lisbon") == local("Europe/Lisbon", 2026, 3, 30)
    assert after_working_hours(autumn, 25, around_the_clock, "Europe/Lisbon") == local("Europe/Lisbon", 2026, 10, 26)


def test_working_hours_are_the_same_whichever_zone_the_question_is_put_in() -> None:
    asked = datetime(2026, 3, 28, 23, 0, tzinfo=ZoneInfo("Europe/Lisbon"))
    around_the_clock = WorkingHours(0, 24, tuple(range(7)))
    answers = {after_working_hours(at, 5, around_the_clock, "Europe/Lisbon") for at in (asked, asked.astimezone(UTC))}
    assert answers == {asked.astimezone(UTC) + timedelta(hours=5)}


WEEKS_OF_CHANGE = st.sampled_from(
    [
        ("Europe/Lisbon", date(2026, 3, 29)),
        ("Europe/Lisbon", date(2026, 10, 25)),
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Africa/Cairo", date(2026, 4, 24)),
        ("America/Havana", date(2026, 11, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Pacific/Auckland", date(2026, 9, 27)),
        ("Asia/Kolkata", date(2026, 3, 29)),
    ]
)


def minute_by_minute(at: datetime, minutes: int, hours: WorkingHours, zone: str) -> datetime:
    """The naive answer: watch the clock on the wall, and count each minute that begins within working hours."""
    place, minute = ZoneInfo(zone), timedelta(minutes=1)
    while minutes:
        wall = at.astimezone(place)
        minutes -= hours.first_hour <= wall.hour < hours.last_hour and wall.weekday() in hours.weekdays
        at += minute
    return at


@settings(QUICKLY, max_examples=200)
@given(
    change=WEEKS_OF_CHANGE,
    minutes_before=st.integers(-600, 3 * 24 * 60),
    minutes=st.integers(1, 12 * 60),
    first=st.integers(0, 20),
    length=st.integers(1, 24),
    weekdays=st.frozensets(st.integers(0, 6), min_size=3),
)
def test_working_hours_pass_as_on_the_clock_on_the_wall(
    change: tuple[str, date], minutes_before: int, minutes: int, first: int, length: int, weekdays: frozenset[int]
) -> None:
    zone, day = change
    hours = WorkingHours(first, min(first + length, 24), tuple(sorted(weekdays)))
    at = datetime.combine(day, time(3), UTC) - timedelta(minutes=minutes_before)
    assert after_working_hours(at, minutes / 60, hours, zone) == minute_by_minute(at, minutes, hours, zone)


@QUICKLY
@given(INSTANTS, st.floats(0, 40), st.floats(0, 40), st.sampled_from(ZONES))
def test_waiting_longer_never_ends_earlier(at: datetime, some: float, more: float, zone: str) -> None:
    ends = [after_working_hours(at, hours, NINE_TO_SIX, zone) for hours in (some, some + more)]
    assert at <= ends[0] <= ends[1]


HOURS_A_DAY = st.integers(1, 30)
WORKING = st.builds(
    WorkingHours,
    st.integers(0, 12),
    st.integers(13, 24),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)


@QUICKLY
@given(at=INSTANTS, hours_count=HOURS_A_DAY, hours=WORKING, zone=st.sampled_from(ZONES))
def test_the_last_instant_from_which_so_many_working_hours_went_by_is_the_last(
    at: datetime, hours_count: int, hours: WorkingHours, zone: str
) -> None:
    last = before_working_hours(at, hours_count, hours, zone)
    assert after_working_hours(last, hours_count, hours, zone) <= at
    assert after_working_hours(last + timedelta(microseconds=1), hours_count, hours, zone) > at


@QUICKLY
@given(start=INSTANTS, minutes=st.integers(0, 60 * 24 * 20), hours=WORKING, zone=st.sampled_from(ZONES))
def test_the_working_time_between_two_instants_is_what_went_by(
    start: datetime, minutes: int, hours: WorkingHours, zone: str
) -> None:
    end = start + timedelta(minutes=minutes)
    spent = working_time(start, end, hours, zone)
    assert timedelta() <= spent <= end - start
    if spent:
        assert after_working_hours(start, spent / timedelta(hours=1), hours, zone) <= end + timedelta(seconds=1)
        assert after_working_hours(start, spent / timedelta(hours=1) + 0.01, hours, zone) > end


def test_a_weekend_has_no_working_time_and_an_evening_little() -> None:
    friday, monday = local("Europe/Lisbon", 2026, 3, 27, 17, 30), local("Europe/Lisbon", 2026, 3, 30, 9, 15)
    assert working_time(friday, monday, NINE_TO_SIX, "Europe/Lisbon") == timedelta(minutes=45)
    assert before_working_hours(monday, 9, NINE_TO_SIX, "Europe/Lisbon") == local("Europe/Lisbon", 2026, 3, 27, 9, 15)
