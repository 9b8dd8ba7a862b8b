"""Numbers that people type: for which instant one counts, by which id it is known, and what a correction changes.

A number is known by what it is about, its local day and what it says. So the same one sent twice is one signal, and
another one for the same day is a new signal, of which the later arrival holds. An id that is made from words too is
sealed, since it stays when they are erased.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.domain.calendar import end_of_day, local_date
from bot.domain.errors import BadInput
from bot.domain.signals.kinds import (
    Body,
    EvalRun,
    Incident,
    Metric,
    RedLine,
    Signal,
    SignalType,
)
from bot.domain.signals.shapes import SHAPE_OF, SHAPES, FieldKind
from bot.domain.signals.texts import body_of, body_text, words_in

SOURCE = "typed"
"""The source of everything that a person typed; the chain has who it was."""

KINDS = (
    SignalType.METRIC,
    SignalType.EVAL_RUN,
    SignalType.REVIEW_TALLY,
    SignalType.REWORK,
    SignalType.INCIDENT,
    SignalType.RED_LINE,
)
"""What people without tooling record field by field; everything else comes as rows."""

_MOMENT = timedelta(seconds=1)

_THING: Mapping[type[Body], Callable[[Any], str]] = MappingProxyType(
    {
        Metric: lambda body: body.metric,
        EvalRun: lambda body: body.suite,
        Incident: lambda body: body.key,
        RedLine: lambda body: f"{body.rule} {body.kind}",
    }
)


@dataclass(frozen=True, slots=True)
class Known:
    """A signal that was typed before, and whether it still counts."""

    signal: Signal[Body]
    in_force: bool


def instant_for(day: date | None, at: datetime, zone: str) -> datetime:
    """When a number for `day` counts, typed at `at`: now for today or None, else the last second of that day in `zone`.

    So what is typed for a day stands after whatever a program sent on it.
    """
    today = local_date(at, zone)
    if day is None or day == today:
        return at
    if day > today:
        raise BadInput(f"{day:%-d %b %Y} is still to come: pick the day that the number is about.", "on")
    return end_of_day(day, zone) - _MOMENT


def numbered(
    signal: Signal[Body], typed: Iterable[Known], zone: str, seal: Callable[[str], str]
) -> tuple[Signal[Body], bool]:
    """The signal with its id, and whether it is new: what still holds and says the same of its day is given instead.

    `typed` are the ones that were typed for the same workflow, in order of arrival.
    """
    day, thing, known = local_date(signal.at, zone), _thing(signal), tuple(typed)
    same = [each for each in known if local_date(each.signal.at, zone) == day and _thing(each.signal) == thing]
    held = [each.signal for each in same if each.in_force]
    if held and _content(held[-1]) == _content(signal):
        return held[-1], False
    taken = {each.signal.id for each in known}
    base = _id(signal, day) if words_in(signal.body) is None else seal(_id(signal, day))
    ids = (f"{base}-{number}" if number > 1 else base for number in range(1, len(taken) + 2))
    return replace(signal, id=next(each for each in ids if each not in taken)), True


def cells_of(signal: Signal[Body]) -> dict[str, str]:
    """The fields of a signal as a person would type them, by name."""
    shape = SHAPE_OF[type(signal.body)]
    return {field.name: _cell(getattr(signal.body, field.name)) for field in shape.fields}


def wordless(kind: SignalType) -> tuple[str, ...]:
    """The fields of a kind that hold no words of a person's own: those that a correction may change."""
    words = (FieldKind.TEXT, FieldKind.TITLE, FieldKind.PERSON)
    return tuple(field.name for field in SHAPES[kind].fields if field.kind not in words)


def correction_text(new: Signal[Body]) -> str:
    """What a correction says instead, as one text without any words of a person's own; `corrected` reads it."""
    kind = SHAPE_OF[type(new.body)].kind
    written = json.loads(body_text(new.body))
    kept = {name: written[name] for name in wordless(kind) if name in written}
    return json.dumps({"id": new.id, "at": new.at.isoformat(), "fields": kept}, sort_keys=True, ensure_ascii=False)


def corrected(old: Signal[Body], text: str) -> Signal[Body]:
    """The signal that is to stand instead of `old`, as `correction_text` wrote it down."""
    kind, said = SHAPE_OF[type(old.body)].kind, json.loads(text)
    free = {name: value for name, value in json.loads(body_text(old.body)).items() if name not in wordless(kind)}
    body = body_of(kind, json.dumps(free | said["fields"]), None)
    return replace(old, id=said["id"], source=SOURCE, at=datetime.fromisoformat(said["at"]), body=body)


def _thing(signal: Signal[Body]) -> tuple[str, ...]:
    """What a number is about: of two for the same day the later holds. What only adds up is about itself alone."""
    kind = SHAPE_OF[type(signal.body)].kind
    of = _THING.get(type(signal.body))
    if of:
        return kind, of(signal.body)
    return (kind,) if kind is SignalType.REVIEW_TALLY else (kind, *_content(signal))


def _content(signal: Signal[Body]) -> tuple[str, str]:
    return body_text(signal.body), signal.url or ""


def _id(signal: Signal[Body], day: date) -> str:
    key = [signal.workflow, day.isoformat(), *_thing(signal), *_content(signal)]
    return f"typed-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:20]}"


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
