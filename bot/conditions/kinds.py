"""What each fact of a condition is compared with, found by unification; what stays open or clashes is refused.

A fact has no declared type: `x >= 0.9` makes it a number, `x == "low"` text. Where two facts are only held against
each other, an ordering makes both numbers, and an equality is refused, as "10" and 10 would never be equal.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from enum import StrEnum
from typing import NoReturn

from bot.conditions.parsing import refuse
from bot.conditions.syntax import Call, Entry, Fact, Listing, Literal, Loop, Node, Operation, Scalar, walk
from bot.domain.grants.conditions import FactKind, FactUse


class Kind(StrEnum):
    """What a value is, in words."""

    NUMBER = "a number"
    TEXT = "text"
    BOOLEAN = "true or false"
    LIST = "a list"


class _Slot:
    """A kind that may still be open; slots that were unified share one representative."""

    __slots__ = ("_same", "element", "is_ordered", "is_sized", "kind", "label")

    def __init__(self, kind: Kind | None = None, element: "_Slot | None" = None, label: str = "") -> None:
        self.kind = kind
        self.element = element
        self.label = label
        self.is_ordered = False
        self.is_sized = False
        self._same: _Slot | None = None

    def found(self) -> "_Slot":
        """The representative."""
        slot = self
        while slot._same is not None:
            slot = slot._same
        return slot

    def join(self, other: "_Slot") -> None:
        """Both are one kind from now on; a refusal if they can't be."""
        one, two = self.found(), other.found()
        if one is two:
            return
        if one.kind and two.kind and one.kind is not two.kind:
            _clash(one, two)
        elements = one.element, two.element
        two._same = one
        one.kind = one.kind or two.kind
        one.element = one.element or two.element
        one.label = one.label or two.label
        one.is_ordered |= two.is_ordered
        one.is_sized |= two.is_sized
        one.demand_fit()
        if elements[0] and elements[1]:
            elements[0].join(elements[1])

    def demand_fit(self) -> None:
        """A refusal if what is done with it can't be done with its kind."""
        what = self.label or "something"
        if self.is_ordered and self.kind in (Kind.BOOLEAN, Kind.LIST):
            refuse(f"puts {what} in an order, and it is {self.kind}")
        if self.is_sized and self.kind in (Kind.BOOLEAN, Kind.NUMBER):
            refuse(f"asks for the size of {what}, and it is {self.kind}")


def fact_uses(tree: Node) -> tuple[FactUse, ...]:
    """Every fact of `tree` with what it is compared with, by path; a refusal unless the whole is true or false."""
    typing = _Typing()
    typing.demand(tree, Kind.BOOLEAN)
    _demand_plain_texts(tree)
    if any(slot.found().kind is Kind.LIST for slot in typing.equated):
        refuse("compares a list as a whole: use in, all or exists on its entries")
    uses = tuple(FactUse(path, _kind(path, slot)) for path, slot in sorted(typing.facts.items()))
    if not uses:
        refuse("names no fact, so it always says the same")
    _demand_apart({use.path for use in uses})
    return uses


def _demand_apart(paths: set[str]) -> None:
    """A refusal where one fact is used both as it is and for what is in it."""
    for path in sorted(paths):
        steps = path.split(".")
        for count in range(1, len(steps)):
            if (whole := ".".join(steps[:count])) in paths:
                refuse(f"uses {whole} both as a whole and for what is in it ({path})")


class _Typing:
    """One pass over a tree."""

    def __init__(self) -> None:
        self.facts: dict[str, _Slot] = {}
        self.equated: list[_Slot] = []
        self._entry: _Slot | None = None

    def slot(self, node: Node) -> _Slot:
        """The kind of `node`."""
        match node:
            case Literal():
                return _Slot(_kind_of(node.value), label=_shown(node.value))
            case Fact():
                return self.facts.setdefault(node.path, _Slot(label=node.path))
            case Entry():
                assert self._entry is not None
                return self._entry
            case Listing():
                element = _Slot(label="an entry of a list")
                for entry in node.entries:
                    self.slot(entry).join(element)
                return _Slot(Kind.LIST, element, "a list")
            case Call():
                return _RULES[node.operation](self, node)
            case Loop():
                return self._loop(node)

    def demand(self, node: Node, kind: Kind) -> _Slot:
        """The kind of `node`, which is now `kind`."""
        slot = self.slot(node)
        slot.join(_Slot(kind))
        return slot

    def _loop(self, loop: Loop) -> _Slot:
        element = _Slot(label=f"an entry of {_name(loop.over)}")
        self.slot(loop.over).join(_Slot(Kind.LIST, element))
        self._entry = element
        self.demand(loop.body, Kind.BOOLEAN)
        self._entry = None
        return _Slot(Kind.BOOLEAN, label=f"{loop.quantifier}()")


Rule = Callable[[_Typing, Call], _Slot]


def _all_of(kind: Kind, gives: Kind) -> Rule:
    def rule(typing: _Typing, call: Call) -> _Slot:
        for argument in call.arguments:
            typing.demand(argument, kind)
        return _Slot(gives, label=f"what {call.operation.strip('_')} gives")

    return rule


def _same(typing: _Typing, call: Call) -> _Slot:
    one, two = (typing.slot(argument) for argument in call.arguments)
    one.join(two)
    typing.equated.append(one)
    return _Slot(Kind.BOOLEAN, label="a comparison")


def _ordered(typing: _Typing, call: Call) -> _Slot:
    one, two = (typing.slot(argument) for argument in call.arguments)
    one.join(two)
    one.found().is_ordered = True
    one.found().demand_fit()
    return _Slot(Kind.BOOLEAN, label="a comparison")


def _choice(typing: _Typing, call: Call) -> _Slot:
    asked, one, two = call.arguments
    typing.demand(asked, Kind.BOOLEAN)
    slot = typing.slot(one)
    slot.join(typing.slot(two))
    return slot


def _in(typing: _Typing, call: Call) -> _Slot:
    entry, listing = call.arguments
    typing.slot(listing).join(_Slot(Kind.LIST, typing.slot(entry)))
    return _Slot(Kind.BOOLEAN, label="in")


def _size(typing: _Typing, call: Call) -> _Slot:
    if len(call.arguments) != 1:
        refuse("gives size() other than one thing to measure")
    slot = typing.slot(call.arguments[0]).found()
    slot.is_sized = True
    slot.demand_fit()
    return _Slot(Kind.NUMBER, label="a size")


def _text(typing: _Typing, call: Call) -> _Slot:
    if len(call.arguments) != 2:
        refuse(f"gives {call.operation}() other than one text to look for")
    return _all_of(Kind.TEXT, Kind.BOOLEAN)(typing, call)


_RULES: Mapping[Operation, Rule] = {
    Operation.AND: _all_of(Kind.BOOLEAN, Kind.BOOLEAN),
    Operation.OR: _all_of(Kind.BOOLEAN, Kind.BOOLEAN),
    Operation.NOT: _all_of(Kind.BOOLEAN, Kind.BOOLEAN),
    Operation.EQUAL: _same,
    Operation.UNEQUAL: _same,
    Operation.LESS: _ordered,
    Operation.AT_MOST: _ordered,
    Operation.MORE: _ordered,
    Operation.AT_LEAST: _ordered,
    Operation.PLUS: _all_of(Kind.NUMBER, Kind.NUMBER),
    Operation.MINUS: _all_of(Kind.NUMBER, Kind.NUMBER),
    Operation.TIMES: _all_of(Kind.NUMBER, Kind.NUMBER),
    Operation.NEGATIVE: _all_of(Kind.NUMBER, Kind.NUMBER),
    Operation.CHOICE: _choice,
    Operation.IN: _in,
    Operation.SIZE: _size,
    Operation.CONTAINS: _text,
    Operation.STARTS_WITH: _text,
    Operation.ENDS_WITH: _text,
}

_FACT_KINDS = {Kind.NUMBER: FactKind.NUMBER, Kind.TEXT: FactKind.TEXT, Kind.BOOLEAN: FactKind.BOOLEAN}
_LIST_KINDS = {Kind.NUMBER: FactKind.NUMBERS, Kind.TEXT: FactKind.TEXTS, Kind.BOOLEAN: FactKind.BOOLEANS}


def _kind(path: str, slot: _Slot) -> FactKind:
    """What the fact at `path` came out as."""
    found = slot.found()
    if found.kind is Kind.LIST:
        element = found.element.found() if found.element else None
        kind = (element.kind or (Kind.NUMBER if element.is_ordered else None)) if element else None
        if kind not in _LIST_KINDS:
            refuse(f"does not tell what the entries of {path} are: compare them with a number or a text")
        return _LIST_KINDS[kind]
    if found.kind:
        return _FACT_KINDS[found.kind]
    if found.is_ordered:
        return FactKind.NUMBER
    if found.is_sized:
        return FactKind.SIZED
    refuse(f"does not tell whether {path} is a number or text: compare it with one that is written out")


def _demand_plain_texts(tree: Node) -> None:
    """A refusal of `x >= "0.95"`, which orders texts letter by letter where a number was meant."""
    for node in walk(tree):
        if isinstance(node, Call) and node.operation in _ORDERINGS:
            for argument in node.arguments:
                if isinstance(argument, Literal) and isinstance(argument.value, str) and _is_number(argument.value):
                    refuse(f"puts the text {_shown(argument.value)} in an order: write the number without quotes")


_ORDERINGS = (Operation.LESS, Operation.AT_MOST, Operation.MORE, Operation.AT_LEAST)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text) == Decimal(text)
    except DecimalException:
        return False


def _clash(one: _Slot, two: _Slot) -> NoReturn:
    named = two.label or "the other side"
    refuse(f"takes {one.label or named} for {one.kind} in one place and for {two.kind} in another")


def _kind_of(value: Scalar) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _shown(value: Scalar) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _name(node: Node) -> str:
    return node.path if isinstance(node, Fact) else "a list"
