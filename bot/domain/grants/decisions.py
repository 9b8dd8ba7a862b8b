"""May this agent do this now? Pure and quick: one question, the facts, an instant (RULES, "Decision").

Nothing allows but one active grant whose every limit and condition holds; whatever can't be told for certain denies.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Context, Decimal
from enum import StrEnum

from bot.domain.grants.autonomy import needs_person
from bot.domain.grants.conditions import Compiler
from bot.domain.grants.factsheet import EVERY, Facts, Unreadable
from bot.domain.grants.life import LIVING, Grant, GrantState, SuspensionCause, is_suspended_by
from bot.domain.grants.sheet import Code, Reason, Sheet
from bot.domain.grants.terms import GrantTerms, Sum, digits
from bot.domain.playbook import Autonomy

__all__ = ["Code", "DayCount", "Decision", "Outcome", "Question", "beyond_day", "decide"]

_ZERO = Decimal(0)
# Looking a member up on its enum takes longer than comparing with it; this is on the way of every decision.
_SUSPENDED = GrantState.SUSPENDED
# Sums of numbers of 15 digits between 1E-30 and 1E+30 fit without rounding.
_WIDE = Context(prec=100)


class Outcome(StrEnum):
    """The answer."""

    ALLOW = "allow"
    NEEDS_APPROVAL = "needs_approval"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was allowed so far for this action in the team's day."""

    uses: int = 0
    sums: tuple[Sum, ...] = ()

    def plus(self, adds: tuple[Sum, ...]) -> "DayCount":
        """The same with one more allow, which adds these amounts."""
        sums = {counted.fact: counted.amount for counted in self.sums}
        for added in adds:
            sums[added.fact] = _WIDE.add(sums.get(added.fact, _ZERO), added.amount)
        return DayCount(self.uses + 1, tuple(Sum(fact, amount) for fact, amount in sorted(sums.items())))

    def sum_of(self, fact: str) -> Decimal:
        """The sum of `fact` so far."""
        return next((counted.amount for counted in self.sums if counted.fact == fact), _ZERO)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and how the workflow stands.

    `grants` are those of this workflow and action in any state; others among them are passed over.
    `evals_fresh_until` is the last instant at which the latest eval run is young enough: None where the phase does
    not ask for one, an instant already past where there is no run. `attest_every_days` is the playbook's.
    """

    workflow_id: str
    workflow: str
    action: str
    is_frozen: bool
    autonomy: Autonomy
    grants: tuple[Grant, ...]
    counted: DayCount = DayCount()
    evals_fresh_until: datetime | None = None
    attest_every_days: int = 30


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer with its reasons, one code each; `adds` is what an allow, also a person's, adds to the day's sums."""

    outcome: Outcome
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    grant_id: str | None
    grant_hash: str | None
    adds: tuple[Sum, ...] = ()


def decide(question: Question, facts: Facts, at: datetime, compiler: Compiler) -> Decision:
    """Whether `question` is answered with allow, for these facts at this instant; it raises nothing."""
    grant = _grant_in_force(question)
    standing = _standing(question, grant, at)
    if grant is None or standing:
        return _answer(Outcome.DENY, standing, grant)
    if isinstance(facts, Unreadable):
        return _answer(Outcome.DENY, [(f"{Code.FACT_TYPE}:{EVERY}", facts.reason)], grant)
    sheet = Sheet(facts)
    wrong = sheet.check(grant.terms, compiler)
    if wrong:
        return _answer(Outcome.DENY, wrong, grant)
    adds = sheet.adds(grant.terms)
    attended = _attended(question, grant.terms, adds)
    if attended:
        return replace(_answer(Outcome.NEEDS_APPROVAL, attended, grant), adds=adds)
    return Decision(Outcome.ALLOW, _ALLOWED, (), grant.id, grant.hash, adds)


_ALLOWED = ("The grant allows it: every limit and condition holds.",)


def _answer(outcome: Outcome, reasons: list[Reason], grant: Grant | None) -> Decision:
    return Decision(
        outcome,
        tuple(sentence for _, sentence in reasons),
        tuple(code for code, _ in reasons),
        grant.id if grant else None,
        grant.hash if grant else None,
    )


def _grant_in_force(question: Question) -> Grant | None:
    """The grant that the answer rests on: the active or suspended one, else the last that expired."""
    found: Grant | None = None
    for grant in question.grants:
        if grant.terms.action != question.action or grant.workflow_id != question.workflow_id:
            continue
        if grant.state in LIVING:
            if found is not None and found.state in LIVING:
                return None
            found = grant
        elif grant.state is GrantState.EXPIRED and (found is None or _is_later(grant, found)):
            found = grant
    return found


def _is_later(grant: Grant, other: Grant) -> bool:
    """Whether `grant`, an expired one, ended after `other`, unless that one lives."""
    if other.state in LIVING or grant.expires_at is None:
        return False
    return other.expires_at is None or grant.expires_at > other.expires_at


def _standing(question: Question, grant: Grant | None, at: datetime) -> list[Reason]:
    """Why no grant is in force at `at`, whatever the facts."""
    reasons: list[Reason] = []
    if question.is_frozen:
        told = f"{question.workflow} is frozen: none of its grants is in force until someone unfreezes it."
        reasons.append((Code.WORKFLOW_FROZEN, told))
    if grant is None:
        told = (
            f"There is no active grant that lets {question.workflow} do {question.action}; someone has to request one."
        )
        reasons.append((Code.GRANT_NONE, told))
    elif grant.state is GrantState.EXPIRED or grant.has_expired(at) or grant.expires_at is None:
        when = f" on {grant.expires_at:%-d %b %Y at %H:%M} UTC" if grant.expires_at else ""
        reasons.append((Code.GRANT_EXPIRED, f"The grant for {question.action} expired{when}; someone has to renew it."))
    elif causes := _suspended(question, grant, at):
        told = f"The grant for {question.action} is suspended, as {' and '.join(causes)}."
        reasons.append((Code.GRANT_SUSPENDED, told))
    return reasons


def _suspended(question: Question, grant: Grant, at: datetime) -> tuple[str, ...]:
    """Why the grant stands still at `at`: what was recorded, and what time alone has caused since."""
    causes = [suspension.cause for suspension in grant.suspensions] if grant.state is _SUSPENDED else []
    fresh_until, attest_by = question.evals_fresh_until, grant.attest_by(question.attest_every_days)
    if fresh_until is not None and at > fresh_until and is_suspended_by(SuspensionCause.EVALS_STALE, grant.terms):
        causes.append(SuspensionCause.EVALS_STALE)
    if attest_by is None or at >= attest_by:
        causes.append(SuspensionCause.UNATTESTED)
    if grant.state is _SUSPENDED and not causes:
        causes.append(SuspensionCause.BY_HAND)
    return tuple(dict.fromkeys(causes))


def _attended(question: Question, terms: GrantTerms, adds: tuple[Sum, ...]) -> list[Reason]:
    """Why a person must look at it first."""
    reasons: list[Reason] = []
    if terms.requires_human_approval:
        reasons.append((Code.APPROVAL_REQUIRED, "The grant asks for a person's approval of each use."))
    if needs_person(question.autonomy, terms):
        told = f"In the phase that {question.workflow} is in, an action like this needs a person's approval."
        reasons.append((Code.PHASE_CAP, told))
    reasons += beyond_day(terms, question.counted, adds)
    return reasons


def beyond_day(terms: GrantTerms, counted: DayCount, adds: tuple[Sum, ...]) -> list[Reason]:
    """Why a use that adds `adds` has no room left in a day of which `counted` is used up."""
    if terms.per_day is None:
        return []
    reasons: list[Reason] = []
    uses = terms.per_day.uses
    if uses is not None and counted.uses >= uses:
        reasons.append((Code.DAY_LIMIT, f"The {uses} uses a day that the grant allows are used up."))
    for capped, added in zip(terms.per_day.sums, adds, strict=True):
        total = _WIDE.add(counted.sum_of(capped.fact), added.amount)
        if total > capped.amount:
            told = f"With this, {capped.fact} comes to {digits(total)} today, above {digits(capped.amount)} a day."
            reasons.append((Code.DAY_LIMIT, told))
    return reasons
