"""A syntax tree turned into nested closures that compare exactly and count their steps."""

import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow, Underflow
from typing import Any

from bot.conditions.syntax import Call, Entry, Fact, Listing, Literal, Loop, Node, Operation, Quantifier, Scalar, size
from bot.domain.grants.conditions import ConditionError, Value

MAX_STEPS = 50_000
_CHARACTERS_A_STEP = 100

# Sums and products of numbers of 15 digits, exact or an error: none is ever rounded.
_EXACT = Context(prec=200, Emin=-400, Emax=400, traps=[Inexact, InvalidOperation, Overflow, Underflow])


class Scope:
    """What an evaluation sees: the facts, the entry that a macro is at, and how many steps are left."""

    __slots__ = ("entry", "facts", "steps")

    def __init__(self, facts: Mapping[str, Value], steps: int) -> None:
        self.facts = facts
        self.entry: Scalar = False
        self.steps = steps

    def spend(self, steps: int) -> None:
        """Take `steps` off what is left; ConditionError when there are none."""
        self.steps -= steps
        if self.steps < 0:
            raise ConditionError("takes too many steps")


Closure = Callable[[Scope], Any]


def closure(tree: Node) -> Callable[[Mapping[str, Value]], bool]:
    """What evaluates `tree` over typed facts: true or false, ConditionError if there is no exact answer in time."""
    run = _built(tree)
    steps = MAX_STEPS - size(tree)

    def holds(facts: Mapping[str, Value]) -> bool:
        try:
            return run(Scope(facts, steps)) is True
        except DecimalException:
            raise ConditionError("needs a number beyond all measure") from None
        except (LookupError, TypeError, ValueError) as error:
            raise ConditionError("could not be evaluated") from error

    return holds


def _built(node: Node) -> Closure:
    match node:
        case Literal():
            value = node.value
            return lambda _: value
        case Fact():
            path = node.path
            return lambda scope: scope.facts[path]
        case Entry():
            return lambda scope: scope.entry
        case Listing():
            entries = tuple(_built(entry) for entry in node.entries)
            return lambda scope: tuple(entry(scope) for entry in entries)
        case Loop():
            return _LOOPS[node.quantifier](_built(node.over), _built(node.body), size(node.body) + 1)
        case Call():
            return _BUILDERS[node.operation](*(_built(argument) for argument in node.arguments))


def _all(over: Closure, body: Closure, cost: int) -> Closure:
    def run(scope: Scope) -> bool:
        for entry in over(scope):
            scope.entry = entry
            scope.spend(cost)
            if not body(scope):
                return False
        return True

    return run


def _exists(over: Closure, body: Closure, cost: int) -> Closure:
    def run(scope: Scope) -> bool:
        for entry in over(scope):
            scope.entry = entry
            scope.spend(cost)
            if body(scope):
                return True
        return False

    return run


def _exists_one(over: Closure, body: Closure, cost: int) -> Closure:
    def run(scope: Scope) -> bool:
        found = 0
        for entry in over(scope):
            scope.entry = entry
            scope.spend(cost)
            found += bool(body(scope))
        return found == 1

    return run


_LOOPS: Mapping[Quantifier, Callable[[Closure, Closure, int], Closure]] = {
    Quantifier.ALL: _all,
    Quantifier.EXISTS: _exists,
    Quantifier.EXISTS_ONE: _exists_one,
}


def _in(entry: Closure, listing: Closure) -> Closure:
    def run(scope: Scope) -> bool:
        wanted, entries = entry(scope), listing(scope)
        scope.spend(len(entries) * (1 + _weight(wanted)))
        return wanted in entries

    return run


def _weight(value: object) -> int:
    """What looking at `value` costs beyond the step itself."""
    return len(value) // _CHARACTERS_A_STEP if isinstance(value, str) else 0


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Closure, Closure], Closure]:
    def build(one: Closure, two: Closure) -> Closure:
        def run(scope: Scope) -> bool:
            left = one(scope)
            if left.__class__ is str:
                scope.spend(_weight(left))
            return compare(left, two(scope))

        return run

    return build


def _searched(search: Callable[[str, str], bool]) -> Callable[[Closure, Closure], Closure]:
    def build(text: Closure, part: Closure) -> Closure:
        def run(scope: Scope) -> bool:
            within, wanted = text(scope), part(scope)
            scope.spend(_weight(within) + _weight(wanted))
            return search(within, wanted)

        return run

    return build


def _exactly(calculate: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Closure, Closure], Closure]:
    return lambda one, two: lambda scope: calculate(one(scope), two(scope))


_BUILDERS: Mapping[Operation, Callable[..., Closure]] = {
    Operation.AND: lambda one, two: lambda scope: one(scope) and two(scope),
    Operation.OR: lambda one, two: lambda scope: one(scope) or two(scope),
    Operation.NOT: lambda one: lambda scope: not one(scope),
    Operation.EQUAL: _compared(operator.eq),
    Operation.UNEQUAL: _compared(operator.ne),
    Operation.LESS: _compared(operator.lt),
    Operation.AT_MOST: _compared(operator.le),
    Operation.MORE: _compared(operator.gt),
    Operation.AT_LEAST: _compared(operator.ge),
    Operation.PLUS: _exactly(_EXACT.add),
    Operation.MINUS: _exactly(_EXACT.subtract),
    Operation.TIMES: _exactly(_EXACT.multiply),
    Operation.NEGATIVE: lambda one: lambda scope: one(scope).copy_negate(),
    Operation.CHOICE: lambda asked, one, two: lambda scope: one(scope) if asked(scope) else two(scope),
    Operation.IN: _in,
    Operation.SIZE: lambda one: lambda scope: Decimal(len(one(scope))),
    Operation.CONTAINS: _searched(lambda text, part: part in text),
    Operation.STARTS_WITH: _searched(str.startswith),
    Operation.ENDS_WITH: _searched(str.endswith),
}
