"""The syntax tree of a condition: the part of CEL that grants may use."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Scalar = Decimal | str | bool
"""A single value."""


class Operation(StrEnum):
    """What may be done with values, by CEL's own name for it."""

    AND = "_&&_"
    OR = "_||_"
    NOT = "!_"
    EQUAL = "_==_"
    UNEQUAL = "_!=_"
    LESS = "_<_"
    AT_MOST = "_<=_"
    MORE = "_>_"
    AT_LEAST = "_>=_"
    PLUS = "_+_"
    MINUS = "_-_"
    TIMES = "_*_"
    NEGATIVE = "-_"
    CHOICE = "_?_:_"
    IN = "@in"
    SIZE = "size"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"


class Quantifier(StrEnum):
    """The macros over lists."""

    ALL = "all"
    EXISTS = "exists"
    EXISTS_ONE = "exists_one"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its path, such as `customer.tier`."""

    path: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of a list that a macro is at, by the name that the macro gives it."""

    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is written out."""

    entries: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """An operation on values."""

    operation: Operation
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Loop:
    """A macro: what must hold of the entries of a list."""

    quantifier: Quantifier
    entry: str
    over: "Node"
    body: "Node"


Node = Literal | Fact | Entry | Listing | Call | Loop


def below(node: Node) -> tuple[Node, ...]:
    """The nodes one level down."""
    match node:
        case Listing():
            return node.entries
        case Call():
            return node.arguments
        case Loop():
            return (node.over, node.body)
        case Literal() | Fact() | Entry():
            return ()


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it."""
    yield node
    for child in below(node):
        yield from walk(child)


def size(node: Node) -> int:
    """How many nodes the tree has."""
    return sum(1 for _ in walk(node))
