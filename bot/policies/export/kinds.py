"""Which kind of value each part of a condition has; the condition was typed when it was compiled."""

from collections.abc import Mapping

from bot.conditions import compiled
from bot.conditions.syntax import Call, Entry, Fact, Listing, Literal, Loop, Node, Operation
from bot.domain.grants.conditions import FactKind, FactUse
from bot.domain.grants.terms import GrantTerms

Kinds = Mapping[str, FactKind]
"""The kind of each fact of one condition, by path."""

CALCULATIONS = (Operation.PLUS, Operation.MINUS, Operation.TIMES, Operation.NEGATIVE)
ORDERINGS = (Operation.LESS, Operation.AT_MOST, Operation.MORE, Operation.AT_LEAST)
EQUALITIES = (Operation.EQUAL, Operation.UNEQUAL)

_ENTRIES = {
    FactKind.NUMBERS: FactKind.NUMBER,
    FactKind.TEXTS: FactKind.TEXT,
    FactKind.BOOLEANS: FactKind.BOOLEAN,
}


def facts_read(terms: GrantTerms) -> tuple[FactUse, ...]:
    """Every fact that a decision on these terms reads, and as what; without one of them it denies."""
    numbers = [limit.fact for limit in terms.limits]
    numbers += [capped.fact for capped in terms.per_day.sums] if terms.per_day else []
    uses = [FactUse(fact, FactKind.NUMBER) for fact in numbers]
    for condition in terms.conditions:
        uses += compiled(condition.source).uses
    return tuple(dict.fromkeys(uses))


def kinds_of(source: str) -> Kinds:
    """The facts of one condition."""
    return {use.path: use.kind for use in compiled(source).uses}


def kind_of(node: Node, facts: Kinds, entry: FactKind | None = None) -> FactKind | None:
    """The kind of `node`, where it is a single value; `entry` is that of the list that a macro goes through."""
    match node:
        case Literal(value=bool()):
            return FactKind.BOOLEAN
        case Literal(value=str()):
            return FactKind.TEXT
        case Literal():
            return FactKind.NUMBER
        case Fact(path=path):
            return facts[path]
        case Entry():
            return entry
        case Call(operation=Operation.CHOICE, arguments=(_, one, _)):
            return kind_of(one, facts, entry)
        case Call(operation=operation):
            is_number = operation in CALCULATIONS or operation is Operation.SIZE
            return FactKind.NUMBER if is_number else FactKind.BOOLEAN
        case Loop():
            return FactKind.BOOLEAN
        case Listing():
            return None


def entry_kind(over: Node, facts: Kinds) -> FactKind | None:
    """The kind of the entries of the list `over`."""
    match over:
        case Listing(entries=(first, *_)):
            return kind_of(first, facts)
        case Call(operation=Operation.CHOICE, arguments=(_, one, _)):
            return entry_kind(one, facts)
        case Fact(path=path):
            return _ENTRIES.get(facts[path])
        case _:
            return None
