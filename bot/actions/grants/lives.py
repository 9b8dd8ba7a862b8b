"""What becomes of a grant once it is in force: stopped, revoked, resumed, attested, expired."""

from collections.abc import Iterable

from bot.actions.desk import Turn
from bot.actions.grants.watch import watched
from bot.domain.errors import Conflict, GrantBarred, NotAllowed
from bot.domain.facts import (
    GrantAttested,
    GrantExpired,
    GrantResumed,
    GrantRevoked,
    GrantSuspended,
    ProofSeen,
    RequestWithdrawn,
)
from bot.domain.grants.guarding import causes_for, obstacles
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.people import FreeText
from bot.domain.playbook import DoneWhen
from bot.domain.rights import Right, Standing, standings
from bot.domain.ticking import demand_words
from bot.domain.workflows import Role, Workflow


def revoke(turn: Turn, grant_id: str, reason: str) -> GrantRevoked:
    """The grant taken back at once and for good; a request that would have widened or renewed it goes with it."""
    grant, workflow = _mine(turn, grant_id)
    fact = GrantRevoked(
        grant_id=grant.id,
        workflow_id=workflow.id,
        seen_version=grant.version,
        reason=demand_words(reason, "reason", "why it is taken back"),
    )
    turn.record(fact)
    waiting = turn.change.grants.asked_for(workflow.id, grant.terms.action)
    if waiting and waiting.request_id:
        turn.record(RequestWithdrawn(request_id=waiting.request_id, because="the grant was revoked"))
    return fact


def revoke_all(turn: Turn, workflow: Workflow, reason: str) -> tuple[GrantRevoked, ...]:
    """Whatever the workflow's agent may do, taken back because the workflow ends."""
    facts = tuple(
        GrantRevoked(grant_id=g.id, workflow_id=workflow.id, seen_version=g.version, reason=FreeText(reason))
        for g in turn.change.grants.living(workflow.id)
        if not _is_over(turn, g)
    )
    for fact in facts:
        turn.record(fact)
    return facts


def suspend(turn: Turn, grant_id: str, reason: str) -> GrantSuspended:
    """The grant standing still until a person lets it go on."""
    grant, workflow = _mine(turn, grant_id)
    if any(each.cause is SuspensionCause.BY_HAND for each in grant.suspensions):
        raise Conflict(f"The grant for {grant.terms.action} was suspended by hand already, so nothing was changed.")
    fact = GrantSuspended(
        grant_id=grant.id,
        workflow_id=workflow.id,
        seen_version=grant.version,
        cause=SuspensionCause.BY_HAND,
        reason=demand_words(reason, "reason", "why it must stand still"),
    )
    turn.record(fact)
    return fact


def resume(turn: Turn, grant_id: str, reason: str, seen: int | None = None) -> GrantResumed:
    """The grant in force again, where everything that suspended it is gone and someone says why it may go on.

    `seen` is the version that they looked at: whoever answers one cause has not answered another that came since.
    """
    # What guards look at must not change between this look and what is recorded of it.
    turn.change.lock_workflow(turn.change.grants.one(grant_id).workflow_id)
    grant, workflow = find_living(turn, grant_id)
    demand_may_go_on(turn, workflow, (grant,))
    if grant.state is not GrantState.SUSPENDED:
        raise Conflict(f"The grant for {grant.terms.action} is in force, so there is nothing to resume.")
    if seen is not None and seen != grant.version:
        causes = " and ".join(dict.fromkeys(each.cause.value for each in grant.suspensions))
        raise Conflict(
            f"The grant for {grant.terms.action} changed while you were at it: it is suspended now because {causes}. "
            "Nothing was changed; look again and answer that."
        )
    told = obstacles(grant, watched(turn.change, workflow, turn.at))
    if told:
        raise GrantBarred(
            f"The grant for {grant.terms.action} can't go on yet: {'; '.join(told)}. Nothing was changed."
        )
    fact = GrantResumed(
        grant_id=grant.id,
        workflow_id=workflow.id,
        seen_version=grant.version,
        reason=demand_words(reason, "reason", "what was done about it, and why it may go on"),
    )
    turn.record(fact)
    return fact


def demand_may_resume(turn: Turn, grant_id: str) -> None:
    """Nothing, if the actor may let this grant go on once nothing stands against it; else the refusal."""
    grant, workflow = find_living(turn, grant_id)
    demand_may_go_on(turn, workflow, (grant,))


def attest(turn: Turn, grant_id: str, note: str = "") -> GrantAttested:
    """The grant looked at and found needed as it is; one whose attestation was missed still has to be resumed."""
    grant, workflow = _mine(turn, grant_id)
    fact = _attest(turn, workflow, grant, note)
    _prove_attested(turn, workflow)
    return fact


def attest_all(turn: Turn, workflow: Workflow, note: str = "") -> tuple[GrantAttested, ...]:
    """Every living grant of a workflow attested in one step."""
    turn.demand(Right.STOP, workflow.team, workflow)
    living = [grant for grant in turn.change.grants.living(workflow.id) if not _is_over(turn, grant)]
    if not living:
        raise Conflict(f"{workflow.name} has no grant in force, so there is nothing to attest.")
    facts = tuple(_attest(turn, workflow, grant, note) for grant in living)
    _prove_attested(turn, workflow)
    return facts


def find_living(turn: Turn, grant_id: str) -> tuple[Grant, Workflow]:
    """The grant with that id and its workflow; a refusal where it does not live (any more)."""
    grant = turn.change.grants.one(grant_id)
    workflow = turn.change.workflow_by_id(grant.workflow_id)
    if not grant.lives or grant.has_expired(turn.at):
        state = "expired" if grant.lives else grant.state
        raise Conflict(f"The grant for {grant.terms.action} of {workflow.name} is {state}, so nothing was changed.")
    return grant, workflow


def demand_may_go_on(turn: Turn, workflow: Workflow, grants: Iterable[Grant]) -> None:
    """Nothing, if the actor may let these grants go on: whoever runs the workflow may not where they asked for one."""
    turn.demand(Right.GO_ON, workflow.team, workflow)
    decides = standings(turn.actor, workflow.team, workflow).keys() & {Standing.APPROVER, Standing.ADMIN}
    own = next((g for g in grants if g.requested_by and g.requested_by.handle in turn.actor.handles), None)
    if own is None or decides:
        return
    runners = (*workflow.holders_of(Role.OWNER), *workflow.holders_of(Role.STEWARD))
    able = (*runners, *turn.approvers(workflow.team))
    names = list(dict.fromkeys(person.name for person in able if person.handle != turn.actor.handle))[:3]
    can = f"{' or '.join(names)} can" if names else "an approver has to be named for this team"
    raise NotAllowed(f"You can't let this go on, as you asked for the grant for {own.terms.action} yourself: {can}.")


def _mine(turn: Turn, grant_id: str) -> tuple[Grant, Workflow]:
    grant, workflow = find_living(turn, grant_id)
    turn.demand(Right.STOP, workflow.team, workflow)
    return grant, workflow


def _is_over(turn: Turn, grant: Grant) -> bool:
    """Whether its time is over by now; that is recorded on the way."""
    if not grant.has_expired(turn.at):
        return False
    turn.record(GrantExpired(grant_id=grant.id, workflow_id=grant.workflow_id, seen_version=grant.version))
    return True


def _attest(turn: Turn, workflow: Workflow, grant: Grant, note: str) -> GrantAttested:
    missed = [
        cause
        for cause in causes_for(grant, watched(turn.change, workflow, turn.at))
        if cause.cause is SuspensionCause.UNATTESTED
    ]
    version = grant.version
    if missed and not any(each.cause is SuspensionCause.UNATTESTED for each in grant.suspensions):
        # What time alone had suspended stays so until a person resumes it, whether or not a tick came by before.
        turn.guarded(
            GrantSuspended(
                grant_id=grant.id, workflow_id=workflow.id, seen_version=version, cause=SuspensionCause.UNATTESTED
            )
        )
        version += 1
    fact = GrantAttested(
        grant_id=grant.id,
        workflow_id=workflow.id,
        seen_version=version,
        note=FreeText(note.strip()) if note.strip() else None,
    )
    turn.record(fact)
    return fact


def _prove_attested(turn: Turn, workflow: Workflow) -> None:
    """The item that waits for it ticks itself once every living grant was attested."""
    living = turn.change.grants.living(workflow.id)
    if living and all(grant.attested_at for grant in living):
        told = "1 grant was attested" if len(living) == 1 else f"all {len(living)} grants were attested"
        turn.record(
            ProofSeen(workflow_id=workflow.id, kind=DoneWhen.GRANTS_ATTESTED, seen_at=turn.at, summary=FreeText(told))
        )
