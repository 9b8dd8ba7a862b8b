"""The one text of a signal's content: how it is stored, hashed and compared."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.domain.signals.kinds import Body, SignalType
from bot.domain.signals.shapes import SHAPE_OF, SHAPES, Field, FieldKind

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_WRITTEN: Mapping[type, Callable[[Any], object]] = {
    Decimal: lambda number: format(number, "f"),
    datetime: datetime.isoformat,
    date: date.isoformat,
}

_READ: Mapping[FieldKind, Callable[[str], object]] = {
    FieldKind.NUMBER: Decimal,
    FieldKind.AMOUNT: Decimal,
    FieldKind.INSTANT: datetime.fromisoformat,
    FieldKind.DUE: lambda text: date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text),
    FieldKind.NAMES: tuple,
}


_STORED: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        body: tuple(field.name for field in shape.fields if field.kind is not FieldKind.PERSON)
        for body, shape in SHAPE_OF.items()
    }
)
_WORDS: Mapping[type, tuple[str, ...]] = MappingProxyType(
    {
        body: tuple(field.name for field in shape.fields if field.kind in (FieldKind.TEXT, FieldKind.TITLE))
        for body, shape in SHAPE_OF.items()
    }
)
_ALL_WORDS = tuple({name for names in _WORDS.values() for name in names})
_PERSON = MappingProxyType({body: shape.person for body, shape in SHAPE_OF.items()})


def body_text(body: Body) -> str:
    """The content of a signal as canonical JSON, without whoever it names: a person must be erasable."""
    return _content(body, _STORED[type(body)])


def without_words(body: Body) -> str:
    """The same without what someone says in it in words of their own."""
    words = _WORDS[type(body)]
    return _content(body, tuple(name for name in _STORED[type(body)] if name not in words))


def words_in(body: Body) -> str | None:
    """What `without_words` leaves out, as canonical JSON; None where a signal of this type has no words."""
    words = _WORDS[type(body)]
    return _content(body, words) if words else None


def person_in(body: Body) -> str | None:
    """Whom a signal names: reviewer, assignee or saver; None if nobody."""
    name = _PERSON[type(body)]
    return getattr(body, name) if name else None


def with_words(text: str, words: str | None) -> str:
    """What `body_text` wrote, from what `without_words` did and the words that stood beside it; None if erased."""
    said = json.loads(words) if words else dict.fromkeys(_ALL_WORDS, "erased")
    return _ENCODE(json.loads(text) | said)


def body_of(kind: SignalType, text: str, person: str | None) -> Body:
    """The content that `body_text` wrote, with the person that stands beside it."""
    shape, written = SHAPES[kind], json.loads(text)
    make: Callable[..., Body] = shape.body
    return make(
        *(person if field.kind is FieldKind.PERSON else _read(field, written.get(field.name)) for field in shape.fields)
    )


def facts_text(facts: Mapping[str, object]) -> str:
    """The one JSON text of facts: equal facts, and 1 and 1.0 are equal, have the same."""
    return _fact(facts)


def _read(field: Field, value: str | None) -> object:
    if value is None:
        return None
    if field.choices is not None:
        return field.choices(value)
    read = _READ.get(field.kind)
    return read(value) if read else value


def _content(body: Body, names: tuple[str, ...]) -> str:
    content = {}
    for name in names:
        value = getattr(body, name)
        if value is not None:
            write = _WRITTEN.get(type(value))
            content[name] = write(value) if write else value
    return _ENCODE(content)


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_ENCODE(name)}:{_fact(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_fact, value)) + "]"
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        number = Decimal(value).normalize()
        return format(number if number else abs(number), "f")
    return _ENCODE(value)
