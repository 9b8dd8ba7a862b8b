"""Rules about grants: what ends soon, stands still, or is to be attested."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.calendar import local_date
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.gates.words import counted, named
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role

_MENDS = {
    SuspensionCause.BY_HAND: "settle why it was suspended, then resume it",
    SuspensionCause.EVAL_FAILED: "bring the suite's last two runs above the floor, then resume it",
    SuspensionCause.EVALS_STALE: "run the evals again, then resume it",
    SuspensionCause.INCIDENT: "resolve the incident and have its postmortem accepted, then resume it",
    SuspensionCause.RED_LINE: "find out how the red line was crossed, and resume it with that reason",
    SuspensionCause.GUARDRAIL: "bring the metric back within its limit, then resume it",
    SuspensionCause.UNATTESTED: "attest it if it is still needed and right, else revoke it",
}


@rule("grant.expiring", while_paused=True)
def grants_expiring(look: WorkflowLook) -> Iterator[Found]:
    """An active grant expires within 7 days."""
    notice = look.playbook.count("grant.expiring", "notice_days")
    for grant in look.records.grants:
        ends_at = grant.expires_at
        if grant.state is GrantState.ACTIVE and ends_at and ends_at <= look.weeks.days_after(notice):
            yield Found(
                severity=Severity.NOTICE,
                summary=f"the grant for {grant.terms.action} expires {_when(look, ends_at)}",
                owner=look.owner(Role.STEWARD),
                next_step="request it anew if it is still needed",
                facts=(*_facts(grant), ("expires_at", ends_at.isoformat()), ("notice_days", notice)),
                evidence=_trace(grant),
                about=grant.id,
            )


@rule("grant.suspended", while_paused=True)
def grants_suspended(look: WorkflowLook) -> Iterator[Found]:
    """A grant is suspended."""
    for grant in look.records.grants:
        if grant.state is not GrantState.SUSPENDED:
            continue
        since = min(each.since for each in grant.suspensions)
        causes = tuple(_told(each) for each in grant.suspensions)
        day = local_date(since, look.workflow.team.zone)
        yield Found(
            severity=Severity.WARNING,
            summary=f"the grant for {grant.terms.action} is suspended since {day:%-d %b %Y}: {named(causes)}",
            owner=look.owner(Role.STEWARD),
            next_step=_MENDS[grant.suspensions[0].cause],
            facts=(*_facts(grant), ("since", since.isoformat()), ("causes", causes)),
            evidence=_trace(grant),
            about=grant.id,
            size=len(causes),
        )


@rule("grant.unattested", while_paused=True)
def grants_unattested(look: WorkflowLook) -> Iterator[Found]:
    """A grant's attestation is overdue or due within 7 days; a warning once it is overdue."""
    every = look.playbook.count("grant.life", "attest_every_days")
    notice = look.playbook.count("grant.life", "attest_notice_days")
    for grant in look.records.grants:
        due_at = grant.attest_by(every)
        if due_at is None or due_at > look.weeks.days_after(notice):
            continue
        is_overdue = look.at >= due_at
        yield Found(
            severity=Severity.WARNING if is_overdue else Severity.NOTICE,
            summary=f"the attestation of {grant.terms.action}, asked for every {every} days, "
            f"{'was' if is_overdue else 'is'} due {_when(look, due_at)}",
            owner=look.owner(Role.STEWARD),
            next_step="attest it if it is still needed and right, else revoke it",
            facts=(*_facts(grant), ("due_at", due_at.isoformat()), ("attest_every_days", every)),
            evidence=_trace(grant),
            about=grant.id,
        )


def _when(look: WorkflowLook, at: datetime) -> str:
    """The day of `at` where the team is, and how far that is from today."""
    zone = look.workflow.team.zone
    day = local_date(at, zone)
    away = (day - local_date(look.at, zone)).days
    told = "today" if not away else f"in {counted(away, 'day')}" if away > 0 else f"{counted(-away, 'day')} ago"
    return f"on {day:%-d %b %Y}, {told}"


def _told(suspension: Suspension) -> str:
    return f"{suspension.cause} ({suspension.subject})" if suspension.subject else str(suspension.cause)


def _facts(grant: Grant) -> tuple[tuple[str, str], ...]:
    return (("grant", grant.id), ("action", grant.terms.action))


def _trace(grant: Grant) -> tuple[Trace, ...]:
    return (Trace("grant", grant.id),)
