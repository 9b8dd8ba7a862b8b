"""Days and times as the digest says them, by the clock of its audience."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.signals.kinds import Span

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RECENT = timedelta(days=6)


def week_words(window: Span, week: str, zone: str) -> str:
    """`week 10, 2–8 March 2026`: the week's number and its seven days."""
    first = window.start.astimezone(ZoneInfo(zone)).date()
    last = first + timedelta(days=6)
    if first.year != last.year:
        begin = f"{_day(first)} {first.year} – "
    else:
        begin = f"{first.day}–" if first.month == last.month else f"{_day(first)} – "
    return f"week {int(week.partition('-W')[2])}, {begin}{_day(last)} {last.year}"


def moment(at: datetime, now: datetime, zone: str) -> str:
    """`Thursday 11:02` of the last days, `5 February 11:02` of an earlier one."""
    return f"{recent_day(at, now, zone)} {at.astimezone(ZoneInfo(zone)):%H:%M}"


def recent_day(at: datetime, now: datetime, zone: str) -> str:
    """`Thursday` of the last days, `5 February` of an earlier one, with its year where that is another."""
    local, here = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if timedelta() <= here.date() - local.date() <= _RECENT:
        return _WEEKDAYS[local.weekday()]
    return plain_day(local.date(), here.date())


def plain_day(day: date, today: date) -> str:
    """`5 February`, with its year where that is another."""
    return _day(day) if day.year == today.year else f"{_day(day)} {day.year}"


def slot_words(at: datetime, zone: str) -> str:
    """`Monday 9 March 2026, 09:00 (Europe/Lisbon)`: the instant at which everything was judged."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_WEEKDAYS[local.weekday()]} {_day(local.date())} {local.year}, {local:%H:%M} ({zone})"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
