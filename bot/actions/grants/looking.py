"""Looks at grants: what a workflow's agent holds, and what lies before whoever decides a request for one."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot import playbooks
from bot.actions.checklists import playbook_of
from bot.actions.grants.granting import bars_against, domain_with, lacking_review
from bot.actions.grants.precedents import precedents_of
from bot.actions.grants.watch import watched
from bot.domain.checks import ReviewsHeld
from bot.domain.documents import Document, DocumentKind
from bot.domain.grants.autonomy import cap, needs_person
from bot.domain.grants.differences import differences
from bot.domain.grants.dossier import Dossier, GrantEvidence
from bot.domain.grants.guarding import Watched, as_it_stands, causes_for, obstacles
from bot.domain.grants.holding import ENDED_FOR, Held, Holding, Stop
from bot.domain.grants.ladder import ladder, measured_effect
from bot.domain.grants.life import Grant, GrantState, expiry_of
from bot.domain.playbook import Playbook
from bot.domain.requests import Request, RequestKind
from bot.domain.risk import Effect
from bot.domain.workflows import Workflow
from store import View

_REVIEW_DAYS = 28


def holding_of(view: View, workflow: Workflow, at: datetime) -> Holding:
    """What the workflow's agent holds at `at`; what time alone stops stands still here, recorded yet or not."""
    playbook = playbook_of(view, workflow)
    every = view.grants.of_workflow(workflow.id)
    living = [grant for grant in every if grant.lives and not grant.has_expired(at)]
    seen = watched(view, workflow, at) if living else None
    held = tuple(_held(workflow, playbook, living, seen)) if seen else ()
    active = tuple(as_it_stands(grant, seen) for grant in living) if seen else ()
    effect = measured_effect(view.grants.lead_times(workflow.id, at), at)
    return Holding(
        workflow=workflow,
        at=at,
        model=ladder(playbook, active, effect, at).model,
        held=held,
        waiting=tuple(grant for grant in every if grant.state is GrantState.REQUESTED),
        ended=tuple(_ended(every, at)),
        freeze=view.grants.freeze(workflow.id) if workflow.is_frozen else None,
        effect=effect,
        attest_notice=timedelta(days=playbook.count("grant.life", "attest_notice_days")),
        expiry_notice=timedelta(days=playbook.count("grant.expiring", "notice_days")),
    )


def _held(workflow: Workflow, playbook: Playbook, living: list[Grant], seen: Watched) -> Iterator[Held]:
    autonomy = playbook.phase(workflow.phase).autonomy
    for grant in living:
        yield Held(
            grant=grant,
            stops=tuple(_stops(grant, seen)),
            attest_by=grant.attest_by(seen.attest_every_days),
            phase_asks=needs_person(autonomy, grant.terms),
        )


def _stops(grant: Grant, seen: Watched) -> Iterator[Stop]:
    """What was recorded against the grant, and what holds against it now without anyone having noted it yet."""
    noted = {(each.cause, each.subject) for each in grant.suspensions}
    for each in grant.suspensions:
        about = f" ({each.subject})" if each.subject else ""
        yield Stop(f"{each.cause}{about}", each.since, each.by, each.reason)
    for cause in causes_for(grant, seen):
        if (cause.cause, cause.subject) not in noted:
            yield Stop(cause.told)


def _ended(every: tuple[Grant, ...], at: datetime) -> Iterator[Grant]:
    """What ended lately, the newest first; a grant whose time is over counts as expired, recorded yet or not."""
    over = [(_end_of(grant), grant) for grant in every if not grant.lives or grant.has_expired(at)]
    recent = [(end, grant) for end, grant in over if end is not None and at - ENDED_FOR <= end <= at]
    yield from (grant for _, grant in sorted(recent, key=lambda pair: pair[0], reverse=True))


def _end_of(grant: Grant) -> datetime | None:
    return grant.expires_at if grant.lives else grant.ended_at


def as_they_stand(view: View, found: Iterable[Grant], at: datetime) -> tuple[Grant, ...]:
    """These grants in their order, each as it is at `at`: what time alone stopped or ended is so before it is noted."""
    found = tuple(found)
    living = {grant.workflow_id for grant in found if grant.lives}
    seen = {id_: watched(view, view.workflow_by_id(id_), at) for id_ in living}
    return tuple(as_it_stands(grant, seen[grant.workflow_id]) if grant.lives else grant for grant in found)


def obstacles_to(view: View, workflow: Workflow, grant: Grant, at: datetime) -> tuple[str, ...]:
    """What keeps a suspended grant from going on, in words."""
    return obstacles(grant, watched(view, workflow, at))


def dossier_of(view: View, request: Request, workflow: Workflow, at: datetime) -> Dossier | None:
    """What lies before whoever decides this request; None if it asks for no grant."""
    if request.kind is not RequestKind.GRANT:
        return None
    grant, playbook = view.grants.of_request(request.id), playbook_of(view, workflow)
    old = _replaced(view, grant, at)
    waits = grant.state is GrantState.REQUESTED
    domain, area = domain_with(workflow, grant.terms), grant.terms.area
    precedents = precedents_of(view, workflow, grant.terms, at) if waits else None
    return Dossier(
        at=at,
        grant=grant,
        old=old,
        differences=differences(old.terms, grant.terms) if old else (),
        ends_at=grant.expires_at or expiry_of(grant.terms, at),
        attest_every_days=playbook.count("grant.life", "attest_every_days"),
        phase=workflow.phase,
        cap=cap(playbook, workflow.phase, grant.terms).cap,
        area=playbooks.risk_matrix().title(area).lower() if area else None,
        raises_to=domain if waits and domain is not workflow.domain else None,
        bars=bars_against(view, workflow, grant, precedents, at) if precedents else (),
        evidence=_evidence(view, workflow, playbook, grant, at) if waits else None,
        precedents=precedents,
    )


def _replaced(view: View, grant: Grant, at: datetime) -> Grant | None:
    if grant.state is not GrantState.REQUESTED:
        return view.grants.one(grant.replaces) if grant.replaces else None
    living = view.grants.living_for(grant.workflow_id, grant.terms.action)
    return living if living and not living.has_expired(at) else None


def _evidence(view: View, workflow: Workflow, playbook: Playbook, grant: Grant, at: datetime) -> GrantEvidence:
    seen = watched(view, workflow, at)
    checks = (phase.gate.check(ReviewsHeld) for phase in playbook.phases if phase.gate)
    days = next((check.days for check in checks if check), _REVIEW_DAYS)
    counts = view.gates.reviews(workflow.id, workflow.team, days, at)
    review = _red_team(view, workflow)
    return GrantEvidence(
        runs=tuple(runs[0] for _, runs in sorted(seen.runs.items())),
        reviews=counts.seen + counts.typed,
        review_days=days,
        incidents=tuple(
            course.latest.body.key
            for course in seen.incidents
            if course.resolved_at is None and course.latest.body.severity in seen.severities
        ),
        is_review_asked=grant.terms.effect is not Effect.NONE and domain_with(workflow, grant.terms).is_high_risk,
        reviewed_at=review.decided_at if review else None,
        reviewed_by=review.decided_by if review else None,
        is_review_lacking=lacking_review(view, workflow, grant.terms, at) is not None,
    )


def _red_team(view: View, workflow: Workflow) -> Document | None:
    accepted = view.documents.accepted(workflow.id, DocumentKind.RED_TEAM)
    return accepted[0] if accepted else None
