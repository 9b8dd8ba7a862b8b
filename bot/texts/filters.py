"""How templates say values: people, days, links, shares, lists, each as its surface shows it."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from urllib.parse import quote, urlsplit

from jinja2 import pass_context, pass_environment
from jinja2.runtime import Context

from bot.domain.links import shown_address
from bot.domain.wording import clean, cut, one_line
from bot.texts.environment import Environment
from bot.texts.marks import MARKS, Mrkdwn, Plain, Surface, escape, printed_as_mrkdwn

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Named(Protocol):
    """Someone who can be addressed: a Slack user id (or `os:NAME`, or None) and a name."""

    @property
    def handle(self) -> str | None: ...

    @property
    def name(self) -> str: ...


def _who(environment: Environment, person: Named | None) -> str:
    if person is None:
        return "nobody yet"
    name = cut(person.name, 80)
    if environment.surface is Surface.PLAIN:
        return f"@{name}"
    return Mrkdwn(f"<@{person.handle}>") if _SLACK_ID.fullmatch(person.handle or "") else name


def _channel(environment: Environment, channel: str) -> str:
    if environment.surface is Surface.PLAIN or not _CHANNEL_ID.fullmatch(channel):
        return channel
    return Mrkdwn(f"<#{channel}>")


def _day(context: Context, day: date) -> str:
    if isinstance(day, datetime):
        raise TypeError("|day takes a date; an instant falls on different days in different zones.")
    today = context.get("today")
    words = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return words if isinstance(today, date) and today.year == day.year else f"{words} {day.year}"


def _due(day: date, today: date) -> str:
    days = (day - today).days
    if days in (0, 1):
        return "tomorrow" if days else "today"
    return f"in {days} days" if days > 0 else f"{_counted(-days, 'day')} late"


def _instant(context: Context, at: datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError(f"|instant takes an aware datetime; {at!r} has no zone.")
    environment = context.environment
    if isinstance(environment, Environment) and environment.surface is Surface.MRKDWN:
        utc = at.astimezone(UTC)
        return Mrkdwn(f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time}}|{_clock(utc)} UTC>")
    zone = context["reader_zone"]
    return f"{_clock(at.astimezone(zone))} ({zone})"


def _clock(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def _counted(count: int, singular: str, plural: str | None = None) -> str:
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"


def _listing(environment: Environment, things: Iterable[str], limit: int | None = None) -> str:
    finalize = environment.finalize
    assert finalize is not None
    words = [finalize(thing) for thing in things]
    shown, left = words[:limit], len(words[limit:]) if limit is not None else 0
    if left or len(shown) < 2:
        text = ", ".join(shown) + (f" +{left} more" if left else "")
    else:
        text = f"{', '.join(shown[:-1])} and {shown[-1]}"
    return MARKS[environment.surface](text)


def _code(environment: Environment, text: str) -> str:
    if environment.surface is Surface.PLAIN:
        return text
    line = one_line(text).replace("`", "'")
    return Mrkdwn(f"`{escape(line)}`") if line else Mrkdwn()


def _bold(environment: Environment, text: str) -> str:
    if environment.surface is Surface.PLAIN:
        return text
    inside = text if isinstance(text, Mrkdwn) else escape(one_line(text).replace("*", "∗"))
    return Mrkdwn(f"*{inside}*") if inside else Mrkdwn()


def _lines(environment: Environment, text: str) -> str:
    return escape(text) if environment.surface is Surface.MRKDWN else Plain(clean(text))


def _link(environment: Environment, url: str, label: str) -> str:
    address = _web_address(url)
    if address is None:
        return label
    if environment.surface is Surface.PLAIN:
        return f"{label} ({address})"
    return Mrkdwn(f"<{address.replace('&', '&amp;')}|{printed_as_mrkdwn(label) or escape(address)}>")


def _web_address(url: str) -> str | None:
    """`url` percent-encoded so that it cannot end early, or None for what is not a plain web address."""
    try:
        found = urlsplit(one_line(url))
        usable = found.scheme in ("http", "https") and found.hostname and found.netloc.isascii()
    except ValueError:
        return None
    if not usable or "@" in found.netloc:
        return None
    return quote(found.geturl(), safe="%/:=&?~#+!$,;'@()*[]")


def _percent(share: float | Decimal) -> str:
    rounded = (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded:f}".removesuffix(".0") + " %"


def _grouped(count: int) -> str:
    return f"{count:,}"


def _cut(text: str, limit: int) -> str:
    if isinstance(text, Mrkdwn | Plain):
        raise TypeError("Cut text before it is marked as safe; cutting afterwards breaks the markup.")
    return cut(text, limit)


FILTERS: dict[str, Callable[..., str]] = {
    "address": shown_address,
    "bold": pass_environment(_bold),
    "channel": pass_environment(_channel),
    "code": pass_environment(_code),
    "cut": _cut,
    "day": pass_context(_day),
    "due": _due,
    "instant": pass_context(_instant),
    "lines": pass_environment(_lines),
    "link": pass_environment(_link),
    "listing": pass_environment(_listing),
    "percent": _percent,
    "plural": _counted,
    "thousands": _grouped,
    "who": pass_environment(_who),
}
