"""Days as a digest says them, by its audience's clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digests.dates import moment, recent_day, slot_words, week_words
from bot.domain.findings.weeks import Weeks

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "monday", "words"),
    [
        ("Europe/Lisbon", (2026, 3, 9), "week 10, 2–8 March 2026"),
        ("Europe/Berlin", (2026, 4, 6), "week 14, 30 March – 5 April 2026"),
        ("Europe/Berlin", (2026, 3, 30), "week 13, 23–29 March 2026"),
        ("America/New_York", (2026, 11, 2), "week 44, 26 October – 1 November 2026"),
        ("Asia/Tokyo", (2026, 1, 5), "week 1, 29 December 2025 – 4 January 2026"),
        ("Pacific/Auckland", (2027, 1, 4), "week 53, 28 December 2026 – 3 January 2027"),
    ],
)
def test_a_week_is_named_by_its_number_and_its_seven_days_whatever_clocks_do(
    zone: str, monday: tuple[int, int, int], words: str
) -> None:
    weeks = Weeks(datetime(*monday, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC), zone)

    assert week_words(weeks.week(), weeks.name, zone) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(hours=1), "Monday 09:00"),
        (NOW - timedelta(days=3, hours=21), "Thursday 13:00"),
        (NOW - timedelta(days=6), "Tuesday 10:00"),
        (NOW - timedelta(days=7), "2 March 10:00"),
        (NOW - timedelta(days=80), "19 December 2025 10:00"),
        (NOW + timedelta(days=1), "10 March 10:00"),
    ],
)
def test_a_moment_of_the_last_days_has_a_weekday_and_an_earlier_one_its_date(at: datetime, words: str) -> None:
    assert moment(at, NOW, "Europe/Berlin") == words
    assert words.startswith(recent_day(at, NOW, "Europe/Berlin"))


def test_a_slot_names_its_zone() -> None:
    assert slot_words(NOW, "Europe/Berlin") == "Monday 9 March 2026, 10:00 (Europe/Berlin)"
