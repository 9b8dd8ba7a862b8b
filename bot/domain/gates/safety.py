"""The checks of what could go wrong: incidents, deviations, the way back, red-team reviews, grants attested."""

from decimal import ROUND_CEILING, Decimal

from bot.domain.checks import DeviationsClosed, GrantsAttested, IncidentsClosed, RedTeamAccepted, RollbackRehearsed
from bot.domain.documents import Document, DocumentKind, DocumentState
from bot.domain.drills import DrillKind
from bot.domain.gate_evidence import Evidence, trace_of
from bot.domain.gates.words import NOT_KNOWN, counted, figure, mender, named, old
from bot.domain.grants.life import Grant
from bot.domain.signals.kinds import IncidentCourse
from bot.domain.verdicts import CheckResult, Outcome, Trace


def incidents_closed(check: IncidentsClosed, evidence: Evidence) -> CheckResult:
    """Whether no incident of the named severities is open."""
    severities = sorted(check.severities)
    open_ones = [one.latest for one in evidence.incidents or () if _is_open(one, severities)]
    outcome = Outcome.FAIL if open_ones else Outcome.PASS
    told = named([f"{incident.body.key} (sev{incident.body.severity})" for incident in open_ones])
    return CheckResult(
        check="incidents_closed",
        outcome=Outcome.NO_DATA if evidence.incidents is None else outcome,
        found=NOT_KNOWN if evidence.incidents is None else f"open: {told}" if open_ones else "none open",
        needs=f"no open incident of {' or '.join(f'sev{severity}' for severity in severities)}",
        role=mender(evidence, "steward"),
        evidence=tuple(trace_of(incident) for incident in open_ones),
    )


def deviations_closed(_: DeviationsClosed, evidence: Evidence) -> CheckResult:
    """Whether no deviation from a policy is open."""
    open_ones = [deviation for deviation in evidence.deviations or () if deviation.is_open]
    outcome = Outcome.FAIL if open_ones else Outcome.PASS
    return CheckResult(
        check="deviations_closed",
        outcome=Outcome.NO_DATA if evidence.deviations is None else outcome,
        found=NOT_KNOWN if evidence.deviations is None else f"{len(open_ones) or 'none'} open",
        needs="no open deviation",
        role=mender(evidence, "gatekeeper"),
        evidence=tuple(Trace("deviation", deviation.id) for deviation in open_ones),
    )


def rollback_rehearsed(_: RollbackRehearsed, evidence: Evidence) -> CheckResult:
    """Whether a rollback was rehearsed with its time recorded."""
    drills = [drill for drill in evidence.drills or () if drill.kind is DrillKind.ROLLBACK]
    last = max(drills, key=lambda drill: drill.held_at, default=None)
    outcome, told = (Outcome.NO_DATA, NOT_KNOWN) if evidence.drills is None else (Outcome.FAIL, "not rehearsed")
    if last:
        outcome = Outcome.PASS
        minutes = (last.took_s / 60).quantize(Decimal("0.1"), ROUND_CEILING)
        told = f"took {figure(minutes)} min ({old(evidence.age_days(last.held_at))})"
    return CheckResult(
        check="rollback_rehearsed",
        outcome=outcome,
        found=told,
        needs="a rehearsed rollback with its time",
        role=mender(evidence, "steward"),
        evidence=(Trace("drill", last.id),) if last else (),
    )


def red_team_accepted(check: RedTeamAccepted, evidence: Evidence) -> CheckResult:
    """Whether a red-team review is accepted, where the workflow's domain asks for one."""
    domain = evidence.checklist.workflow.domain
    is_asked = domain in check.domains
    accepted = [document for document in evidence.documents or () if _is_accepted_red_team(document)]
    outcome, told = (Outcome.PASS, f"not asked for in {domain}")
    if accepted:
        told = "accepted"
    elif is_asked:
        is_unknown = evidence.documents is None
        outcome, told = (Outcome.NO_DATA, NOT_KNOWN) if is_unknown else (Outcome.FAIL, "none accepted")
    return CheckResult(
        check="red_team_accepted",
        outcome=outcome,
        found=told,
        needs=f"an accepted red-team review ({domain})" if is_asked else "nothing",
        role=mender(evidence, "steward"),
        evidence=tuple(Trace("document", document.id) for document in accepted),
    )


def grants_attested(_: GrantsAttested, evidence: Evidence) -> CheckResult:
    """Whether every active grant is attested, and none of them is due again."""
    grants = evidence.grants_in_force
    left = [grant for grant in grants if not _is_attested(grant, evidence)]
    outcome = Outcome.FAIL if left else Outcome.PASS
    told = f"{len(grants) - len(left)} of {counted(len(grants), 'grant')} attested" if grants else "no active grant"
    if left:
        told = f"{told}; not: {named([grant.terms.action for grant in left])}"
    return CheckResult(
        check="grants_attested",
        outcome=Outcome.NO_DATA if evidence.grants is None else outcome,
        found=NOT_KNOWN if evidence.grants is None else told,
        needs="every active grant attested",
        role=mender(evidence, "steward"),
        evidence=tuple(Trace("grant", grant.id) for grant in left or grants),
    )


def _is_open(incident: IncidentCourse, severities: list[int]) -> bool:
    return incident.resolved_at is None and incident.latest.body.severity in severities


def _is_accepted_red_team(document: Document) -> bool:
    return document.kind is DocumentKind.RED_TEAM and document.state is DocumentState.ACCEPTED


def _is_attested(grant: Grant, evidence: Evidence) -> bool:
    """Whether someone attested the grant itself; its approval alone only sets the day by which that is due."""
    due_at = grant.attest_by(evidence.checklist.playbook.count("grant.life", "attest_every_days"))
    return grant.attested_at is not None and due_at is not None and evidence.at < due_at
