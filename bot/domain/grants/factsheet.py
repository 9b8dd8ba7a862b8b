"""The facts that a caller brings to a decision: whatever they are, read into exact values or refused in words.

A fact is read only as what a limit or a condition compares it with. Numbers keep at most 15 significant digits,
which a binary float carries without loss; one that needs more was never meant that exactly, and is refused.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Subnormal
from math import isfinite
from typing import Never

from bot.domain.errors import BadInput
from bot.domain.grants.conditions import FactKind, Value
from bot.domain.wording import cut

MAX_JSON = 256_000
MAX_ENTRIES = 1_000
MAX_DEPTH = 8
MAX_TEXT = 100_000
SIGNIFICANT_DIGITS = 15

_LARGEST_PLAIN = 10**SIGNIFICANT_DIGITS
_SMALLEST_PLAIN = -_LARGEST_PLAIN
_MOST_BITS = 128
_LONGEST_NAME = 64
_EXACT = Context(prec=SIGNIFICANT_DIGITS, Emin=-30, Emax=30, traps=[Inexact, InvalidOperation, Overflow, Subnormal])
MISSING = object()
"""What stands for a fact that was not given."""

TOO_MANY = f"The facts have more than {MAX_ENTRIES:,} keys or entries in all; send only what the policy reads."
TOO_DEEP = f"The facts are nested more than {MAX_DEPTH} levels deep; send them flat."
TOO_LONG = f"The facts hold more than {MAX_TEXT:,} characters of text; send only what the policy reads."

EVERY = "*"
"""What stands for the name of a fact where the trouble is with all of them."""

_LISTS = (list, tuple)
_CONTAINERS = (dict, list, tuple)
_PLAIN = frozenset({int, bool, type(None)})
_Container = Mapping[str, object] | list[object] | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Misshapen:
    """Why facts can't be taken, and by which of them (`EVERY` where it is all)."""

    fact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """JSON that no decision can rest on, though it may be an object: why not, and the SHA-256 of its text."""

    reason: str
    sha256: str


Facts = Mapping[str, object] | Unreadable
"""What a caller brings to a decision."""


class FactsRefused(BadInput):
    """The text may be a JSON object, but is not one whose facts can be told for certain."""


class FactMissing(Exception):
    """The fact is not there; `str(error)` is the sentence."""


class FactWrong(Exception):
    """The fact is there and can't be compared; `str(error)` is the sentence."""


def take_facts(text: str) -> Facts:
    """The facts of a JSON object, or why they can't be told, which a decision denies; BadInput for any other text."""
    try:
        return parse_facts(text)
    except FactsRefused as refused:
        return Unreadable(str(refused), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def parse_facts(text: str) -> Mapping[str, object]:
    """The facts that a JSON object has, numbers exact as written; BadInput if `text` is no such thing.

    NaN and infinity are let through here, for the decision to deny by name.
    """
    if len(text) > MAX_JSON:
        raise FactsRefused(
            f"The facts are larger than {MAX_JSON // 1000} kB; send only what the policy reads.", "facts"
        )
    try:
        facts = json.loads(text, parse_int=exact_number, parse_float=exact_number, object_pairs_hook=_object)
    except RecursionError:
        raise FactsRefused(TOO_DEEP, "facts") from None
    except json.JSONDecodeError as error:
        where = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise BadInput(f"The facts are not valid JSON: {where}. Write one object in braces.", "facts") from None
    if not isinstance(facts, dict):
        raise BadInput('The facts must be one JSON object, such as {"amount_usd": 20}.', "facts")
    return facts


def misshapen(facts: Mapping[str, object]) -> Misshapen | None:
    """Why these facts can't be taken at all, whatever is read of them; None if they can."""
    entries = characters = 0
    level: list[tuple[str, _Container]] = [("", facts)]
    for _ in range(MAX_DEPTH):
        below: list[tuple[str, _Container]] = []
        for path, container in level:
            entries += len(container)
            if entries > MAX_ENTRIES:
                return Misshapen(EVERY, TOO_MANY)
            for key, value in enumerate(container) if isinstance(container, _LISTS) else container.items():
                if isinstance(value, str):
                    characters += len(value)
                elif isinstance(value, _CONTAINERS):
                    below.append((f"{path}{key}.", value))
                elif type(value) not in _PLAIN and (why := _strange(value)):
                    name = cut(f"{path}{key}", _LONGEST_NAME)
                    return Misshapen(name, f"The fact {name} {why}.")
        if characters > MAX_TEXT:
            return Misshapen(EVERY, TOO_LONG)
        if not below:
            return None
        level = below
    return Misshapen(EVERY, TOO_DEEP)


def _strange(value: object) -> str | None:
    """What keeps a single value from being any fact."""
    if isinstance(value, Decimal):
        return None if value.is_finite() else _NOT_FINITE
    if isinstance(value, float):
        return None if isfinite(value) else _NOT_FINITE
    return f"is a {type(value).__name__}, which no fact can be"


def read(facts: Mapping[str, object], path: str, kind: FactKind) -> Value:
    """The fact at `path` as `kind`; FactMissing or FactWrong, each with its sentence."""
    value = given(facts, path)
    try:
        return _READERS[kind](value)
    except FactWrong as wrong:
        if value is MISSING:
            raise FactMissing(f"The fact {path} is missing; send {kind}.") from None
        raise FactWrong(f"The fact {path} {wrong}.") from None


def given(facts: Mapping[str, object], path: str) -> object:
    """What stands at `path`, just as it was given; `MISSING` where nothing does."""
    return facts.get(path, MISSING) if "." not in path else _down(facts, path)


def _down(facts: Mapping[str, object], path: str) -> object:
    value: object = facts
    for step in path.split("."):
        value = value.get(step, MISSING) if isinstance(value, Mapping) else MISSING
    return value


def _number_of(value: object) -> Decimal:
    if type(value) is int:
        if _SMALLEST_PLAIN < value < _LARGEST_PLAIN:
            return Decimal(value)
        if value.bit_length() > _MOST_BITS:
            _refuse(_TOO_PRECISE)
        number = Decimal(value)
    elif type(value) is float:
        number = Decimal(repr(value))
    elif isinstance(value, Decimal):
        number = value
    else:
        _refuse_kind(value, FactKind.NUMBER)
    if not number.is_finite():
        _refuse(_NOT_FINITE)
    try:
        return _EXACT.plus(number)
    except DecimalException:
        _refuse(_TOO_PRECISE)


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        _refuse_kind(value, FactKind.TEXT)
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        _refuse("contains half a character, which is no text")
    return value


def _boolean_of(value: object) -> bool:
    return value if isinstance(value, bool) else _refuse_kind(value, FactKind.BOOLEAN)


def _list_of(value: object, kind: FactKind) -> Sequence[object]:
    return value if isinstance(value, _LISTS) else _refuse_kind(value, kind)


def _sized_of(value: object) -> Value:
    if isinstance(value, str):
        return _text_of(value)
    return tuple(True for _ in _list_of(value, FactKind.SIZED))


_READERS: Mapping[FactKind, Callable[[object], Value]] = {
    FactKind.NUMBER: _number_of,
    FactKind.TEXT: _text_of,
    FactKind.BOOLEAN: _boolean_of,
    FactKind.NUMBERS: lambda value: tuple(_number_of(entry) for entry in _list_of(value, FactKind.NUMBERS)),
    FactKind.TEXTS: lambda value: tuple(_text_of(entry) for entry in _list_of(value, FactKind.TEXTS)),
    FactKind.BOOLEANS: lambda value: tuple(_boolean_of(entry) for entry in _list_of(value, FactKind.BOOLEANS)),
    FactKind.SIZED: _sized_of,
}

_NOT_FINITE = "is not a finite number"
_TOO_PRECISE = f"has more than {SIGNIFICANT_DIGITS} significant digits, or is too large or too small"
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (int, "a number"),
    (float, "a number"),
    (Decimal, "a number"),
    (str, "text"),
    (list, "a list"),
    (tuple, "a list"),
    (type(None), "null"),
)


def _refuse_kind(value: object, kind: FactKind) -> Never:
    given = next((name for known, name in _KINDS if isinstance(value, known)), "an object")
    _refuse(f"is {given}, and {kind} is needed")


def _refuse(why: str) -> Never:
    raise FactWrong(why)


def exact_number(digits: str) -> Decimal:
    """A JSON number, exact; an exponent beyond all measure counts as infinite."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return Decimal("Infinity")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries: dict[str, object] = {}
    for name, value in pairs:
        if name in entries:
            raise FactsRefused(named_twice(name), "facts")
        entries[name] = value
    return entries


def named_twice(name: str) -> str:
    """Why facts that name something twice are none."""
    return f"The facts name {name[:60]!r} twice; write each fact once."
