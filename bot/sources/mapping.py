"""A system that a file of sources describes itself: where it is asked, and how its records become signals."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from bot.domain.errors import BadInput
from bot.domain.nearness import near
from bot.domain.signals.kinds import SignalType
from bot.domain.signals.shapes import SHAPES, FieldKind, Shape
from bot.domain.signals.shapes import Field as Part
from bot.domain.teams import zone_name
from bot.sources.addresses import origin_of
from bot.sources.stanzas import Dated, Name, Strict, matching

TYPES: Mapping[str, Shape] = {
    kind: shape for kind, shape in SHAPES.items() if kind not in (SignalType.SEAT, SignalType.REVIEW_TALLY)
}
"""What a record may become: seats belong to a team, and tallies are what people type."""

COMMON: Mapping[str, Part] = {
    each.name: each
    for each in (
        Part("at", FieldKind.INSTANT, required=True),
        Part("id", FieldKind.NAME, required=False),
        Part("url", FieldKind.TEXT, required=False),
    )
}
"""What every signal has, beside the fields of its type."""

PLACES = ("{since}", "{since_day}", "{since_seconds}")
"""What may stand in a query for the instant from which on a run reads."""

_PLACE = re.compile(r"\{[^{}]*\}")
_WANTED = "must be one value, a list of values, or {exists: true} or {exists: false}."

Fault = tuple[tuple[str | int, ...], str]
"""What is wrong with a part of a description: the keys that lead to it, and a sentence about it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must stand at a path: one of these values, as one would write them; or anything, or nothing, at all."""

    values: tuple[str, ...] = ()
    exists: bool | None = None


def written(value: object) -> str:
    """A value as one would write it, so that 1, 1.0 and the 1 of a table are the same; nothing is an empty text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return value.strip() if isinstance(value, str) else ""


def _condition(value: object) -> Condition:
    if isinstance(value, dict):
        if value.keys() == {"exists"} and isinstance(value["exists"], bool):
            return Condition(exists=value["exists"])
        raise ValueError(_WANTED)
    values = value if isinstance(value, list) else [value]
    if not values or any(isinstance(each, list | dict) for each in values):
        raise ValueError(_WANTED)
    return Condition(tuple(written(each) for each in values))


def _constant(value: object) -> object:
    if value is None or isinstance(value, list | dict):
        raise ValueError("must be one value.")
    return (int(value) if value == value.to_integral_value() else float(value)) if isinstance(value, Decimal) else value


def _address(text: str) -> str:
    origin = origin_of(text)
    if origin and (origin.scheme == "https" or origin.is_here) and not re.search(r"[?#\s]", text):
        return text
    raise ValueError("must be an address that begins with https://, without a question mark.")


def _zone(text: object) -> ZoneInfo:
    try:
        return ZoneInfo(zone_name(written(text)))
    except BadInput as error:
        raise ValueError(f"is not usable. {error}") from None


def _query(value: object) -> str:
    text = written(value)
    wrong = next((each for each in _PLACE.findall(text) if each not in PLACES), None)
    if wrong or isinstance(value, list | dict):
        raise ValueError(f"must be one value, in which {', '.join(PLACES)} stand for where the last run ended.")
    return text


Path = Annotated[str, matching(r"[^.]+(\.[^.]+)*", "must be names with dots between them, as ticket.id.")]
When = Annotated[Condition, BeforeValidator(_condition)]
Constant = Annotated[Any, BeforeValidator(_constant)]


class Paging(Strict):
    """How the next page is asked for: by a link in the answer or its headers, a cursor in it, or a number."""

    by: Literal["link", "header", "cursor", "number"]
    path: Path | None = None
    parameter: Name | None = None
    first: Annotated[int, Field(ge=0, le=1)] = 1

    @property
    def wanted(self) -> tuple[str, ...]:
        """What it needs beside."""
        return {"link": ("path",), "cursor": ("path", "parameter"), "number": ("parameter",)}.get(self.by, ())


class Rule(Strict):
    """Which records become which signal, and what stands in each of its fields."""

    type: Name
    when: dict[Path, When] = Field(default_factory=dict)
    fields: dict[Name, Path] = Field(default_factory=dict)
    constants: dict[Name, Constant] = Field(default_factory=dict)
    words: dict[Name, dict[str, Constant]] = Field(default_factory=dict)

    @property
    def parts(self) -> Mapping[str, Part]:
        """The fields that its signal may have, by name."""
        return {**COMMON, **{each.name: each for each in TYPES[self.type].fields}}


class Read(Dated):
    """One list of records, and the workflow that it is about."""

    workflow: Name
    path: Name
    query: dict[Name, Annotated[str, BeforeValidator(_query)]] = Field(default_factory=dict)
    format: Literal["json", "csv"] = "json"
    items: Path | None = None
    pages: Paging | None = None
    signals: Annotated[list[Rule], Field(min_length=1)]


class System(Strict):
    """A system with its lists: asked over HTTP, or files on this machine."""

    kind: Literal["http", "file"]
    url: Annotated[str, AfterValidator(_address)] | None = None
    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)] | None = None
    reads: Annotated[list[Read], Field(min_length=1)]


def faults(system: System) -> Iterator[Fault]:
    """What is wrong with a description although each of its values could stand there."""
    if system.kind == "http" and system.url is None:
        yield ("url",), "is missing: write the address below which its paths are."
    if system.kind == "file" and system.url is not None:
        yield ("url",), "is not for a file: leave it out."
    seen = set[tuple[str, str]]()
    for place, read in enumerate(system.reads):
        where = ("reads", place)
        if (read.path, read.workflow) in seen:
            yield (*where, "path"), f"is read for {read.workflow} already: put the signals of both together."
        seen.add((read.path, read.workflow))
        yield from (((*where, *path), told) for path, told in _of_read(system.kind, read))


def _of_read(kind: str, read: Read) -> Iterator[Fault]:
    if kind == "file" and not read.path.startswith("/"):
        yield ("path",), "must be a whole path, which begins with /."
    if kind == "http" and re.search(r"[?#\s]", read.path):
        yield ("path",), "must be a path below the url: what follows a question mark stands in query."
    for name in ("query", "pages"):
        if kind == "file" and getattr(read, name):
            yield (name,), "is not for a file: leave it out."
    if read.format == "csv":
        yield from (((name,), "is not for CSV: leave it out.") for name in ("items", "pages") if getattr(read, name))
    if read.pages:
        wanted = read.pages.wanted
        yield from (
            (("pages", name), f"is missing: paging by {read.pages.by} needs it.")
            for name in wanted
            if getattr(read.pages, name) is None
        )
    for place, rule in enumerate(read.signals):
        yield from ((("signals", place, *path), told) for path, told in _of_rule(rule))


def _of_rule(rule: Rule) -> Iterator[Fault]:
    if rule.type not in TYPES:
        guess = near(rule.type, TYPES)
        yield ("type",), f"is no type of signal here: {f'did you mean {guess}?' if guess else _one_of(TYPES)}"
        return
    for part in ("fields", "constants", "words"):
        for name in getattr(rule, part):
            if name not in rule.parts:
                guess = near(name, rule.parts)
                hint = f"did you mean {guess}?" if guess else _one_of(rule.parts)
                yield (part, name), f"is no field of a signal of type {rule.type}: {hint}"
    yield from (
        (("constants", name), "stands in fields too: leave one out.") for name in rule.constants if name in rule.fields
    )
    yield from (
        (("words", name), "is in no field: say in fields where it stands.")
        for name in rule.words.keys() - rule.fields.keys()
        if name in rule.parts
    )
    yield from _of_choices(rule)
    for each in rule.parts.values():
        if each.required and each.name not in (*rule.fields, *rule.constants):
            yield ("fields",), f"lacks {each.name}, which a signal of type {rule.type} must have."


def _of_choices(rule: Rule) -> Iterator[Fault]:
    """What could never be in a field that takes a few words only."""
    for name, part in rule.parts.items():
        if part.choices is None:
            continue
        given: dict[tuple[str, ...], object] = {
            ("words", name, theirs): ours for theirs, ours in rule.words.get(name, {}).items()
        }
        if name in rule.constants:
            given["constants", name] = rule.constants[name]
        choices = {each.value: each for each in part.choices}
        yield from (
            (path, f"is not known here: {_one_of(choices)}") for path, ours in given.items() if ours not in choices
        )


def _one_of(names: Mapping[str, object]) -> str:
    return f"use one of: {', '.join(names)}."
