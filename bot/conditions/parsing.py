"""From a condition's source to its syntax tree, by CEL's own parser; what grants may not use is refused in words."""

import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn

from cel_expr_python import cel

from bot.conditions.syntax import Call, Entry, Fact, Listing, Literal, Loop, Node, Operation, Quantifier, Scalar
from bot.conditions.wire import Message, Parsed, parsed
from bot.domain.errors import BadInput
from bot.domain.grants.factsheet import MAX_DEPTH as FACT_DEPTH
from bot.domain.grants.factsheet import SIGNIFICANT_DIGITS
from bot.domain.wording import clean, cut

MAX_BYTES = 4_000
MAX_LENGTH = 500
MAX_DEPTH = 10

# Fields of cel.expr.Expr and of the messages in it (cel-spec, syntax.proto).
_ID, _CONSTANT, _IDENTIFIER, _SELECT, _CALL, _LIST, _STRUCT, _COMPREHENSION = range(2, 10)
_BOOL, _INT64, _UINT64, _DOUBLE, _STRING = range(2, 7)

_NUMBER = re.compile(r"(-?)\s*([0-9]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)", re.ASCII)
_STRINGS = re.compile(r"'''.*?'''|\"\"\".*?\"\"\"|'(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\"", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_COMPLAINT = re.compile(r"ERROR: <input>:\d+:(\d+): (?:Syntax error: )?(.*)")

_NOT_OURS: Mapping[str, str] = {
    "_/_": "divides: multiply the other side instead, as in a <= b * 0.5",
    "_%_": "uses %, which no grant may",
    "_[_]": "looks something up in brackets: write a step down with a dot, as in customer.tier",
    "matches": "uses matches(): use startsWith, endsWith, contains or == instead",
    "double": "uses double(): numbers are compared by value, so leave it out",
    "int": "uses int(): numbers are compared by value, so leave it out",
    "uint": "uses uint(): numbers are compared by value, so leave it out",
}
_ALLOWED = "allowed are size, contains, startsWith, endsWith, in, all, exists and exists_one"


@lru_cache(maxsize=1)
def _environment() -> cel.Env:
    """CEL without any variable or extension; enough to parse with."""
    return cel.NewEnv()


def parse(source: str) -> Node:
    """The syntax tree of `source`; BadInput with a sentence if it is no condition that a grant may have."""
    _demand_short(source)
    try:
        tree = parsed(_environment().compile(source, disable_check=True).serialize())
    except RuntimeError as error:
        refuse(f"is not valid CEL{complaint(str(error))}")
    return _Reading(source, tree).node(tree.expression)


def refuse(why: str) -> NoReturn:
    """A BadInput: "The condition … ." around `why`."""
    raise BadInput(f"The condition {why}.")


def _demand_short(source: str) -> None:
    if len(source) > MAX_LENGTH or len(source.encode(errors="replace")) > MAX_BYTES:
        refuse(f"has more than {MAX_LENGTH} characters: split it into several lines")
    if not source.strip():
        refuse("is empty")
    if clean(source) != source:
        refuse("has an invisible character in it")
    bare = _STRINGS.sub("", source)
    if "\n" in source or "//" in bare:
        refuse("has a line break or a comment in it: write one plain line")
    level = deepest = 0
    for letter in bare:
        level += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, level)
    if deepest > MAX_DEPTH:
        refuse(f"has brackets more than {MAX_DEPTH} levels deep: split it into several lines")


def complaint(told: str) -> str:
    """What CEL says of the first place that it stumbled over, to put after a clause."""
    if "recursion" in told:
        return ": it is nested too deep"
    found = _COMPLAINT.search(told)
    if not found:
        return ""
    what = cut(found[2].split(" expecting ")[0], 80).rstrip(".")
    return f" at character {found[1]}: {'it ends too early' if '<EOF>' in what else what}"


class _Reading:
    """One pass over what the parser handed over."""

    def __init__(self, source: str, tree: Parsed) -> None:
        self._source = source
        self._positions = tree.positions
        self._entry: str | None = None
        self._level = 0

    def node(self, expression: Message) -> Node:
        self._level += 1
        if self._level > MAX_DEPTH:
            refuse(f"is nested more than {MAX_DEPTH} levels deep: split it into several lines")
        node = self._node(expression)
        self._level -= 1
        return node

    def _node(self, expression: Message) -> Node:
        if call := expression.message(_CALL):
            return self._call(call)
        if expression.has(_IDENTIFIER) or expression.has(_SELECT):
            return self._named(expression)
        if constant := expression.message(_CONSTANT):
            return Literal(self._literal(expression, constant))
        if expression.has(_LIST):
            return self._listing(expression.messages(_LIST)[0])
        if comprehension := expression.message(_COMPREHENSION):
            return self._loop(comprehension)
        refuse("makes a map or a message with braces, which no grant may")

    def _call(self, call: Message) -> Node:
        name = call.text(2)
        if name in _NOT_OURS:
            refuse(_NOT_OURS[name])
        if name in tuple(Quantifier):
            refuse(f"uses {name} otherwise than as list.{name}(entry, condition on the entry)")
        if name not in tuple(Operation):
            refuse(f"uses {cut(name, 40)}, which no grant may: {_ALLOWED}")
        target = call.message(1)
        arguments = (*((target,) if target else ()), *call.messages(3))
        return Call(Operation(name), tuple(self.node(argument) for argument in arguments))

    def _named(self, expression: Message) -> Node:
        steps: list[str] = []
        while select := expression.message(_SELECT):
            if select.number(3):
                refuse("uses has(): a missing fact denies anyway, so leave it out")
            steps.append(select.text(2))
            operand = select.message(1)
            assert operand is not None
            expression = operand
        if not expression.has(_IDENTIFIER):
            refuse("takes a field of something that is no fact")
        root = expression.message(_IDENTIFIER)
        assert root is not None
        steps.append(root.text(1))
        if steps == [self._entry]:
            return Entry(steps[0])
        if self._entry == steps[-1]:
            refuse(f"looks into the entries of a list ({self._entry}); only plain entries are compared")
        if len(steps) > FACT_DEPTH:
            refuse(f"looks more than {FACT_DEPTH} levels down into a fact")
        if not all(_NAME.fullmatch(step) for step in steps):
            refuse("names a fact with more than letters, digits and _ in it")
        return Fact(".".join(reversed(steps)))

    def _listing(self, listing: Message) -> Node:
        if listing.has(2):
            refuse("uses ? inside a list, which no grant may")
        return Listing(tuple(self.node(entry) for entry in listing.messages(1)))

    def _literal(self, expression: Message, constant: Message) -> Scalar:
        match constant.fields[0]:
            case (kind, int(value)) if kind == _BOOL:
                return bool(value)
            case (kind, int(value)) if kind == _INT64:
                return self._number(expression, float(value - (1 << 64) if value >> 63 else value))
            case (kind, int(value)) if kind == _UINT64:
                return self._number(expression, float(value))
            case (kind, bytes(value)) if kind == _DOUBLE:
                return self._number(expression, float(struct.unpack("<d", value)[0]))
            case (kind, bytes(value)) if kind == _STRING:
                return value.decode()
        refuse("uses null or bytes: a fact is a number, text, true or false, or a list of these")

    def _number(self, expression: Message, meant: float) -> Decimal:
        """The literal as it is written, held against what CEL read: a decimal that no binary float has touched."""
        found = _NUMBER.match(self._source, self._positions.get(expression.number(_ID), 0))
        written = "".join(found.groups()) if found else ""
        if not any(letter.isdigit() for letter in written) or float(written) != meant:
            refuse("has a number that is not written in plain decimal digits")
        number = Decimal(written)
        if not -31 < number.adjusted() < 31:
            refuse(f"has the number {cut(written, 40)}, which is too large or too small to be meant")
        if len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS:
            refuse(f"has the number {cut(written, 40)}, which needs more than {SIGNIFICANT_DIGITS} significant digits")
        return number

    def _loop(self, comprehension: Message) -> Node:
        if self._entry is not None:
            refuse("has a macro inside a macro: split it into several lines")
        over, step = comprehension.message(2), comprehension.message(6)
        call = step.message(_CALL) if step else None
        quantifier = _QUANTIFIERS.get(call.text(2)) if call else None
        if over is None or call is None or quantifier is None or _is_list(comprehension.message(4)):
            refuse(f"uses map or filter, which no grant may: {_ALLOWED}")
        range_ = self.node(over)
        body = call.messages(3)[0 if quantifier is Quantifier.EXISTS_ONE else 1]
        self._entry = comprehension.text(1)
        loop = Loop(quantifier, self._entry, range_, self.node(body))
        self._entry = None
        return loop


_QUANTIFIERS: Mapping[str, Quantifier] = {
    "_&&_": Quantifier.ALL,
    "_||_": Quantifier.EXISTS,
    "_?_:_": Quantifier.EXISTS_ONE,
}


def _is_list(start: Message | None) -> bool:
    """Whether a macro gathers a list rather than an answer."""
    return start is None or start.has(_LIST)
