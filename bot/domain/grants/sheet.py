"""The facts of one decision held against a grant: everything that keeps them from being allowed, each with its code."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from bot.domain.errors import BadInput
from bot.domain.grants.conditions import CompiledCondition, Compiler, ConditionError, FactKind, Value
from bot.domain.grants.factsheet import FactMissing, FactWrong, misshapen, read
from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind, Sum, digits

_ZERO = Decimal(0)
# Looking a member up on its enum takes longer than comparing with it; these are on the way of every decision.
_NUMBER, _SIZED = FactKind.NUMBER, FactKind.SIZED
_WITH_SIZE = (FactKind.TEXT, FactKind.NUMBERS, FactKind.TEXTS, FactKind.BOOLEANS)


class Code(StrEnum):
    """Why not, for programs; some are followed by a colon and what it is about, as in `fact.missing:amount_usd`."""

    GRANT_NONE = "grant.none"
    GRANT_SUSPENDED = "grant.suspended"
    GRANT_EXPIRED = "grant.expired"
    WORKFLOW_FROZEN = "workflow.frozen"
    LIMIT_EXCEEDED = "limit.exceeded"
    FACT_MISSING = "fact.missing"
    FACT_TYPE = "fact.type"
    CONDITION_FALSE = "condition.false"
    CONDITION_ERROR = "condition.error"
    APPROVAL_REQUIRED = "approval.required"
    PHASE_CAP = "phase.cap"
    DAY_LIMIT = "day.limit"
    APPROVAL_MISMATCH = "approval.mismatch"
    APPROVAL_CROWDED = "approval.crowded"


Reason = tuple[str, str]
"""A code and its sentence."""


class Sheet:
    """The facts of one decision, each read once."""

    __slots__ = ("_facts", "_kinds", "_values", "_wanting")

    def __init__(self, facts: Mapping[str, object]) -> None:
        self._facts = facts
        self._kinds: dict[str, FactKind] = {}
        self._values: dict[str, Value] = {}
        self._wanting: set[str] = set()

    def check(self, terms: GrantTerms, compiler: Compiler) -> list[Reason]:
        """Every fact, limit and condition that keeps these facts from being allowed."""
        if found := misshapen(self._facts):
            return [(f"{Code.FACT_TYPE}:{found.fact}", found.reason)]
        reasons: list[Reason] = []
        for limit in terms.limits:
            self._read(limit.fact, _NUMBER, reasons)
        for capped in terms.per_day.sums if terms.per_day else ():
            self._read(capped.fact, _NUMBER, reasons)
        compiled = [(c, _compiled(c.source, compiler)) for c in terms.conditions]
        for _, condition in compiled:
            for use in condition.uses if condition else ():
                self._read(use.path, use.kind, reasons)
        for limit in terms.limits:
            self._admit(limit, reasons)
        for written, condition in compiled:
            self._hold(written, condition, reasons)
        return reasons

    def adds(self, terms: GrantTerms) -> tuple[Sum, ...]:
        """What an allow adds to the day's sums; a negative amount takes nothing off them."""
        sums = terms.per_day.sums if terms.per_day else ()
        return tuple(Sum(capped.fact, self.amount(capped.fact)) for capped in sums)

    def is_within(self, limit: Limit) -> bool:
        """Whether the fact of a single limit is there as a number that it admits."""
        reasons: list[Reason] = []
        if misshapen(self._facts) is None:
            self._read(limit.fact, _NUMBER, reasons)
            self._admit(limit, reasons)
            return not reasons and limit.fact not in self._wanting
        return False

    def amount(self, fact: str) -> Decimal:
        """The number at `fact`, 0 where it is negative or was not read as a number."""
        value = self._values.get(fact)
        return max(value, _ZERO) if isinstance(value, Decimal) else _ZERO

    def _number(self, fact: str) -> Decimal:
        value = self._values[fact]
        assert isinstance(value, Decimal)
        return value

    def _read(self, path: str, kind: FactKind, reasons: list[Reason]) -> None:
        """Read a fact; where it can't be read as `kind`, say so once and leave it out of what follows."""
        known = self._kinds.get(path)
        if known is kind or path in self._wanting or (kind is _SIZED and known in _WITH_SIZE):
            return
        try:
            self._values[path] = read(self._facts, path, kind)
            self._kinds[path] = kind
            return
        except FactMissing as missing:
            reasons.append((f"{Code.FACT_MISSING}:{path}", str(missing)))
        except FactWrong as wrong:
            reasons.append((f"{Code.FACT_TYPE}:{path}", str(wrong)))
        self._wanting.add(path)

    def _admit(self, limit: Limit, reasons: list[Reason]) -> None:
        """Hold one limit against its fact, unless that was already found wanting."""
        if limit.fact not in self._wanting and not limit.admits(self._number(limit.fact)):
            given, side = digits(self._number(limit.fact)), _SIDES[limit.kind]
            told = f"{limit.fact} is {given}, {side} the {digits(limit.value)} of {limit.name}."
            reasons.append((f"{Code.LIMIT_EXCEEDED}:{limit.name}", told))

    def _hold(self, written: Condition, condition: CompiledCondition | None, reasons: list[Reason]) -> None:
        """Evaluate one condition, unless a fact that it names was already found wanting."""
        if condition is None:
            reasons.append(_failing(Code.CONDITION_ERROR, written, "can't be read any more, so it does not hold"))
            return
        for use in condition.uses:
            if use.path in self._wanting:
                return
        try:
            if condition.holds(self._values) is not True:
                reasons.append(_failing(Code.CONDITION_FALSE, written, "does not hold"))
        except ConditionError as error:
            reasons.append(_failing(Code.CONDITION_ERROR, written, f"has no answer, as it {error}"))


def _failing(code: Code, written: Condition, what: str) -> Reason:
    return f"{code}:{written.index}", f"Condition {written.index} {what}: {written.source}"


_SIDES = {LimitKind.MAX: "above", LimitKind.MIN: "below"}


def _compiled(source: str, compiler: Compiler) -> CompiledCondition | None:
    try:
        return compiler(source)
    except BadInput:
        return None
