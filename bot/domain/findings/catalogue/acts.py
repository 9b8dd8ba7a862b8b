"""Rules about what agents did: unasked, by another policy than the one in force, or kept from what they may."""

from collections.abc import Iterator

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.weeks import WEEK_DAYS
from bot.domain.findings.words import called, day
from bot.domain.gates.words import counted, named
from bot.domain.workflows import Role

_TRACES = 5


@rule("action.unasked")
def action_unasked(look: WorkflowLook) -> Iterator[Found]:
    """An agent action with an effect was done in the week without a matching allow.

    It names one of the same workflow and action, or an unused one for the same facts was given within 24 hours before.
    """
    for each in look.seen.acts.unasked:
        yield Found(
            severity=Severity.CRITICAL,
            summary=f"{called(each.action)} was done {_times(each.count)} without an allow, "
            f"{'first ' if each.count > 1 else ''}on {day(each.first_at, look.weeks)}",
            owner=look.owner(Role.STEWARD),
            next_step="make the agent ask first, or freeze it",
            facts=(("action", each.action), ("count", each.count), ("first_at", each.first_at.isoformat())),
            evidence=each.evidence,
            about=each.action,
            size=each.count,
        )


@rule("policy.drift")
def policy_drift(look: WorkflowLook) -> Iterator[Found]:
    """An agent action or decision in the week reported another grant than the one in force, or none where others do."""
    drifts = look.seen.acts.drifts
    if not drifts:
        return
    other, silent = sum(drift.other for drift in drifts), sum(drift.silent for drift in drifts)
    told = [f"{other:,} reported another grant than the one in force"] if other else []
    told += [f"{silent:,} reported none"] if silent else []
    yield Found(
        severity=Severity.WARNING,
        summary=f"of the agent's actions and decisions {' and '.join(told)} "
        f"({named([called(drift.action) for drift in drifts])})",
        owner=look.owner(Role.STEWARD),
        next_step="give the agent the grants that are in force",
        facts=(("other_hash", other), ("no_hash", silent), ("actions", tuple(drift.action for drift in drifts))),
        evidence=tuple(trace for drift in drifts for trace in drift.evidence)[:_TRACES],
        size=other + silent,
    )


@rule("agent.blocked")
def agent_blocked(look: WorkflowLook) -> Iterator[Found]:
    """At least 20 denies in the week for an action that was allowed in the 28 days before."""
    book = look.playbook
    least, days = book.count("agent.blocked", "min_denies"), book.count("agent.blocked", "allowed_within_days")
    since = look.weeks.days_before(WEEK_DAYS + days)
    for each in look.seen.acts.blocked:
        if each.denies < least or each.allowed_at is None or each.allowed_at < since:
            continue
        yield Found(
            severity=Severity.WARNING,
            summary=f"{called(each.action)} was denied {_times(each.denies)} (from {least} on), "
            f"and last allowed on {day(each.allowed_at, look.weeks)}",
            owner=look.owner(Role.STEWARD),
            next_step="look why it is denied; mend the agent, or ask for the grant",
            facts=(("action", each.action), ("denies", each.denies), ("allowed_at", each.allowed_at.isoformat())),
            about=each.action,
            size=each.denies,
        )


def _times(count: int) -> str:
    return "once" if count == 1 else counted(count, "time")
