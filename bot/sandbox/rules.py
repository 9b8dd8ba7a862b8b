"""The grammar in which Slack's limits are written down: small rules that check one value each."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: where (a JSON pointer), the rule in Slack's words, and what was found."""

    path: str
    rule: str
    found: str = ""

    @property
    def message(self) -> str:
        """The line that Slack puts into `response_metadata.messages`."""
        return f"[ERROR] {self.rule} [json-pointer:{self.path}]"

    @property
    def sentence(self) -> str:
        """The breach as a plain sentence."""
        tail = f" (it is {self.found})" if self.found else ""
        return f"{self.path}: {self.rule}{tail}."


Breaches = Iterable[Breach]


class Rule(Protocol):
    """Checks a value that stands at `path`."""

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A string of `least` to `most` characters, of the given pattern."""

    most: int | None = None
    least: int = 1
    pattern: str | None = None

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if not isinstance(value, str):
            yield Breach(path, "must provide a string", _kind(value))
            return
        if self.most is not None and len(value) > self.most:
            yield Breach(path, f"must be less than {self.most + 1} characters", f"{len(value)} characters")
        if len(value) < self.least:
            yield Breach(path, f"must be more than {self.least - 1} characters", f"{len(value)} characters")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield Breach(path, "must match the expected format", f"“{value[:40]}”")


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if not isinstance(value, bool):
            yield Breach(path, "must provide a boolean", _kind(value))


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; `whole` bars fractions."""

    least: float | None = None
    most: float | None = None
    whole: bool = True

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            yield Breach(path, "must provide a whole number" if self.whole else "must provide a number")
        elif self.least is not None and value < self.least:
            yield Breach(path, f"must be at least {self.least}", str(value))
        elif self.most is not None and value > self.most:
            yield Breach(path, f"must be at most {self.most}", str(value))


@dataclass(frozen=True, slots=True)
class Among:
    """One of a few words."""

    words: tuple[str, ...]

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if value not in self.words:
            yield Breach(path, f"must be a valid enum value: {', '.join(self.words)}", f"{value!r}"[:60])


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever Slack does not look into."""

    def check(self, value: Any, path: str) -> Breaches:  # noqa: ARG002 - a Rule's signature
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `least` to `most` values that each follow a rule."""

    of: Rule
    most: int | None = None
    least: int = 1

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if not isinstance(value, list):
            yield Breach(path, "must provide an array", _kind(value))
            return
        if self.most is not None and len(value) > self.most:
            yield Breach(path, f"no more than {self.most} items allowed", f"{len(value)} items")
        if len(value) < self.least:
            yield Breach(path, f"no fewer than {self.least} items allowed", f"{len(value)} items")
        for place, one in enumerate(value):
            yield from self.of.check(one, f"{path}/{place}")


Also = Callable[[Json, str], Breaches]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields and no others; `also` holds rules about fields together."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Also, ...] = ()

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if not isinstance(value, dict):
            yield Breach(path, "must provide an object", _kind(value))
            return
        for name, rule in self.required.items():
            if name not in value:
                yield Breach(path, f"missing required field: {name}")
            else:
                yield from rule.check(value[name], f"{path}/{name}")
        for name in value:
            if name in self.optional:
                yield from self.optional[name].check(value[name], f"{path}/{name}")
            elif name not in self.required and name != "type":
                yield Breach(path, f"invalid additional property: {name}")
        for together in self.also:
            yield from together(value, path)


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` picks its shape; `allowed` narrows the table to what may stand here."""

    table: Mapping[str, Rule]
    allowed: frozenset[str] | None = None

    def check(self, value: Any, path: str) -> Breaches:
        """Every breach found."""
        if not isinstance(value, dict):
            yield Breach(path, "must provide an object", _kind(value))
            return
        name = value.get("type")
        if name is None:
            yield Breach(path, "missing required field: type")
        elif name not in self.table:
            yield Breach(f"{path}/type", f"unsupported type: {name}")
        elif self.allowed is not None and name not in self.allowed:
            yield Breach(f"{path}/type", f"unsupported type: {name}", "not allowed in this place")
        else:
            yield from self.table[name].check(value, path)


def text_of(most: int, *kinds: str, least: int = 1) -> ByType:
    """A text object of these kinds (both if none is named) and at most `most` characters."""
    shapes = {
        "plain_text": Shape({"text": Words(most, least)}, {"emoji": Flag()}),
        "mrkdwn": Shape({"text": Words(most, least)}, {"verbatim": Flag()}),
    }
    return ByType(shapes, frozenset(kinds or shapes))


def plain(most: int) -> ByType:
    """A plain_text object of at most `most` characters."""
    return text_of(most, "plain_text")


def exactly_one(*names: str) -> Also:
    """A rule for `Shape.also`: one of the fields, not none, not two."""

    def check(value: Json, path: str) -> Breaches:
        given = [name for name in names if name in value]
        if not given:
            yield Breach(path, f"missing required field: {' or '.join(names)}")
        elif len(given) > 1:
            yield Breach(path, f"only one of {', '.join(names)} is allowed")

    return check


def at_least_one(*names: str) -> Also:
    """A rule for `Shape.also`: some of the fields must be there."""

    def check(value: Json, path: str) -> Breaches:
        if not any(name in value for name in names):
            yield Breach(path, f"missing required field: {' or '.join(names)}")

    return check


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__
