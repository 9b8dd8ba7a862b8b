"""Frozen values as plain JSON values, and back without loss.

Every person is written once, under `people`, and named elsewhere by their place there: so an erasure has one place to
empty. Text that a database or a normal form would change (NUL, half a character, letters in several parts) is
written in its ASCII escapes, since a finding's identity may depend on it.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.people import Person

T = TypeVar("T")

Record = dict[str, Any]

_ESCAPED = "escaped"
_People = tuple[Person, ...]
_Read = Callable[[Any, _People], Any]

_PERSON = ("id", "handle", "name", "zone")


def record_of(value: object) -> Record:
    """The value as `{"people": […], "value": …}`, made of what canonical JSON holds."""
    people: dict[Person, int] = {}
    written = _written(value, people)
    listed = [{name: _written(getattr(each, name), people) for name in _PERSON} for each in people]
    return {"people": listed, "value": written}


def value_of(kind: type[T], record: Mapping[str, Any]) -> T:
    """The value of that kind that `record_of` wrote; KeyError, TypeError or ValueError if it did not."""
    people = tuple(_person(each) for each in record["people"])
    asked: Any = kind
    found: T = _reader(asked)(record["value"], people)
    return found


def _written(value: object, people: dict[Person, int]) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value if _is_kept_as_it_is(value) else {_ESCAPED: json.dumps(value)}
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Person):
        return people.setdefault(value, len(people))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_written(each, people) for each in value]
    kind: Any = type(value)
    return {name: _written(getattr(value, name), people) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass; TypeError for anything else, which has no plain form."""
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: Any) -> _Read:
    """What reads a value of that kind back."""
    if get_origin(kind) is UnionType:
        return _reader_of_one(tuple(each for each in get_args(kind) if each is not NoneType))
    if get_origin(kind) is tuple:
        return _reader_of_tuple(get_args(kind))
    if kind is str:
        return lambda written, _: _text(written)
    if kind is Person:
        # Earlier versions kept whoever caught a mistake by name alone.
        return lambda written, people: people[written] if isinstance(written, int) else Person("", None, _text(written))
    if kind is datetime or kind is date:
        return lambda written, _: kind.fromisoformat(written)
    if hasattr(kind, "__dataclass_fields__"):
        readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}
        return lambda written, people: kind(**{name: readers[name](each, people) for name, each in written.items()})
    return lambda written, _: kind(written)


def _reader_of_one(kinds: tuple[Any, ...]) -> _Read:
    """For a value that may be None, and else one of a few kinds: texts, whole numbers, or a tuple."""
    readers = tuple(_reader(kind) for kind in kinds)
    several = next((read for kind, read in zip(kinds, readers, strict=True) if get_origin(kind) is tuple), None)

    def read(written: Any, people: _People) -> Any:
        if written is None:
            return None
        if len(readers) == 1:
            return readers[0](written, people)
        if isinstance(written, list) and several:
            return several(written, people)
        if isinstance(written, dict):
            return _text(written)
        if type(written) in kinds:
            return written
        raise ValueError(f"{written!r} is none of {kinds}.")

    return read


def _reader_of_tuple(kinds: tuple[Any, ...]) -> _Read:
    readers = tuple(_reader(kind) for kind in kinds if kind is not Ellipsis)
    if kinds[-1] is Ellipsis:
        return lambda written, people: tuple(readers[0](each, people) for each in written)
    return lambda written, people: tuple(read(each, people) for read, each in zip(readers, written, strict=True))


def _person(written: Mapping[str, Any]) -> Person:
    return Person(**{name: None if each is None else _text(each) for name, each in written.items()})  # type: ignore[arg-type]


def _text(written: Any) -> str:
    return str(json.loads(written[_ESCAPED]) if isinstance(written, dict) else written)


def _is_kept_as_it_is(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    is_whole = not any("\ud800" <= character <= "\udfff" for character in text)
    return is_whole and "\0" not in text and unicodedata.is_normalized("NFC", text)
