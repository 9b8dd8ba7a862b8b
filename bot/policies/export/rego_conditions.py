"""One condition as Rego: lines of a rule's body, and rules of its own for every "or" within it.

What has two ways to be true is a rule with two bodies; `? :` and comparisons of truths are taken apart into
those. A rule within a macro gets the entry of the list as its argument.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.conditions.syntax import (
    Call,
    Entry,
    Fact,
    Listing,
    Literal,
    Loop,
    Node,
    Operation,
    Quantifier,
    Scalar,
    below,
)
from bot.domain.grants.conditions import FactKind
from bot.domain.grants.terms import digits
from bot.policies.export.kinds import CALCULATIONS, EQUALITIES, Kinds, entry_kind, kind_of
from bot.policies.export.scope import Unsayable

ENTRY = "entry"
_FACTS = "input.facts"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_RESERVED = {
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
    "true", "with",
}  # fmt: skip
_LARGEST = Decimal(10**15)

_SIGNS: Mapping[Operation, str] = {
    Operation.EQUAL: "{} == {}",
    Operation.UNEQUAL: "{} != {}",
    Operation.LESS: "{} < {}",
    Operation.AT_MOST: "{} <= {}",
    Operation.MORE: "{} > {}",
    Operation.AT_LEAST: "{} >= {}",
    Operation.IN: "{} in {}",
    Operation.CONTAINS: "contains({}, {})",
    Operation.STARTS_WITH: "startswith({}, {})",
    Operation.ENDS_WITH: "endswith({}, {})",
}


class Rules:
    """The rules that conditions need beside the bodies that they stand in; `count` have been named before."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.written: list[str] = []

    def take(self, others: "Rules") -> None:
        """Add the rules of `others`, which were named after these."""
        self.written += others.written
        self.count = others.count

    def body(self, node: Node, kinds: Kinds) -> Iterator[str]:
        """The lines that are all true where `node` is; Unsayable if Rego has none."""
        yield from _Condition(self, kinds).lines(node)

    def add(self, bodies: tuple[tuple[str, ...], ...], *, takes_entry: bool) -> str:
        """A rule that is true where one of `bodies` is, as it is called."""
        self.count += 1
        name = f"part_{self.count}({ENTRY})" if takes_entry else f"part_{self.count}"
        for body in bodies:
            inner = "".join(f"\t{line}\n" for line in body)
            self.written.append(f"{name} if {{\n{inner}}}\n")
        return name


class _Condition:
    """One condition, or the body of a macro in it."""

    def __init__(self, rules: Rules, kinds: Kinds, entry: FactKind | None = None, *, in_loop: bool = False) -> None:
        self._rules = rules
        self._kinds = kinds
        self._entry = entry
        self._in_loop = in_loop

    def lines(self, node: Node) -> tuple[str, ...]:
        """The lines that are all true where `node`, something true or false, is true."""
        match node:
            case Call(operation=Operation.AND, arguments=(one, two)):
                return (*self.lines(one), *self.lines(two))
            case Call(operation=Operation.OR, arguments=(one, two)):
                return (self._either((one,), (two,)),)
            case Call(operation=Operation.NOT, arguments=(one,)):
                return (f"not {self._line(one)}",)
            case Call(operation=Operation.CHOICE, arguments=(asked, one, two)):
                return (self._either((asked, one), (_not(asked), two)),)
            case Call():
                return (self._comparison(node),)
            case Loop():
                return self._loop(node)
            case _:
                return (f"{self._value(node)} == true",)

    def _line(self, node: Node) -> str:
        """One line that is true where `node` is."""
        lines = self.lines(node)
        is_plain = len(lines) == 1 and not lines[0].startswith(("not ", "some ", "every "))
        return lines[0] if is_plain else self._rules.add((lines,), takes_entry=self._in_loop)

    def _either(self, *ways: tuple[Node, ...]) -> str:
        bodies = tuple(tuple(line for node in way for line in self.lines(node)) for way in ways)
        return self._rules.add(bodies, takes_entry=self._in_loop)

    def _comparison(self, call: Call) -> str:
        choice = next((node for argument in call.arguments for node in _choices(argument)), None)
        if choice is not None:
            asked, one, two = choice.arguments
            ways = (asked, _with(call, choice, one)), (_not(asked), _with(call, choice, two))
            return self._either(*ways)
        if call.operation in EQUALITIES and any(map(self._is_truth_found, call.arguments)):
            return self._same(call)
        line = _SIGNS[call.operation].format(*map(self._value, call.arguments))
        # A line that begins with a minus would be taken for the end of the one above it.
        return self._rules.add(((line,),), takes_entry=self._in_loop) if line.startswith("-") else line

    def _is_truth_found(self, node: Node) -> bool:
        """Whether `node` is true or false by what it says, and not as a value that stands there."""
        is_value = isinstance(node, Literal | Fact | Entry)
        return not is_value and kind_of(node, self._kinds, self._entry) is FactKind.BOOLEAN

    def _same(self, call: Call) -> str:
        one, two = call.arguments
        if call.operation is Operation.UNEQUAL:
            two = _not(two)
        return self._either((one, two), (_not(one), _not(two)))

    def _loop(self, loop: Loop) -> tuple[str, ...]:
        choice = next(_choices(loop.over), None)
        if choice is not None:
            asked, one, two = choice.arguments
            ways = (asked, _with(loop, choice, one)), (_not(asked), _with(loop, choice, two))
            return (self._either(*ways),)
        over = self._value(loop.over)
        within = _Condition(self._rules, self._kinds, entry_kind(loop.over, self._kinds), in_loop=True)
        body = "; ".join(within.lines(loop.body))
        if loop.quantifier is Quantifier.ALL:
            return (self._rules.add(((f"every {ENTRY} in {over} {{ {body} }}",),), takes_entry=False),)
        if loop.quantifier is Quantifier.EXISTS:
            return (self._rules.add(((f"some {ENTRY} in {over}", body),), takes_entry=False),)
        return (f"count([{ENTRY} | some {ENTRY} in {over}; {body}]) == 1",)

    def _value(self, node: Node) -> str:
        match node:
            case Literal(value=value):
                return _literal(value)
            case Fact(path=path):
                return attribute(path)
            case Entry():
                return ENTRY
            case Listing(entries=entries):
                return f"[{', '.join(map(self._value, entries))}]"
            case Call(operation=Operation.SIZE, arguments=(one,)):
                return f"count({self._value(one)})"
            case Call(operation=operation) if operation in CALCULATIONS:
                raise Unsayable("calculates, without rounding")
            case Call() | Loop():
                raise Unsayable("looks for the answer to a question in a list")


def _choices(node: Node) -> Iterator[Call]:
    """Every `? :` within `node`, but for those about the entries of a list, which are another scope."""
    if isinstance(node, Call) and node.operation is Operation.CHOICE:
        yield node
    for each in (node.over,) if isinstance(node, Loop) else below(node):
        yield from _choices(each)


def _with(node: Node, old: Node, new: Node) -> Node:
    """`node` with `new` wherever `old` itself stands in it."""
    if node is old:
        return new
    match node:
        case Listing(entries=entries):
            return replace(node, entries=tuple(_with(entry, old, new) for entry in entries))
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(_with(argument, old, new) for argument in arguments))
        case Loop(over=over):
            return replace(node, over=_with(over, old, new))
        case _:
            return node


def _not(node: Node) -> Node:
    return Call(Operation.NOT, (node,))


def attribute(path: str) -> str:
    """The fact at `path`."""
    return _FACTS + "".join(map(step, path.split(".")))


def step(name: str) -> str:
    """One step down to a field."""
    return f".{name}" if _PLAIN.fullmatch(name) and name not in _RESERVED else f"[{text(name)}]"


def number(value: Decimal) -> str:
    """A number as Rego reads it without loss; Unsayable if it is too large."""
    if abs(value) >= _LARGEST:
        raise Unsayable(f"has the number {digits(value)}, which is too large")
    return digits(value)


def text(value: str) -> str:
    """A text in quotes."""
    return json.dumps(value, ensure_ascii=False)


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else number(value)
