"""Approving a grant: everything it rests on is looked at once more, in the transaction that brings it into force."""

from collections.abc import Iterator
from datetime import datetime

from bot import playbooks
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.grants.precedents import precedents_of
from bot.actions.grants.requesting import mesh_members
from bot.actions.grants.watch import watched
from bot.domain.documents import DocumentKind, DocumentState
from bot.domain.errors import GrantBarred
from bot.domain.facts import GrantActivated, GrantExpired, WorkflowEdited
from bot.domain.gate_evidence import fresh_until
from bot.domain.grants.autonomy import Cap, cap, mesh_refusal
from bot.domain.grants.guarding import bars
from bot.domain.grants.life import Grant, GrantState, SuspensionCause, expiry_of
from bot.domain.grants.precedents import Precedents
from bot.domain.grants.terms import GrantTerms, Mode, terms_hash
from bot.domain.requests import Request
from bot.domain.risk import Effect
from bot.domain.workflows import Domain, Workflow
from store import View


def carry_out(turn: Turn, request: Request, workflow: Workflow, *, saw_no_data: bool) -> GrantActivated:
    """The approved grant in force, and its workflow's domain raised where the grant makes it so."""
    # What guards look at must not change between this look and what is recorded of it.
    turn.change.lock_workflow(workflow.id)
    workflow = turn.change.workflow_by_id(workflow.id)
    grant = turn.change.grants.of_request(request.id)
    _demand_unaltered(request, grant)
    old = _before(turn, grant)
    precedents = precedents_of(turn.change, workflow, grant.terms, turn.at)
    told = bars_against(turn.change, workflow, grant, precedents, turn.at)
    if told:
        raise GrantBarred(
            f"The grant for {grant.terms.action} can't come into force now. {' '.join(told)} "
            "Nothing changed: mend that and approve then, or decline this request."
        )
    no_data = precedents.demand_seen(saw_no_data=saw_no_data)
    _raise_domain(turn, workflow, grant.terms)
    fact = GrantActivated(
        grant_id=grant.id,
        workflow_id=workflow.id,
        seen_version=grant.version,
        expires_at=expiry_of(grant.terms, turn.at),
        replaces=old.id if old else None,
        no_data_seen=no_data,
    )
    turn.record(fact)
    return fact


def bars_against(view: View, workflow: Workflow, grant: Grant, precedents: Precedents, at: datetime) -> tuple[str, ...]:
    """Why the grant can't come into force now, in sentences; empty where an approval is all that is wanting."""
    return (*_bars(view, workflow, grant, at), *precedents.refusals)


def domain_with(workflow: Workflow, terms: GrantTerms) -> Domain:
    """What a grant with these terms makes of the workflow's domain: it can only be raised."""
    if workflow.domain.is_high_risk or terms.area is None:
        return workflow.domain
    return Domain(playbooks.risk_matrix().cell(terms.area, terms.tier).domain)


def lacking_review(view: View, workflow: Workflow, terms: GrantTerms, at: datetime) -> str | None:
    """What is said where a red-team review is wanting; None where there is one, or none is asked for."""
    domain = domain_with(workflow, terms)
    if terms.effect is Effect.NONE or not domain.is_high_risk:
        return None
    days = playbook_of(view, workflow).count("grant.life", "red_team_max_age_days")
    accepted = [
        document.decided_at
        for document in view.documents.of_workflow(workflow.id)
        if document.kind is DocumentKind.RED_TEAM and document.state is DocumentState.ACCEPTED and document.decided_at
    ]
    if any(at <= fresh_until(decided_at, days, workflow.team.zone) for decided_at in accepted):
        return None
    why = f"older than {days} days" if accepted else "not there yet"
    return (
        f"In {domain}, a high-risk domain, it needs an accepted red-team review of {workflow.name}, and that is {why}."
    )


def _demand_unaltered(request: Request, grant: Grant) -> None:
    if not terms_hash(grant.terms) == grant.hash == request.term("hash"):
        raise GrantBarred(
            "What is kept of this grant is not what was asked for, so it can't be approved: run `rollout audit verify`."
        )


def _before(turn: Turn, grant: Grant) -> Grant | None:
    """The grant that this one is to supersede; one whose time is over is recorded as expired on the way."""
    old = turn.change.grants.living_for(grant.workflow_id, grant.terms.action)
    if old and old.has_expired(turn.at):
        turn.record(GrantExpired(grant_id=old.id, workflow_id=old.workflow_id, seen_version=old.version))
        return None
    return old


def _bars(view: View, workflow: Workflow, grant: Grant, at: datetime) -> Iterator[str]:
    terms, old = grant.terms, view.grants.living_for(grant.workflow_id, grant.terms.action)
    capped = cap(playbook_of(view, workflow), workflow.phase, terms)
    if capped.cap is Cap.REFUSED and capped.reason:
        yield capped.reason
    if terms.mode is Mode.MESH and (told := mesh_refusal(mesh_members(view, (workflow.name, *terms.members), at))):
        yield told
    if lacking := lacking_review(view, workflow, terms, at):
        yield lacking
    for told in bars(terms, watched(view, workflow, at)):
        yield f"{told[:1].upper()}{told[1:]}."
    if old and not old.has_expired(at) and _stands_still(old):
        yield "The grant that it would replace is suspended: resume or revoke that one first."


def _stands_still(old: Grant) -> bool:
    """Whether something else than a missed attestation suspends it; a new approval is more than an attestation."""
    return old.state is GrantState.SUSPENDED and {each.cause for each in old.suspensions} != {
        SuspensionCause.UNATTESTED
    }


def _raise_domain(turn: Turn, workflow: Workflow, terms: GrantTerms) -> None:
    domain = domain_with(workflow, terms)
    if domain is not workflow.domain:
        before = (("domain", workflow.domain.value),)
        turn.record(
            WorkflowEdited(workflow_id=workflow.id, seen_version=workflow.version, domain=domain, before=before)
        )
