"""Overrides: a gate passed by decision although checks fail, until a day, and shown for what it is (RULES)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import BadInput, Refused
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request, RequestKind
from bot.domain.verdicts import CheckResult, Verdict


@dataclass(frozen=True, slots=True)
class Override:
    """The leave to pass the gate to `to` although `checks` fail: by memo `memo_id`, to the end of `until`.

    It never changes a verdict, and its expiry changes no phase. `request_id` is empty until it is asked for.
    """

    to: PhaseName
    checks: tuple[str, ...]
    memo_id: str
    until: date
    request_id: str = ""

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until < today


@dataclass(frozen=True, slots=True)
class Debt:
    """A check that was overridden and still does not pass."""

    result: CheckResult
    override: Override
    is_expired: bool

    @property
    def words(self) -> str:
        """How it shows beside the check: overridden, by which memo, until when."""
        end = "expired on" if self.is_expired else "until"
        return f"overridden by memo {self.override.memo_id}, {end} {self.override.until:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Met:
    """Checks that were overridden and pass: from then on nothing is owed for them, whatever becomes of them later."""

    override: Override
    checks: tuple[str, ...]


def override(verdict: Verdict, memo_id: str, until: date, today: date, max_days: int) -> Override:
    """The override of everything that fails in `verdict`, or a refusal: nothing to override, no memo, a wrong end."""
    if verdict.ready:
        raise Refused(f"The gate to {verdict.to} is ready, so nothing needs an override: ask for the promotion itself.")
    demand_bounded(memo_id, until, today, max_days)
    return Override(verdict.to, tuple(result.check for result in verdict.failing), memo_id, until)


def demand_bounded(memo_id: str, until: date, today: date, max_days: int) -> None:
    """Nothing, if an override may rest on this memo until this day; else a refusal: no memo, a wrong end."""
    if not memo_id:
        raise BadInput("An override rests on a filed memo of this workflow: file one and name its id.", "memo")
    if until <= today:
        raise BadInput("An override ends on a later day than today: give the date when it must be looked at.", "until")
    if (until - today).days > max_days:
        raise BadInput(f"An override lasts at most {max_days} days: give an earlier date.", "until")


def checks_as_term(passed: Iterable[Verdict]) -> str:
    """What a take-over passes over, gate by gate, in the form that `overrides_in` reads back."""
    return ";".join(f"{each.to}:{','.join(result.check for result in each.failing)}" for each in passed)


def overrides_in(request: Request) -> tuple[Override, ...]:
    """The overrides that a request asks for: one gate's, those of a take-over, or none."""
    if request.kind not in (RequestKind.OVERRIDE, RequestKind.TAKE_OVER):
        return ()
    told = request.term("checks")
    by_gate = told if request.kind is RequestKind.TAKE_OVER else f"{request.term('to')}:{told}"
    memo_id, until = request.term("memo"), date.fromisoformat(request.term("until"))
    gates = (each.partition(":") for each in by_gate.split(";"))
    return tuple(
        Override(PhaseName(to), tuple(checks.split(",")), memo_id, until, request.id)
        for to, _, checks in gates
        if checks
    )


def overrides_behind(phase: PhaseName, moves: Iterable[Request]) -> tuple[Override, ...]:
    """The overrides by which a workflow came into `phase`, of all its `moves`, the oldest first."""
    order = tuple(PhaseName)
    reached = order[: order.index(phase) + 1]
    last: dict[str, Override] = {}
    for request in moves:
        last.pop(request.term("to"), None)
        last |= {each.to: each for each in overrides_in(request)}
    return tuple(each for each in last.values() if each.to in reached)


def uncovered(agreed: Override, verdict: Verdict) -> tuple[CheckResult, ...]:
    """The checks that fail now and that `agreed` does not speak of; they keep the gate shut at the click."""
    return tuple(result for result in verdict.failing if result.check not in agreed.checks)


def debts(agreed: Override, verdict: Verdict, today: date) -> tuple[Debt, ...]:
    """What is still owed: the overridden checks that do not pass in a fresh `verdict` of the same gate."""
    _demand_same_gate(agreed, verdict)
    return tuple(
        Debt(result, agreed, agreed.is_expired(today)) for result in verdict.failing if result.check in agreed.checks
    )


def met(agreed: Override, verdict: Verdict) -> Met:
    """The overridden checks that pass in a fresh `verdict` of the same gate."""
    _demand_same_gate(agreed, verdict)
    failing = {result.check for result in verdict.failing}
    passed = {result.check for result in verdict.results} - failing
    return Met(agreed, tuple(check for check in agreed.checks if check in passed))


def _demand_same_gate(agreed: Override, verdict: Verdict) -> None:
    if verdict.to is not agreed.to:
        raise ValueError(f"An override of the gate to {agreed.to} says nothing about the gate to {verdict.to}.")
