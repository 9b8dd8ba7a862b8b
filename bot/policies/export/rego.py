"""Grants as a Rego module: `allow` and `needs_approval`, false unless all that a grant demands is true.

Rego's numbers come from JSON and are compared by value; what is calculated with them may be rounded, so nothing is.
Each fact's kind is demanded before anything else is said of it, as a comparison of two types is no error in Rego.
The conditions themselves are put into rules by `rego_conditions`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.conditions.parsing import parse
from bot.domain.grants.conditions import FactKind, FactUse
from bot.domain.grants.life import Grant
from bot.domain.grants.terms import LimitKind, PerDay, digits
from bot.policies.export.kinds import facts_read, kinds_of
from bot.policies.export.rego_conditions import Rules, attribute, number, step, text
from bot.policies.export.scope import Exported, Scope, Unsayable, commented, kept_by_rollout, left_out

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_USAGE = (
    'The input is {"workflow", "action", "facts"}, as Rollout\'s own decisions take it, and "day" where a grant',
    "counts. allow says that the action may be done, needs_approval that it may once a person has approved this use.",
)
_NUMBERS = (
    "Numbers below 0.00001 or from 1,000,000,000,000,000 on are denied here, whatever their digits; one of more "
    "than 15 digits is denied as far as the engine's own reading of JSON has not rounded it before."
)
_COUNTING = (
    "send day.uses (before this one) and day.total (with this one); without them the action is neither allowed "
    "nor to be approved."
)

_KINDS = {
    FactKind.NUMBER: "is_exact({})",
    FactKind.TEXT: "is_string({})",
    FactKind.BOOLEAN: "is_boolean({})",
    FactKind.NUMBERS: "are_exact({})",
    FactKind.TEXTS: "are_texts({})",
    FactKind.BOOLEANS: "are_booleans({})",
    FactKind.SIZED: "has_size({})",
}
_DEFAULTS = """import rego.v1

default allow := false

default needs_approval := false
"""
_CHECKS = """
# A number of at most 15 significant digits, written without an exponent.
is_exact(value) if {
	is_number(value)
	value > -1000000000000000
	value < 1000000000000000
	digits := lower(json.marshal(value))
	not contains(digits, "e")
	count(trim_left(replace(replace(digits, "-", ""), ".", ""), "0")) <= 15
}

are_exact(values) if {
	is_array(values)
	every value in values { is_exact(value) }
}

are_texts(values) if {
	is_array(values)
	every value in values { is_string(value) }
}

are_booleans(values) if {
	is_array(values)
	every value in values { is_boolean(value) }
}

has_size(value) if is_string(value)

has_size(value) if is_array(value)
"""


def written(scope: Scope) -> Exported:
    """The module of these grants; those that Rego can't hold are left out, and so denied."""
    unsaid = [_NUMBERS, *kept_by_rollout(scope, _COUNTING)]
    rules = Rules()
    granted: list[str] = []
    for grant in scope.in_force:
        try:
            granted.append(_grant(scope, grant, rules))
        except Unsayable as why:
            unsaid.append(left_out(grant, str(why), "Rego"))
    usage = _USAGE
    title = f"The active grants of {scope.workflow}, as Rego."
    head = commented((title, "", *usage, "", "What it does not say:", *(f"- {told}" for told in unsaid)), "#")
    package = f"package rollout{step(scope.workflow)}\n"
    return Exported("\n".join([f"{head}{package}", _DEFAULTS, *granted, *rules.written]) + _CHECKS, tuple(unsaid))


def _grant(scope: Scope, grant: Grant, rules: Rules) -> str:
    """The rule of one grant; the rules that its conditions need are added to `rules` only if all can be said."""
    own = Rules(rules.count)
    body = "".join(f"\t{line}\n" for line in _body(scope, grant, own))
    rules.take(own)
    head = "needs_approval" if scope.asks_person(grant) else "allow"
    return f"# {grant.id}: {grant.terms.tier} tier, hash {grant.hash}\n{head} if {{\n{body}}}\n"


def _body(scope: Scope, grant: Grant, rules: Rules) -> Iterator[str]:
    terms = grant.terms
    if grant.expires_at is None:
        raise Unsayable("it has no end, and a grant without one is not in force")
    yield f"input.workflow == {text(scope.workflow)}"
    yield f"input.action == {text(terms.action)}"
    yield f"time.now_ns() < {_nanoseconds(grant.expires_at)} # {grant.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    yield from (_kind_test(use) for use in facts_read(terms))
    for limit in terms.limits:
        sign = "<=" if limit.kind is LimitKind.MAX else ">="
        try:
            yield f"{attribute(limit.fact)} {sign} {number(limit.value)} # {limit.name}"
        except Unsayable as why:
            raise Unsayable(f"{limit.name} {why}") from None
    for condition in terms.conditions:
        yield f"# condition {condition.index}: {condition.source}"
        try:
            yield from rules.body(parse(condition.source), kinds_of(condition.source))
        except Unsayable as why:
            raise Unsayable(f"condition {condition.index} {why}") from None
    if terms.per_day:
        yield from _day(terms.per_day)


def _kind_test(use: FactUse) -> str:
    return _KINDS[use.kind].format(attribute(use.path))


def _day(per_day: PerDay) -> Iterator[str]:
    if per_day.uses is not None:
        yield "is_exact(input.day.uses)"
        yield "input.day.uses >= 0"
        yield f"input.day.uses < {per_day.uses}"
    for capped in per_day.sums:
        total = f"input.day.total{step(capped.fact)}"
        try:
            yield f"is_exact({total})"
            yield f"{total} <= {number(capped.amount)} # {digits(capped.amount)} a day"
        except Unsayable as why:
            raise Unsayable(f"the sum of {capped.fact} a day {why}") from None


def _nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000
