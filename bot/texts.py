"""Every sentence that people read, rendered from the templates, one named part at a time.

`texts.say("status.headline", workflow=…)` renders the block `headline` of `templates/status.j2`. What a
template prints is taken for foreign text unless it is marked as safe: it is cleaned, put on one line and, for
Slack's mrkdwn, escaped, so that it can neither mention anybody nor open a link (RELIABILITY S12, S17, E20).
Cut long text in the template (`{{ title|cut(70) }}`): that happens before escaping.

Slack still makes links of bare addresses unless a text object says `"verbatim": true`; send them so.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from jinja2 import FileSystemLoader, StrictUndefined, Template, Undefined, pass_context, pass_environment
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

import bot
from bot.domain.links import shown_address
from bot.domain.wording import clean, cut, one_line

__all__ = ["TEMPLATES", "Mrkdwn", "Plain", "Surface", "Texts", "clean", "cut", "escape", "parts"]

TEMPLATES = Path(bot.__file__).parent.parent / "templates"

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}")
# Slack makes mentions and links even of these bare words where automatic parsing is on.
_BAIT = re.compile(r"@(?=channel|here|everyone)|:(?=//)|(?<=mailto):", re.IGNORECASE)
_WORD_JOINER = "\u2060"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_LINE_ENDS = re.compile(r"[ \t]+\n")

_Block = Callable[[Context], Iterator[str]]


class Surface(StrEnum):
    """Where a text is read: Slack's mrkdwn, or anywhere that shows characters as they are."""

    MRKDWN = "mrkdwn"
    PLAIN = "plain"


class Mrkdwn(str):
    """Text that is safe to send as Slack mrkdwn just as it is; only say so of what we wrote ourselves."""

    __slots__ = ()


class Plain(str):
    """Text that is safe to show as it is where no markup is read; still foreign to mrkdwn."""

    __slots__ = ()


class Named(Protocol):
    """Someone who can be addressed: a Slack user id (or `os:NAME`, or None) and a name."""

    @property
    def handle(self) -> str | None: ...

    @property
    def name(self) -> str: ...


def escape(text: str) -> Mrkdwn:
    """`text` as mrkdwn that shows the same characters and mentions and links nothing; newlines stay."""
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(_BAIT.sub(rf"\g<0>{_WORD_JOINER}", escaped) if "@" in escaped or ":" in escaped else escaped)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts for one kind of surface, with times in the reader's zone."""

    surface: Surface
    reader_zone: tzinfo
    folder: Path = TEMPLATES

    def say(self, part: str, /, **context: object) -> str:
        """The part `file.block`, rendered; it may stand in other parts of this surface as it is.

        Raises LookupError for an unknown part and jinja2.UndefinedError for a value that was not given.
        """
        template, block = _part(self.folder, self.surface, part)
        scope = template.new_context({"reader_zone": self.reader_zone, **context}, shared=True)
        return _MARKS[self.surface](_tidied("".join(block(scope))))


def parts(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """The names of all parts that `say` knows, sorted; compiling them all finds every broken template."""
    environment = _environment(folder, Surface.PLAIN)
    names = [path.stem for path in folder.glob("*.j2") if "." not in path.stem]
    return tuple(sorted(f"{name}.{block}" for name in names for block in environment.get_template(f"{name}.j2").blocks))


_MARKS: dict[Surface, Callable[[str], str]] = {Surface.MRKDWN: Mrkdwn, Surface.PLAIN: Plain}


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja for one surface; macros and `{% set %}` blocks give text that is already safe there."""

    surface: Surface

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._is_safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read the attribute, as the sandbox has it; its reasons lie in the type alone."""
        kind = (type(obj), attr)
        known = self._is_safe.get(kind)
        if known is None:
            known = self._is_safe[kind] = super().is_safe_attribute(obj, attr, value)
        return known


@cache
def _environment(folder: Path, surface: Surface) -> _Environment:
    environment = _Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=_printed_as_mrkdwn if surface is Surface.MRKDWN else _printed_as_plain,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.surface = surface
    environment.concat = lambda pieces: _MARKS[surface]("".join(pieces))  # type: ignore[method-assign]
    environment.globals.clear()
    environment.filters.update(_FILTERS)
    return environment


@cache
def _part(folder: Path, surface: Surface, part: str) -> tuple[Template, _Block]:
    name, _, block = part.rpartition(".")
    template = _environment(folder, surface).get_template(f"{name}.j2")
    if block not in template.blocks:
        raise LookupError(f'templates/{name}.j2 has no block "{block}"; it has {", ".join(template.blocks)}.')
    return template, template.blocks[block]


def _tidied(text: str) -> str:
    text = text.strip()
    if "\n" not in text:
        return text
    return _LINE_ENDS.sub("\n", _BLANK_LINES.sub("\n\n", text))


def _printed_as_mrkdwn(value: object) -> str:
    if isinstance(value, Mrkdwn):
        return value
    return escape(one_line(value)) if isinstance(value, str) else _printed_number(value)


def _printed_as_plain(value: object) -> str:
    if isinstance(value, Mrkdwn):
        raise TypeError(f"Text marked up for Slack cannot be shown as plain text: {value!r}.")
    if isinstance(value, Plain):
        return value
    return one_line(value) if isinstance(value, str) else _printed_number(value)


def _printed_number(value: object) -> str:
    if isinstance(value, int | float | Decimal | Undefined) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"A template prints text and numbers; it was given {value!r}: use a filter such as |day or |who.")


def _who(environment: _Environment, person: Named | None) -> str:
    if person is None:
        return "nobody yet"
    name = cut(person.name, 80)
    if environment.surface is Surface.PLAIN:
        return f"@{name}"
    return Mrkdwn(f"<@{person.handle}>") if _SLACK_ID.fullmatch(person.handle or "") else name


def _channel(environment: _Environment, channel: str) -> str:
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
    if isinstance(environment, _Environment) and environment.surface is Surface.MRKDWN:
        utc = at.astimezone(UTC)
        return Mrkdwn(f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time}}|{_clock(utc)} UTC>")
    zone = context["reader_zone"]
    return f"{_clock(at.astimezone(zone))} ({zone})"


def _clock(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def _counted(count: int, singular: str, plural: str | None = None) -> str:
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"


def _listing(environment: _Environment, things: Iterable[str], limit: int | None = None) -> str:
    finalize = environment.finalize
    assert finalize is not None
    words = [finalize(thing) for thing in things]
    shown, left = words[:limit], len(words[limit:]) if limit is not None else 0
    if left or len(shown) < 2:
        text = ", ".join(shown) + (f" +{left} more" if left else "")
    else:
        text = f"{', '.join(shown[:-1])} and {shown[-1]}"
    return _MARKS[environment.surface](text)


def _code(environment: _Environment, text: str) -> str:
    if environment.surface is Surface.PLAIN:
        return text
    line = one_line(text).replace("`", "'")
    return Mrkdwn(f"`{escape(line)}`") if line else Mrkdwn()


def _bold(environment: _Environment, text: str) -> str:
    if environment.surface is Surface.PLAIN:
        return text
    inside = text if isinstance(text, Mrkdwn) else escape(one_line(text).replace("*", "∗"))
    return Mrkdwn(f"*{inside}*") if inside else Mrkdwn()


def _lines(environment: _Environment, text: str) -> str:
    return escape(text) if environment.surface is Surface.MRKDWN else Plain(clean(text))


def _link(environment: _Environment, url: str, label: str) -> str:
    address = _web_address(url)
    if address is None:
        return label
    if environment.surface is Surface.PLAIN:
        return f"{label} ({address})"
    return Mrkdwn(f"<{address.replace('&', '&amp;')}|{_printed_as_mrkdwn(label) or escape(address)}>")


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


_FILTERS: dict[str, Callable[..., str]] = {
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
