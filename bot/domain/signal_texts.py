"""The one text of a signal's content: how it is stored, hashed and compared."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from bot.domain.signal_shapes import SHAPE_OF, SHAPES, Field, FieldKind
from bot.domain.signals import Body, SignalType

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_WRITTEN: tuple[tuple[type, Callable[..., object]], ...] = (
    (Decimal, lambda value: format(value, "f")),
    (date, lambda value: value.isoformat()),  # instants too: they are in UTC
    (tuple, list),
)

_READ: Mapping[FieldKind, Callable[[str], object]] = {
    FieldKind.NUMBER: Decimal,
    FieldKind.AMOUNT: Decimal,
    FieldKind.INSTANT: datetime.fromisoformat,
    FieldKind.DUE: lambda text: date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text),
    FieldKind.NAMES: tuple,
}


def body_text(body: Body) -> str:
    """The content of a signal as canonical JSON, without whoever it names: a person must be erasable."""
    return _ENCODE(
        {
            field.name: _written(value)
            for field in SHAPE_OF[type(body)].fields
            if field.kind is not FieldKind.PERSON and (value := getattr(body, field.name)) is not None
        }
    )


def person_in(body: Body) -> str | None:
    """Whom a signal names: reviewer, assignee or saver; None if nobody."""
    name = SHAPE_OF[type(body)].person
    return getattr(body, name) if name else None


def body_of(kind: SignalType, text: str, person: str | None) -> Body:
    """The content that `body_text` wrote, with the person that stands beside it."""
    shape, written = SHAPES[kind], json.loads(text)
    return shape.body(
        *(person if field.kind is FieldKind.PERSON else _read(field, written.get(field.name)) for field in shape.fields)
    )


def facts_text(facts: Mapping[str, object]) -> str:
    """The one JSON text of facts: equal facts, and 1 and 1.0 are equal, have the same."""
    return _fact(facts)


def _written(value: object) -> object:
    return next((write(value) for kind, write in _WRITTEN if isinstance(value, kind)), value)


def _read(field: Field, value: str | None) -> object:
    if value is None:
        return None
    if field.choices is not None:
        return field.choices(value)
    read = _READ.get(field.kind)
    return read(value) if read else value


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_ENCODE(name)}:{_fact(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_fact, value)) + "]"
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        number = Decimal(value).normalize()
        return format(number if number else abs(number), "f")
    return _ENCODE(value)
