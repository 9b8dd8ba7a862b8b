"""What a compiled condition of a grant offers to the rules; `bot.conditions` makes them from CEL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

Value = Decimal | str | bool | tuple[Decimal, ...] | tuple[str, ...] | tuple[bool, ...]
"""A fact as it is compared: every number a decimal."""


class FactKind(StrEnum):
    """What a condition or a limit compares a fact with; the value is how a reason names it."""

    NUMBER = "a number"
    TEXT = "text"
    BOOLEAN = "true or false"
    NUMBERS = "a list of numbers"
    TEXTS = "a list of texts"
    BOOLEANS = "a list of true or false"
    SIZED = "text or a list"


@dataclass(frozen=True, slots=True)
class FactUse:
    """One fact that is read, and as what; `path` has a dot before each step down ("customer.tier")."""

    path: str
    kind: FactKind


@dataclass(frozen=True, slots=True)
class Floor:
    """A number that a fact must reach wherever the condition holds."""

    fact: str
    value: Decimal


class ConditionError(Exception):
    """The condition has no answer for these facts: a number grew too long, or it took too many steps."""


class CompiledCondition(Protocol):
    """A condition that was parsed and typed."""

    @property
    def source(self) -> str:
        """As it was written."""

    @property
    def uses(self) -> tuple[FactUse, ...]:
        """The facts that it names, each once, sorted by path."""

    @property
    def floors(self) -> tuple[Floor, ...]:
        """The numbers that facts must reach for it to hold."""

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of `values`, which has every path of `uses` in its kind; ConditionError otherwise."""


Compiler = Callable[[str], CompiledCondition]
"""From a condition's source to the compiled form; BadInput with a sentence where there is none."""
