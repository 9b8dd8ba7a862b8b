"""Judging a gate: every check it asks for, looked up in one table, put together as a verdict."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import checks
from bot.domain.calendar import local_date
from bot.domain.gate_evidence import Evidence
from bot.domain.gates import items, measures, quality, safety
from bot.domain.playbook import Gate
from bot.domain.signals.kinds import SignalType
from bot.domain.verdicts import CheckResult, Verdict
from bot.domain.workflows import GATE_ROLES

CHECKS: Mapping[type[checks.Check], Callable[[Any, Evidence], CheckResult]] = {
    checks.RequiredItems: items.required_items,
    checks.RolesHeld: items.roles_held,
    checks.MetricsFresh: measures.metrics_fresh,
    checks.EvalPassed: quality.eval_passed,
    checks.RedLinesFired: quality.red_lines_fired,
    checks.LogsKept: items.logs_kept,
    checks.VersionsNamed: quality.versions_named,
    checks.ReviewsHeld: quality.reviews_held,
    checks.IncidentsClosed: safety.incidents_closed,
    checks.DeviationsClosed: safety.deviations_closed,
    checks.RollbackRehearsed: safety.rollback_rehearsed,
    checks.RedTeamAccepted: safety.red_team_accepted,
    checks.GrantsAttested: safety.grants_attested,
    checks.GuardrailsHeld: measures.guardrails_held,
    checks.TargetMet: measures.target_met,
    checks.Published: items.published,
    checks.MemoFiled: items.memo_filed,
}
"""Every kind of check with the pure function that answers it; each answer's id is the name of its function."""

_REVIEWS = (quality.reviews_held,)
_RESTING: Mapping[SignalType, tuple[Callable[[Any, Evidence], CheckResult], ...]] = {
    SignalType.METRIC: (items.required_items, measures.metrics_fresh, measures.guardrails_held, measures.target_met),
    SignalType.EVAL_RUN: (items.required_items, quality.eval_passed, quality.versions_named),
    SignalType.RED_LINE: (items.required_items, quality.red_lines_fired),
    SignalType.REVIEW: _REVIEWS,
    SignalType.REVIEW_TALLY: _REVIEWS,
    SignalType.INCIDENT: (safety.incidents_closed,),
}


def checks_resting_on(kind: SignalType) -> frozenset[str]:
    """The ids of the checks that may come out otherwise once a signal of that kind is taken back."""
    return frozenset(check.__name__ for check in _RESTING.get(kind, ()))


def judge(gate: Gate, evidence: Evidence) -> Verdict:
    """The verdict of `gate` at the instant of `evidence`; ValueError if the evidence is of another phase."""
    if gate.to is not evidence.leaving.following:
        raise ValueError(f"The gate to {gate.to} does not end {evidence.leaving}.")
    return Verdict(
        to=gate.to,
        at=evidence.at,
        playbook_hash=evidence.checklist.workflow.playbook.hash,
        people_count=_people_count(evidence),
        results=tuple(CHECKS[type(check)](check, evidence) for check in gate.checks),
        notes=_notes(evidence),
    )


def _people_count(evidence: Evidence) -> int | None:
    if evidence.holders is None:
        return None
    return len({holder.person_id for holder in evidence.holders if holder.role in GATE_ROLES and holder.is_active})


def _notes(evidence: Evidence) -> tuple[str, ...]:
    """What the card must show beside the checks: numbers that were made easier since the phase began."""
    zone = evidence.checklist.workflow.team.zone
    return tuple(
        f"The numbers of {metric.name} were made easier on {local_date(metric.loosened_at, zone):%-d %b %Y}."
        for metric in evidence.metrics or ()
        if metric.loosened_at and metric.loosened_at >= evidence.phase_since
    )
