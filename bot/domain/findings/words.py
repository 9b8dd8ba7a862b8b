"""How findings say days, money and durations: short, and never rounded to the good side of a threshold."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from bot.domain.findings.weeks import WEEK_DAYS, Weeks
from bot.domain.gates.words import figure
from bot.domain.wording import cut

_NAME_LIMIT = 60
_TITLE_LIMIT = 80
_QUOTES = str.maketrans("“”", '""')
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def called(name: str) -> str:
    """A name from outside, on one line and not too long."""
    return cut(name, _NAME_LIMIT)


def titled(title: str) -> str:
    """A title from outside, on one line and not too long, without the marks between which a finding quotes it.

    The finding has it whole among its facts, as `title`: so a model may not say it, and is told it masked before it is
    cut (RELIABILITY, S13 and S14).
    """
    return cut(title.translate(_QUOTES), _TITLE_LIMIT)


def day(at: datetime, weeks: Weeks) -> str:
    """The day of an instant: "Friday" within the week that is judged, else "6 Mar 2026"."""
    local = at.astimezone(ZoneInfo(weeks.zone))
    if weeks.days_before(WEEK_DAYS) < at:
        return f"{local:%A}"
    return f"{local.day} {local:%b %Y}"


def days_since(at: datetime, weeks: Weeks) -> int:
    """How many whole local days ago an instant was."""
    zone = ZoneInfo(weeks.zone)
    days = (weeks.at.astimezone(zone).date() - at.astimezone(zone).date()).days
    return max(days if weeks.days_before(days) >= at else days - 1, 0)


def usd(amount: Decimal) -> str:
    """US dollars: cents only below a hundred."""
    return f"${amount:,.0f}" if amount >= 100 else f"${amount.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,f}"


def hours(span: timedelta) -> str:
    """A span in hours, rounded up to a tenth."""
    exact = Decimal(span // timedelta(microseconds=1)) / 3_600_000_000
    return f"{figure(exact.quantize(Decimal('0.1'), ROUND_CEILING))} h"


def seconds(span: timedelta) -> str:
    """A span in seconds, rounded to a tenth; below the limit it stays so."""
    tenths = span // timedelta(milliseconds=100)
    return f"{figure(Decimal(tenths) / 10)} s"


def number(count: int) -> str:
    """A small number in a word."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"
