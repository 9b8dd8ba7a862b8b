"""Asking for grants: each action of a policy file judged by itself; a narrowing takes effect at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot import playbooks, policies
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.grants.watch import has_fresh_evals
from bot.actions.patience import lapses_at
from bot.domain.errors import BadInput, NotFound
from bot.domain.facts import Denied, GrantNarrowed, GrantRequested, RequestMade, RequestWithdrawn
from bot.domain.grants.autonomy import Cap, MeshMember, cap, mesh_refusal
from bot.domain.grants.life import Grant, narrowed_end
from bot.domain.grants.terms import GrantTerms, Mode, is_narrowing, terms_hash
from bot.domain.people import FreeText
from bot.domain.playbook import Playbook
from bot.domain.requests import ASKED_ANEW, RequestKind
from bot.domain.rights import Right
from bot.domain.risk import Tier
from bot.domain.wording import cut
from bot.domain.workflows import Workflow, demand_open
from bot.playbooks.problems import Problem
from bot.policies import AskedAction, Ground, PolicyFile
from store import View

MOST_PROBLEMS = 20


class PolicyRefused(BadInput):
    """A policy file can't be used; `problems` has the first reasons by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        super().__init__("\n".join(map(str, self.problems)), "policy")


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one action of a file.

    `request_id` waits for a decision; `grant_id` alone is a narrowing, which is in force; `refused` says why neither.
    """

    action: str
    tier: Tier | None
    request_id: str | None = None
    grant_id: str | None = None
    refused: str | None = None


def read_file(view: View, text: str, source: str, workflow: Workflow | None = None) -> tuple[Workflow, PolicyFile]:
    """The workflow that a policy file names and what it asks for; a refusal that lists what is wrong with it by line.

    With `workflow`, the file must be about that one. `source` is how messages name the file.
    """
    named = policies.workflow_of(text, source)
    of = view.workflow(named) if named and _is_known(view, named) else workflow
    playbook = playbook_of(view, of) if of else None
    read = policies.read(text, source, _ground(playbook))
    if isinstance(read, tuple):
        raise PolicyRefused(read)
    found = view.workflow(read.workflow)
    if workflow and found.id != workflow.id:
        raise BadInput(
            f"This file is about {found.name}, and this window about {workflow.name}: correct the file's first line, "
            "or ask from the other workflow.",
            "policy",
        )
    return found, read


def _is_known(view: View, name: str) -> bool:
    try:
        view.workflow(name)
    except NotFound:
        return False
    return True


def _ground(playbook: Playbook | None) -> Ground:
    matrix = playbooks.risk_matrix()
    if playbook is None:
        return Ground(matrix)
    return Ground(matrix, playbook.count("grant.life", "default_days"), playbook.count("grant.life", "max_days"))


def request(turn: Turn, workflow: Workflow, file: PolicyFile) -> tuple[Answered, ...]:
    """What became of each action: a request that waits, a narrowing in force, or a refusal, which is recorded too."""
    turn.demand(Right.REQUEST, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    demand_open(workflow)
    return tuple(_one(turn, workflow, asked, file) for asked in file.actions)


def _one(turn: Turn, workflow: Workflow, asked: AskedAction, file: PolicyFile) -> Answered:
    tier = asked.classified.tier if asked.classified else None
    old = living_now(turn, workflow, asked.action)
    if asked.terms and old and is_narrowing(old.terms, asked.terms):
        _withdraw_waiting(turn, workflow, asked.action)
        return Answered(asked.action, tier, grant_id=_narrow(turn, old, asked.terms))
    refused = asked.refused or _refused(turn, workflow, asked.terms, file)
    if refused or asked.terms is None or asked.classified is None:
        told = refused or f"Nothing tells what {asked.action} is; state its area and its risk."
        turn.record(Denied(act="request_grant", subject=workflow.id, why=FreeText(told)))
        return Answered(asked.action, tier, refused=told)
    _withdraw_waiting(turn, workflow, asked.action)
    request_id = _ask(turn, workflow, asked.terms, old)
    return Answered(asked.action, tier, request_id=request_id)


def living_now(turn: Turn, workflow: Workflow, action: str) -> Grant | None:
    """The grant for this action that is in force or suspended, and not over by now."""
    found = turn.change.grants.living_for(workflow.id, action)
    return found if found and not found.has_expired(turn.at) else None


def _refused(turn: Turn, workflow: Workflow, terms: GrantTerms | None, file: PolicyFile) -> str | None:
    if terms is None:
        return None
    if file.mode is Mode.MESH and (
        told := mesh_refusal(mesh_members(turn.change, (workflow.name, *file.members), turn.at))
    ):
        return told
    capped = cap(playbook_of(turn.change, workflow), workflow.phase, terms)
    return capped.reason if capped.cap is Cap.REFUSED else None


def mesh_members(view: View, names: Iterable[str], at: datetime) -> Iterator[MeshMember]:
    """The workflows of a mesh as they stand at `at`."""
    for name in names:
        try:
            found = view.workflow(name)
        except NotFound:
            yield MeshMember(cut(name, 60), None, has_fresh_evals=False)
            continue
        yield MeshMember(found.name, found.phase, has_fresh_evals(view, found, at))


def _narrow(turn: Turn, old: Grant, terms: GrantTerms) -> str:
    fact = GrantNarrowed(
        grant_id=old.id,
        workflow_id=old.workflow_id,
        seen_version=old.version,
        narrowed_id=turn.change.new_id("grant"),
        terms=terms,
        hash=terms_hash(terms),
        expires_at=narrowed_end(old, terms, turn.at),
    )
    turn.record(fact)
    return fact.narrowed_id


def _ask(turn: Turn, workflow: Workflow, terms: GrantTerms, old: Grant | None) -> str:
    grant_id, hash_ = turn.change.new_id("grant"), terms_hash(terms)
    fact = RequestMade(
        request_id=turn.change.new_id("req"),
        kind=RequestKind.GRANT,
        workflow_id=workflow.id,
        item=None,
        terms=(("action", terms.action), ("grant", grant_id), ("hash", hash_)),
        lapses_at=lapses_at(turn, workflow),
    )
    turn.record(fact, turn.approvers(workflow.team, but=turn.actor.handle))
    turn.record(
        GrantRequested(
            grant_id=grant_id,
            workflow_id=workflow.id,
            request_id=fact.request_id,
            terms=terms,
            hash=hash_,
            replaces=old.id if old else None,
        )
    )
    return fact.request_id


def _withdraw_waiting(turn: Turn, workflow: Workflow, action: str) -> None:
    """A new request for an action takes the place of the one that still waits."""
    waiting = turn.change.grants.asked_for(workflow.id, action)
    if waiting and waiting.request_id:
        turn.record(RequestWithdrawn(request_id=waiting.request_id, because=ASKED_ANEW))
