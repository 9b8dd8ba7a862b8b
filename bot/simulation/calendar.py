"""The calendar of a made-up program: Mondays, and moments of working days. Its arithmetic is its own.

What is planted is told by these dates alone: nothing here asks how the product counts days, weeks or working hours.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def moment(day: date, at: time, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show that date and time."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def day_there(at: datetime, zone: str) -> date:
    """The date that people in `zone` have at an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def workday_by(day: date) -> date:
    """That day, or the Friday before it at a weekend."""
    return day - timedelta(days=max(day.weekday() - SATURDAY + 1, 0))


def workday_from(day: date) -> date:
    """That day, or the Monday after it at a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def working_days(first: date, last: date) -> Iterator[date]:
    """Every day from Monday to Friday between two dates, both included."""
    for number in range((last - first).days + 1):
        if (day := first + timedelta(days=number)).weekday() < SATURDAY:
            yield day


@dataclass(frozen=True, slots=True)
class Mondays:
    """Every Monday at nine in the leaders' zone; window N is the week that ends at the Monday with the number N."""

    zone: str
    instants: tuple[datetime, ...]

    @classmethod
    def between(cls, first: date, days: int, zone: str) -> "Mondays":
        """The Mondays among so many days from `first` on."""
        dates = (first + timedelta(days=each) for each in range(days))
        return cls(zone, tuple(moment(day, time(9), zone) for day in dates if day.weekday() == 0))

    def __len__(self) -> int:
        return len(self.instants)

    def window(self, at: datetime) -> int:
        """In which window an instant lies; after the last Monday it is one that nobody looks at."""
        return bisect_right(self.instants, at)

    def standing(self, since: datetime, until: datetime | None = None) -> tuple[int, ...]:
        """The Mondays at which something stands that began at `since` and was over at `until`, or never."""
        return tuple(number for number, at in enumerate(self.instants) if since <= at and (until is None or at < until))

    def away(self, number: int, days: int) -> datetime:
        """The instant so many local days after a Monday, or before it."""
        local = self.instants[number].astimezone(ZoneInfo(self.zone))
        return (local + timedelta(days=days)).astimezone(UTC)

    def date(self, number: int) -> date:
        """The date of a Monday."""
        return day_there(self.instants[number], self.zone)
