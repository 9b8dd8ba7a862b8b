"""The values in the fields of signals: checked strictly, one function for each kind of field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, Never

from bot.domain.nearness import near
from bot.domain.signals.shapes import Field, FieldKind
from bot.domain.signals.texts import facts_text
from bot.intake.literals import Unusable, shown

MAX_NAME = 200
MAX_TEXT = 3000
MAX_COUNT = 1_000_000_000
MAX_AMOUNT = 1_000_000_000
MAX_ENTRIES = 1000
MAX_DEPTH = 20

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Check = Callable[[object, str], Any]
"""Gives the value for what was sent in a field of that name, or raises Unfit."""


class Unfit(Exception):
    """What was sent is no signal; `str(error)` is the sentence that names the field and the reason."""

    @property
    def field(self) -> str:
        """The field that it is about, where it is about one: the sentence begins with its name."""
        return str(self).partition(" ")[0].rstrip(":")


def check_of(field: Field) -> Check:
    """The function that checks what was sent in `field`."""
    if field.choices is not None:
        return partial(_choice, {choice.value: choice for choice in field.choices})
    return _CHECKS[field.kind]


def name(raw: object, field: str) -> str:
    """A name or key: text of at most 200 characters that is not blank."""
    if type(raw) is str and raw.isprintable() and 0 < len(raw) <= MAX_NAME and not raw.isspace():
        return raw
    return _text(raw, field, MAX_NAME)


def text(raw: object, field: str) -> str:
    """Words: text of at most 3,000 characters that is not blank."""
    return _text(raw, field, MAX_TEXT)


def instant(raw: object, field: str) -> datetime:
    """An RFC 3339 instant with its offset, in UTC."""
    if type(raw) is not str:
        _refuse_kind(raw, field, "a time such as 2026-03-02T09:00:00+00:00")
    found = _INSTANT.fullmatch(raw)
    if found is None:
        raise Unfit(f"{field} must be a time such as 2026-03-02T09:00:00+00:00, not {shown(raw)}.")
    offset = found[1]
    if offset is None:
        raise Unfit(f"{field} has no time zone: add an offset, such as Z or +01:00, to {shown(raw)}.")
    try:
        at = datetime.fromisoformat(f"{raw[:-1]}Z" if offset == "z" else raw)
        return at if at.tzinfo is UTC else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(f"{field} names no instant of the calendar: {shown(raw)}.") from None


def _text(raw: object, field: str, limit: int) -> str:
    if type(raw) is not str:
        _refuse_kind(raw, field, "text")
    if len(raw) > limit:
        raise Unfit(f"{field} has {len(raw):,} characters, and at most {limit:,} fit.")
    if not raw or raw.isspace():
        raise Unfit(f"{field} is blank.")
    _demand_storable(raw, field)
    return raw


def _demand_storable(raw: str, field: str) -> None:
    if raw.isprintable():
        return
    if "\0" in raw:
        raise Unfit(f"{field} holds a NUL character, which cannot be saved.")
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise Unfit(f"{field} holds half of a character, or bytes that are not UTF-8.")


def _version(raw: object, field: str) -> str:
    return "" if raw == "" else name(raw, field)


def _any_number(raw: object, field: str) -> Decimal:
    if type(raw) is Decimal:
        return raw
    if type(raw) is int:
        return Decimal(raw)
    return _refuse_kind(raw, field, "a number")


def _amount(raw: object, field: str) -> Decimal:
    value = _any_number(raw, field)
    if not 0 <= value < MAX_AMOUNT:
        raise Unfit(f"{field} must be from 0 to less than {MAX_AMOUNT:,}, not {shown(raw)}.")
    return abs(value)


def _count(raw: object, field: str) -> int:
    if type(raw) is not int:
        if type(raw) is not Decimal or raw != raw.to_integral_value():
            _refuse_kind(raw, field, "a whole number")
        raw = int(raw)
    if not 0 <= raw <= MAX_COUNT:
        raise Unfit(f"{field} must be from 0 to {MAX_COUNT:,}, not {shown(raw)}.")
    return raw


def _severity(raw: object, field: str) -> int:
    value = _count(raw, field)
    if not 1 <= value <= 5:
        raise Unfit(f"{field} goes from 1, the worst, to 5, and is not {value}.")
    return value


def _flag(raw: object, field: str) -> bool:
    return raw if type(raw) is bool else _refuse_kind(raw, field, "true or false")


def bare_date(raw: object, field: str) -> date | None:
    """The date that was sent alone, without a time; None where it is no date at all."""
    if type(raw) is not str or not _DATE.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise Unfit(f"{field} is no day of the calendar: {shown(raw)}.") from None


def _due(raw: object, field: str) -> datetime | date:
    return bare_date(raw, field) or instant(raw, field)


def _choice(choices: Mapping[str, StrEnum], raw: object, field: str) -> StrEnum:
    if type(raw) is not str:
        _refuse_kind(raw, field, "text")
    found = choices.get(raw)
    if found is None:
        guess = near(raw, choices) if len(raw) <= MAX_NAME else None
        hint = f'did you mean "{guess}"?' if guess else f"it is one of {', '.join(choices)}."
        raise Unfit(f"{field} cannot be {shown(raw)}; {hint}")
    return found


def _names(raw: object, field: str) -> tuple[str, ...]:
    if type(raw) is not list:
        _refuse_kind(raw, field, "a list of names")
    if len(raw) > MAX_ENTRIES:
        raise Unfit(f"{field} has more than {MAX_ENTRIES:,} entries.")
    return tuple(name(each, field) for each in raw)


def _facts(raw: object, field: str) -> str:
    if type(raw) is not dict:
        _refuse_kind(raw, field, "an object")
    _demand_plain(raw, field)
    return facts_text(raw)


def _demand_plain(facts: dict[str, object], field: str) -> None:
    """Nothing; refuses facts that are too deep or too many, or that hold something unusable."""
    level, count = list(facts.items()), len(facts)
    for _ in range(MAX_DEPTH - 1):
        below: list[tuple[str, object]] = []
        for key, value in level:
            _demand_storable(key, field)
            named = f"{field}: {key if key.isprintable() else shown(key)}"
            if type(value) is Unusable:
                raise Unfit(f"{named} {value.why}.")
            if type(value) is str:
                if len(value) > MAX_TEXT:
                    raise Unfit(f"{named} has {len(value):,} characters, and at most {MAX_TEXT:,} fit.")
                _demand_storable(value, named)
            elif type(value) is dict:
                below += value.items()
            elif type(value) is list:
                below += ((key, each) for each in value)
        count += len(below)
        if count > MAX_ENTRIES:
            raise Unfit(f"{field} has more than {MAX_ENTRIES:,} entries.")
        if not below:
            return
        level = below
    raise Unfit(f"{field} is nested more than {MAX_DEPTH} levels deep.")


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a whole number"),
    (Decimal, "a number with a fraction"),
    (list, "a list"),
    (dict, "an object"),
    (type(None), "null"),
)

_CHECKS: Mapping[FieldKind, Check] = {
    FieldKind.NAME: name,
    FieldKind.VERSION: _version,
    FieldKind.TEXT: text,
    FieldKind.TITLE: text,
    FieldKind.PERSON: name,
    FieldKind.NUMBER: _any_number,
    FieldKind.AMOUNT: _amount,
    FieldKind.COUNT: _count,
    FieldKind.SEVERITY: _severity,
    FieldKind.FLAG: _flag,
    FieldKind.INSTANT: instant,
    FieldKind.DUE: _due,
    FieldKind.FACTS: _facts,
    FieldKind.NAMES: _names,
}


def _refuse_kind(raw: object, field: str, wanted: str) -> Never:
    if isinstance(raw, Unusable):
        raise Unfit(f"{field} {raw.why}.")
    given = next(words for kind, words in _KINDS if isinstance(raw, kind))
    raise Unfit(f"{field} must be {wanted}, not {given}.")
