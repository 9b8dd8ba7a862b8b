"""When things happened in the sample: days of a workflow turned into instants of working time, before the launch."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.domain.calendar import WORKING_WEEK, date_of_day, local_date

_NOT_YET = timedelta(minutes=20)
_OPENS = time(9, 5)
_SPAN_MINUTES = 435


def working_date_before(day: date, count: int = 1) -> date:
    """The date `count` working days before `day`; with 0, `day` itself or the Friday before it."""
    while count or day.weekday() not in WORKING_WEEK:
        day -= timedelta(days=1)
        count -= day.weekday() in WORKING_WEEK and count > 0
    return day


def instant(day: date, at: time, zone: str) -> datetime:
    """The instant (UTC) at which clocks in `zone` show that date and time."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one workflow: `start_on` is day 1, `begun_at` when it was recorded, `now` the launch."""

    start_on: date
    zone: str
    begun_at: datetime
    now: datetime

    @classmethod
    def before(cls, today: date, day: int, zone: str, now: datetime) -> "Days":
        """The days of a workflow for which `today`, a date in `zone`, is day `day`."""
        start_on = today - timedelta(days=day - 1)
        return cls(start_on, zone, instant(working_date_before(start_on, 0), time(9), zone), now)

    def begun_on(self, day: int) -> "Days":
        """The same days of a workflow that came to the program on a later day than its first."""
        return Days(
            self.start_on, self.zone, instant(working_date_before(self.date(day), 0), time(9), self.zone), self.now
        )

    def date(self, day: int) -> date:
        """The date of day N."""
        return date_of_day(self.start_on, day, 0)

    def at(self, day: int, what: str) -> datetime:
        """A moment of that day's working hours, the same each time for one `what`; at weekends, the Friday before."""
        minutes = crc32(what.encode()) % _SPAN_MINUTES
        opens = instant(working_date_before(self.date(day), 0), _OPENS, self.zone)
        return self._between(opens + timedelta(minutes=minutes), minutes)

    def late_on(self, day: int) -> datetime:
        """The end of that day's work, when decisions fall; at weekends, the Friday before."""
        return self._between(instant(working_date_before(self.date(day), 0), time(16, 40), self.zone), _SPAN_MINUTES)

    def last_working_day(self, at: time) -> datetime:
        """That time on the last working day before today."""
        return instant(working_date_before(local_date(self.now, self.zone)), at, self.zone)

    def _between(self, wanted: datetime, minutes: int) -> datetime:
        after_start = self.begun_at + timedelta(minutes=15 + minutes // 2)
        return min(max(wanted, after_start), self.now - _NOT_YET)
