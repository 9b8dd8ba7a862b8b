"""Grants as Cedar policies: one `permit` for each, with a `when` for each thing that must hold.

Cedar's numbers are 64-bit integers and decimals of four places. A comparison with a value of another type is an
error there, and an error denies; only `==`, `!=` and `contains` take any types, so the kind of each fact is
demanded first (docs.cedarpolicy.com, "Operators and functions").
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from decimal import Decimal

from bot.conditions.parsing import parse
from bot.conditions.syntax import Call, Entry, Fact, Listing, Literal, Loop, Node, Operation, Scalar
from bot.domain.grants.conditions import FactKind, FactUse
from bot.domain.grants.life import Grant
from bot.domain.grants.terms import Limit, LimitKind, PerDay, digits
from bot.policies.export.kinds import CALCULATIONS, ORDERINGS, Kinds, facts_read, kind_of, kinds_of
from bot.policies.export.scope import Exported, Scope, Unsayable, commented, kept_by_rollout, left_out

ASK = "ask_a_person:"
"""What stands before the name of an action that a person must approve first."""

_LARGEST_LITERAL = Decimal("922337203685477")
# Within this, four places are fifteen significant digits, which is what Rollout takes.
_LARGEST_FACT = "99999999999.9999"
_PLACES = 4
_FACTS = "context.facts"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_RESERVED = {"true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"}

_USAGE = (
    'The principal is Workflow::"{workflow}", the action Action::"…"; the resource may be any.',
    "context.facts holds what the agent sends, each number as a decimal; context.at is the time, as a datetime.",
    f'Where a person must approve each use, nothing permits Action::"…"; Action::"{ASK}…" is then permitted, which',
    "says that a person may be asked.",
)
_NUMBERS = f"Numbers with more than 4 decimals, or beyond {_LARGEST_FACT}, are denied here; Rollout takes 15 digits."
_COUNTING = (
    "send context.day.uses (before this one) and context.day.total (with this one, each a decimal); without them "
    "the action is denied."
)


def written(scope: Scope) -> Exported:
    """The policies of these grants; those that Cedar can't hold are left out, and so denied."""
    unsaid = [_NUMBERS, *kept_by_rollout(scope, _COUNTING)]
    policies: list[str] = []
    for grant in scope.in_force:
        try:
            policies.append(_permit(scope, grant))
        except Unsayable as why:
            unsaid.append(left_out(grant, str(why), "Cedar"))
    usage = (line.format(workflow=scope.workflow) for line in _USAGE)
    title = f"The active grants of {scope.workflow}, as Cedar."
    head = commented((title, "", *usage, "", "What it does not say:", *(f"- {told}" for told in unsaid)), "//")
    return Exported("\n".join([head, *policies]), tuple(unsaid))


def _permit(scope: Scope, grant: Grant) -> str:
    terms = grant.terms
    asks = scope.asks_person(grant)
    name = f"{ASK if asks else ''}{terms.action}"
    clauses = "".join(f"// {why}\nwhen {{ {test} }}\n" for why, test in _clauses(grant)).rstrip()
    return (
        f'@id("{grant.id}")\n@hash("{grant.hash}")\n@tier("{terms.tier}")\n'
        f'@requires_human_approval("{"true" if asks else "false"}")\n'
        "permit (\n"
        f"  principal == Workflow::{_text(scope.workflow)},\n"
        f"  action == Action::{_text(name)},\n"
        "  resource\n"
        f")\n{clauses};\n"
    )


def _clauses(grant: Grant) -> Iterator[tuple[str, str]]:
    """Each thing that must hold, with what it is; kinds first, as an error in them denies."""
    terms = grant.terms
    for use in facts_read(terms):
        yield f"{use.path} is {use.kind}", _kind_test(use)
    if grant.expires_at is None:
        raise Unsayable("it has no end, and a grant without one is not in force")
    yield "until its end", f"context.at < datetime({_text(f'{grant.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z')})"
    for limit in terms.limits:
        yield f"{limit.name} {digits(limit.value)}", _limit(limit)
    for condition in terms.conditions:
        try:
            test = _Expression(kinds_of(condition.source)).of(parse(condition.source))
        except Unsayable as why:
            raise Unsayable(f"condition {condition.index} {why}") from None
        yield f"condition {condition.index}: {condition.source}", test
    if terms.per_day:
        yield "what a day has room for", " && ".join(_day(terms.per_day)) or "true"


def _kind_test(use: FactUse) -> str:
    """What is true of a value of this kind and an error for any other."""
    value = _attribute(use.path)
    match use.kind:
        case FactKind.NUMBER:
            most, least = _decimal(Decimal(_LARGEST_FACT)), _decimal(-Decimal(_LARGEST_FACT))
            return f"{value}.lessThanOrEqual({most}) && {value}.greaterThanOrEqual({least})"
        case FactKind.TEXT:
            return f'{value} like "*"'
        case FactKind.BOOLEAN:
            return f"{value} || true"
        case _:
            raise Unsayable(f"it reads {use.path} as {use.kind}, and looks into it")


def _limit(limit: Limit) -> str:
    compare = "lessThanOrEqual" if limit.kind is LimitKind.MAX else "greaterThanOrEqual"
    try:
        return f"{_attribute(limit.fact)}.{compare}({_decimal(limit.value)})"
    except Unsayable as why:
        raise Unsayable(f"{limit.name} {why}") from None


def _day(per_day: PerDay) -> Iterator[str]:
    if per_day.uses is not None:
        yield f"context.day.uses >= 0 && context.day.uses < {per_day.uses}"
    for capped in per_day.sums:
        try:
            yield f"context.day.total{_step(capped.fact)}.lessThanOrEqual({_decimal(capped.amount)})"
        except Unsayable as why:
            raise Unsayable(f"the sum of {capped.fact} a day {why}") from None


class _Expression:
    """One condition in Cedar's words."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    def of(self, node: Node) -> str:
        match node:
            case Literal(value=value):
                return _literal(value)
            case Fact(path=path):
                return _attribute(path)
            case Listing(entries=entries):
                return f"[{', '.join(map(self.of, entries))}]"
            case Call():
                return self._call(node)
            case Loop(quantifier=quantifier):
                raise Unsayable(f"goes through a list with {quantifier}")
            case Entry(name=name):
                raise Unsayable(f"goes through a list as {name}")

    def _call(self, call: Call) -> str:
        operation, arguments = call.operation, call.arguments
        if operation in CALCULATIONS:
            raise Unsayable("calculates with decimals")
        if operation is Operation.SIZE:
            raise Unsayable("asks for a size")
        if operation in ORDERINGS and kind_of(arguments[0], self._kinds) is not FactKind.NUMBER:
            raise Unsayable("puts texts in an order")
        if operation in _PATTERNS:
            return self._like(operation, *arguments)
        return _FORMS[operation].format(*map(self.of, arguments))

    def _like(self, operation: Operation, text: Node, part: Node) -> str:
        if not isinstance(part, Literal) or not isinstance(part.value, str):
            raise Unsayable("looks for a text that is not written out")
        pattern = _PATTERNS[operation].format(_escaped(part.value).replace("*", "\\*"))
        return f'({self.of(text)} like "{pattern}")'


_FORMS: Mapping[Operation, str] = {
    Operation.AND: "({} && {})",
    Operation.OR: "({} || {})",
    Operation.NOT: "!({})",
    Operation.EQUAL: "({} == {})",
    Operation.UNEQUAL: "({} != {})",
    Operation.LESS: "{}.lessThan({})",
    Operation.AT_MOST: "{}.lessThanOrEqual({})",
    Operation.MORE: "{}.greaterThan({})",
    Operation.AT_LEAST: "{}.greaterThanOrEqual({})",
    Operation.CHOICE: "(if {} then {} else {})",
    Operation.IN: "{1}.contains({0})",
}
_PATTERNS: Mapping[Operation, str] = {
    Operation.CONTAINS: "*{}*",
    Operation.STARTS_WITH: "{}*",
    Operation.ENDS_WITH: "*{}",
}


def _attribute(path: str) -> str:
    return _FACTS + "".join(map(_step, path.split(".")))


def _step(name: str) -> str:
    return f".{name}" if _PLAIN.fullmatch(name) and name not in _RESERVED else f"[{_text(name)}]"


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else _decimal(value)


def _decimal(value: Decimal) -> str:
    written = digits(value)
    whole, _, places = written.partition(".")
    if len(places) > _PLACES:
        raise Unsayable(f"has the number {written}, with more than {_PLACES} decimals")
    if abs(value) > _LARGEST_LITERAL:
        raise Unsayable(f"has the number {written}, which is too large")
    return f'decimal("{whole}.{places or 0}")'


def _text(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """`text` between quotes: anything that is not plain ASCII by its number."""
    return "".join(_character(letter) for letter in text)


def _character(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if " " <= letter <= "~" else f"\\u{{{ord(letter):x}}}"
