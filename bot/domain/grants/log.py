"""What is kept of a decision, and of the facts that it rests on: those that the grant names, and a hash of all."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from json.encoder import encode_basestring_ascii as quoted

from bot.domain.errors import BadInput
from bot.domain.grants.conditions import Compiler
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.factsheet import MISSING, Facts, Unreadable, given
from bot.domain.grants.terms import GrantTerms

LONGEST_KEPT = 2_000
"""How long a fact may be, written as JSON, to be kept; of a longer one the hash of all facts is what stays."""

_LAST_PLACE = 30
_PLAIN_EXPONENTS = range(-_LAST_PLACE, _LAST_PLACE + 1)
_SMALL = 10**15


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One action of a workflow on one day of its team."""

    workflow_id: str
    action: str
    on: date


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """An answer as it is kept.

    `facts` are those that the grant names, each written as JSON; they and the reasons, which may tell of them, are None
    once their retention is over. `reported_hash` is the grant's hash as the caller has it, `approval` the answered
    question that it rests on.
    """

    id: str
    workflow_id: str
    action: str
    at: datetime
    outcome: Outcome
    codes: tuple[str, ...]
    reasons: tuple[str, ...] | None
    facts: Mapping[str, str] | None
    facts_hash: str
    grant_id: str | None
    grant_hash: str | None
    reported_hash: str | None = None
    approval: str | None = None
    dry_run: bool = False

    @property
    def has_drifted(self) -> bool | None:
        """Whether the caller enforces something else than was in force then; None where it did not say what."""
        return None if self.reported_hash is None else self.reported_hash != self.grant_hash


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A decision as it is read: the workflow's name, and the name of whoever asked."""

    decision: LoggedDecision
    workflow: str
    by: str


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which decisions to read, the newest first; None leaves a field open. A code also finds those that say of what.

    One that is named by its `id` is found whether it was a dry run or not.
    """

    workflow_id: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    outcome: Outcome | None = None
    code: str | None = None
    dry_run: bool = False
    most: int = 1_000
    grant_id: str | None = None
    id: str | None = None

    def finds(self, codes: tuple[str, ...]) -> bool:
        """Whether one of the codes is the wanted one: `fact.missing` finds `fact.missing:amount_usd` too."""
        wanted = self.code
        return wanted is None or any(code == wanted or code.startswith(f"{wanted}:") for code in codes)


def named_facts(terms: GrantTerms, compiler: Compiler) -> tuple[str, ...]:
    """The paths of all facts that limits, sums and conditions name, each once."""
    found = [limit.fact for limit in terms.limits]
    found += [capped.fact for capped in terms.per_day.sums] if terms.per_day else []
    for condition in terms.conditions:
        try:
            found += [use.path for use in compiler(condition.source).uses]
        except BadInput:
            continue
    return tuple(sorted(set(found)))


def kept_facts(facts: Facts, names: tuple[str, ...]) -> dict[str, str]:
    """What is kept: those facts that are named, each written as JSON."""
    if isinstance(facts, Unreadable):
        return {}
    found = ((name, given(facts, name)) for name in names)
    written = {name: as_json(value) for name, value in found if value is not MISSING}
    return {name: text for name, text in written.items() if len(text) <= LONGEST_KEPT}


def facts_hash(facts: Facts) -> str:
    """The SHA-256 (hex) of all facts: the same facts in another order, or 20.0 for 20, make no difference."""
    if isinstance(facts, Unreadable):
        return facts.sha256
    return hashlib.sha256(as_json(facts).encode()).hexdigest()


def as_json(value: object) -> str:
    """The one JSON text (ASCII) of a value however deep it is: keys sorted, numbers by their value."""
    parts: list[str] = []
    under_way: list[tuple[Iterator[_Part], str]] = [(iter((("", value),)), "")]
    while under_way:
        rest, end = under_way[-1]
        for before, each in rest:
            parts.append(before)
            if isinstance(each, Mapping):
                parts.append("{")
                under_way.append((_members(each), "}"))
                break
            if isinstance(each, list | tuple):
                parts.append("[")
                under_way.append((_entries(each), "]"))
                break
            parts.append(_scalar(each))
        else:
            parts.append(end)
            under_way.pop()
    return "".join(parts)


_Part = tuple[str, object]
"""A value, and what is written before it."""


def _members(mapping: Mapping[str, object]) -> Iterator[_Part]:
    for place, name in enumerate(sorted(mapping)):
        yield f"{',' if place else ''}{quoted(name)}:", mapping[name]


def _entries(values: list[object] | tuple[object, ...]) -> Iterator[_Part]:
    for place, value in enumerate(values):
        yield "," if place else "", value


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float):
        return _number(Decimal(repr(value)))
    if isinstance(value, int) and abs(value) <= _SMALL:
        return str(value)
    if isinstance(value, int | Decimal):
        return _number(Decimal(value))
    return quoted(f"({type(value).__name__})")


def _number(number: Decimal) -> str:
    """The number's digits without zeros at the end; with an exponent where it is very large or very small."""
    written = str(number)
    if written.isdecimal() and len(written) <= _LAST_PLACE:
        return written
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        return "NaN" if number.is_nan() else f"{'-' if sign else ''}Infinity"
    text = "".join(map(str, digits)).lstrip("0")
    shortest = text.rstrip("0")
    if not shortest:
        return "0"
    exponent += len(text) - len(shortest)
    if exponent in _PLAIN_EXPONENTS and len(shortest) <= len(_PLAIN_EXPONENTS):
        return format(Decimal((sign, tuple(map(int, shortest)), exponent)), "f")
    return f"{'-' if sign else ''}{shortest}e{exponent}"
