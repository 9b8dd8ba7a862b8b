"""Frozen values as plain JSON values, and back without loss.

Every person is written once, under `people`, and named elsewhere by their place there: so an erasure has one place to
empty. Text that a database or a normal form would change (NUL, half a character, letters in several parts) is
written in its ASCII escapes, since a finding's identity may depend on it.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.people import Person

T = TypeVar("T")

Record = dict[str, Any]

_ESCAPED = "escaped"
_PERSON = ("id", "handle", "name", "zone")


def record_of(value: object) -> Record:
    """The value as `{"people": […], "value": …}`, made of what canonical JSON holds."""
    people: list[Person] = []
    written = _written(value, people)
    listed = [{name: _written(getattr(each, name), []) for name in _PERSON} for each in people]
    return {"people": listed, "value": written}


def value_of(kind: type[T], record: Mapping[str, Any]) -> T:
    """The value of that kind that `record_of` wrote; KeyError, TypeError or ValueError if it did not."""
    people = tuple(_person(each) for each in record["people"])
    found: T = _read(kind, record["value"], people)
    return found


def _written(value: object, people: list[Person]) -> object:
    if isinstance(value, Person):
        if value not in people:
            people.append(value)
        return people.index(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value if _is_kept_as_it_is(value) else {_ESCAPED: json.dumps(value)}
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(each, people) for each in value]
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name), people) for field in fields(value)}
    raise TypeError(f"{value!r} has no plain form.")


def _read(kind: Any, written: Any, people: tuple[Person, ...]) -> Any:
    if get_origin(kind) is UnionType:
        return _read_one_of(get_args(kind), written, people)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), written, people)
    if kind is str:
        return _text(written)
    if kind is Person:
        return people[written]
    if kind is datetime or kind is date:
        return kind.fromisoformat(written)
    if hasattr(kind, "__dataclass_fields__"):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], each, people) for name, each in written.items()})
    return kind(written)


def _read_one_of(kinds: tuple[Any, ...], written: Any, people: tuple[Person, ...]) -> Any:
    if written is None:
        return None
    left = [kind for kind in kinds if kind is not NoneType]
    if len(left) == 1:
        return _read(left[0], written, people)
    if isinstance(written, dict):
        return _text(written)
    if isinstance(written, list):
        return _read(next(kind for kind in left if get_origin(kind) is tuple), written, people)
    if type(written) in left:
        return written
    raise ValueError(f"{written!r} is none of {kinds}.")


def _read_tuple(kinds: tuple[Any, ...], written: Any, people: tuple[Person, ...]) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], each, people) for each in written)
    return tuple(_read(kind, each, people) for kind, each in zip(kinds, written, strict=True))


def _person(written: Mapping[str, Any]) -> Person:
    return Person(**{name: None if each is None else _text(each) for name, each in written.items()})  # type: ignore[arg-type]


def _text(written: Any) -> str:
    return str(json.loads(written[_ESCAPED]) if isinstance(written, dict) else written)


def _is_kept_as_it_is(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    is_whole = not any("\ud800" <= character <= "\udfff" for character in text)
    return is_whole and "\0" not in text and unicodedata.is_normalized("NFC", text)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
