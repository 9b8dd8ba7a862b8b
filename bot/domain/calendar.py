"""Days as the playbook counts them: local dates, pauses, working days and working hours (RULES, "Days")."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_WEEK = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A team's working day: from `first_hour` to `last_hour` local time, on `weekdays` (Monday is 0)."""

    first_hour: int = 9
    last_hour: int = 18
    weekdays: tuple[int, ...] = WORKING_WEEK

    def __str__(self) -> str:
        return f"{self.first_hour}-{self.last_hour}"


def local_date(at: datetime, zone: str) -> date:
    """The calendar day that `at` falls on in `zone`."""
    return at.astimezone(ZoneInfo(zone)).date()


def rfc3339(at: datetime) -> str:
    """An instant as machines read it: in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def end_of_day(day: date, zone: str) -> datetime:
    """The instant (UTC) at which `day` is over in `zone`: local midnight of the next day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC)


def day_number(start_on: date, today: date, paused_days: int) -> int:
    """Day N of a workflow, 1 on its start date; days spent paused do not count."""
    return (today - start_on).days + 1 - paused_days


def date_of_day(start_on: date, day: int, paused_days: int) -> date:
    """The date of day N, moved on by the days spent paused."""
    return start_on + timedelta(days=day - 1 + paused_days)


def next_working_date(day: date, holidays: Collection[date]) -> date:
    """`day` itself, or the first date after it that is neither at the weekend nor a holiday."""
    while day.weekday() not in WORKING_WEEK or day in holidays:
        day += timedelta(days=1)
    return day


def after_working_hours(at: datetime, hours_count: float, hours: WorkingHours, zone: str) -> datetime:
    """The instant (UTC) when `hours_count` of the team's working hours have gone by since `at`."""
    left = timedelta(hours=hours_count)
    at = at.astimezone(UTC)  # arithmetic on two local times would skip over a change of the clocks
    day = local_date(at, zone)
    while True:
        if day.weekday() in hours.weekdays:
            opens, closes = _span(day, hours, zone)
            begin = max(at, opens)
            if begin < closes and begin + left <= closes:
                return begin + left
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)


def before_working_hours(at: datetime, hours_count: float, hours: WorkingHours, zone: str) -> datetime:
    """The last instant (UTC) from which on `hours_count` (above zero) of the team's working hours have gone by at `at`.

    What happened later is not that old yet: `after_working_hours` of it lies behind `at`.
    """
    left = timedelta(hours=hours_count)
    at = at.astimezone(UTC)
    day = local_date(at, zone)
    while True:
        if day.weekday() in hours.weekdays:
            opens, closes = _span(day, hours, zone)
            end = min(at, closes)
            if opens <= end - left:
                return end - left
            left -= max(end - opens, timedelta())
        day -= timedelta(days=1)


def working_time(start: datetime, end: datetime, hours: WorkingHours, zone: str) -> timedelta:
    """How much of the team's working hours lies between two instants."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    spent, day, last = timedelta(), local_date(start, zone), local_date(end, zone)
    while day <= last:
        if day.weekday() in hours.weekdays:
            opens, closes = _span(day, hours, zone)
            spent += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return spent


def _span(day: date, hours: WorkingHours, zone: str) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    opens = midnight.replace(hour=hours.first_hour)
    closes = midnight + timedelta(days=1) if hours.last_hour == 24 else midnight.replace(hour=hours.last_hour)
    return opens.astimezone(UTC), closes.astimezone(UTC)
