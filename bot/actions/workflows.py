"""Workflows: start, pause, resume, edit, close; and who holds which role."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot import playbooks
from bot.actions.desk import Turn
from bot.actions.grants.freezing import demand_may_unfreeze
from bot.actions.teams import TeamEntry, make
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.facts import (
    RoleGiven,
    RoleVacated,
    TeamMade,
    WorkflowEdited,
    WorkflowPaused,
    WorkflowResumed,
    WorkflowStarted,
)
from bot.domain.freezes import FreezeKind
from bot.domain.people import FreeText, Person
from bot.domain.rights import Right, demand_person
from bot.domain.teams import Team
from bot.domain.ticking import demand_words
from bot.domain.workflows import (
    START_EDIT_LAST_DAY,
    Domain,
    PlaybookPin,
    Role,
    Workflow,
    demand_open,
    demand_running,
    paused_for,
    workflow_name,
)

EARLIEST_START_DAYS = 400


@dataclass(frozen=True, slots=True)
class Beginning:
    """What starting a workflow takes: three things typed, the rest preset.

    `team` is a team that exists; without one, `new_team` is made on the way, with the starter as its lead.
    Roles left out of `roles` are vacant.
    """

    name: str
    purpose: str
    playbook: str = "ninety_day"
    team: Team | None = None
    new_team: TeamEntry | None = None
    start_on: date | None = None
    domain: Domain = Domain.GENERAL
    roles: Mapping[Role, Person] = field(default_factory=dict)


def start(turn: Turn, beginning: Beginning) -> tuple[TeamMade | None, WorkflowStarted]:
    """A workflow on its playbook, pinned as the shipped file is now, with its team and roles."""
    demand_person(turn.actor)
    name = workflow_name(beginning.name)
    if turn.change.has_workflow(name):
        raise Conflict(
            f"There is a workflow {name} already; choose another name. Names of closed workflows stay taken, "
            "so that their records keep meaning one thing."
        )
    purpose = demand_words(beginning.purpose, "purpose", "what the agent will do, in a sentence or two")
    pin, text = pin_of(beginning.playbook)
    made, team = _team(turn, beginning)
    start_on = _start_date(turn, team, beginning.start_on)
    turn.demand(Right.START, team)
    turn.change.keep_playbook(pin, text)
    fact = WorkflowStarted(
        workflow_id=turn.change.new_id("wf"),
        name=name,
        purpose=purpose,
        team_id=team.id,
        playbook=pin,
        start_on=start_on,
        domain=beginning.domain,
    )
    turn.record(fact)
    for role, person in beginning.roles.items():
        holder = turn.change.person(person)
        turn.record(RoleGiven(workflow_id=fact.workflow_id, role=role, person=holder.id, before=()))
    return made, fact


def pin_of(playbook_id: str) -> tuple[PlaybookPin, str]:
    """A shipped playbook as its file stands now: what a workflow pins, and the text."""
    text = playbooks.shipped_text(playbook_id)
    playbook = playbooks.load(text, playbook_id)
    return PlaybookPin(playbook.id, playbook.version, playbooks.content_hash(text)), text


def _team(turn: Turn, beginning: Beginning) -> tuple[TeamMade | None, Team]:
    if beginning.team:
        return None, beginning.team
    if beginning.new_team is None:
        raise BadInput("A workflow belongs to a team: name one, or start it in a team's channel.", "team")
    made = make(turn, beginning.new_team)
    return made, turn.change.team_by_id(made.team_id)


def _start_date(turn: Turn, team: Team, wanted: date | None) -> date:
    today = local_date(turn.at, team.zone)
    start_on = wanted or today
    if abs((start_on - today).days) > EARLIEST_START_DAYS:
        raise BadInput(
            f"The start date {start_on} is more than {EARLIEST_START_DAYS} days from today; give a nearer one.",
            "start_on",
        )
    return start_on


def give_role(turn: Turn, workflow: Workflow, role: Role, person: Person) -> RoleGiven:
    """The role in other hands; a role that one person holds passes from whoever held it."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    demand_open(workflow)
    held = workflow.holders_of(role)
    if any(p.handle == person.handle for p in held):
        raise Conflict(f"{person.name} is {role.label} of {workflow.name} already.")
    before = () if role is Role.REVIEWER else tuple(p.id for p in held)
    fact = RoleGiven(workflow_id=workflow.id, role=role, person=turn.change.person(person).id, before=before)
    turn.record(fact)
    return fact


def vacate_role(turn: Turn, workflow: Workflow, role: Role, person: Person) -> RoleVacated:
    """The role without this person."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    workflow = turn.change.workflow_by_id(workflow.id)
    demand_open(workflow)
    if not any(p.handle == person.handle for p in workflow.holders_of(role)):
        raise Conflict(f"{person.name} is not {role.label} of {workflow.name}.")
    fact = RoleVacated(workflow_id=workflow.id, role=role, person=turn.change.person(person).id)
    turn.record(fact)
    return fact


def pause(turn: Turn, workflow: Workflow, reason: str, *, freeze: bool) -> WorkflowPaused:
    """The workflow's clock stopped; with `freeze` the agent too."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    demand_running(workflow)
    fact = WorkflowPaused(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        on=local_date(turn.at, workflow.team.zone),
        reason=demand_words(reason, "reason", "why it pauses"),
        froze=turn.change.new_id("frz") if freeze and not workflow.is_frozen else None,
    )
    turn.record(fact)
    return fact


def resume(turn: Turn, workflow: Workflow, reason: str) -> WorkflowResumed:
    """The workflow's clock running again; a freeze that came with the pause is lifted, by whoever may lift one."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    held = turn.change.grants.freeze(workflow.id)
    if held and held.kind is FreezeKind.PAUSE:
        demand_may_unfreeze(turn, workflow)
    fact = WorkflowResumed(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        days=paused_for(workflow, turn.at),
        reason=demand_words(reason, "reason", "why it goes on"),
        unfroze=held.id if held and held.kind is FreezeKind.PAUSE else None,
    )
    turn.record(fact)
    return fact


@dataclass(frozen=True, slots=True)
class Correction:
    """What an edit changes; None leaves a field as it is."""

    name: str | None = None
    purpose: str | None = None
    team: Team | None = None
    start_on: date | None = None
    domain: Domain | None = None


def edit(turn: Turn, workflow: Workflow, correction: Correction) -> WorkflowEdited:
    """The workflow corrected; a start date after day 15 is refused here and must be asked for."""
    turn.demand(Right.MANAGE, workflow.team, workflow)
    demand_open(workflow)
    if correction.start_on and workflow.day(turn.at) > START_EDIT_LAST_DAY:
        raise Refused(
            f"{workflow.name} is past day {START_EDIT_LAST_DAY}, so a new start date needs an approver: ask for it."
        )
    if correction.domain is Domain.GENERAL and workflow.domain.is_high_risk:
        raise Refused(
            f"{workflow.name} works in {workflow.domain}, which is high-risk, and a domain can only be raised. "
            "If it was chosen by mistake, close this workflow and start it anew."
        )
    fact = correct(turn, workflow, correction)
    turn.record(fact)
    return fact


def correct(turn: Turn, workflow: Workflow, correction: Correction) -> WorkflowEdited:
    """The correction as a fact, names and dates checked; the caller has settled whether it may be."""
    name = workflow_name(correction.name) if correction.name else None
    if name == workflow.name:
        name = None
    if name and turn.change.has_workflow(name):
        raise Conflict(f"There is a workflow {name} already; choose another name.")
    purpose: FreeText | None = None
    if correction.purpose is not None:
        purpose = demand_words(correction.purpose, "purpose", "what the agent does")
    start_on = _start_date(turn, workflow.team, correction.start_on) if correction.start_on else None
    team_id = correction.team.id if correction.team else None
    fact = WorkflowEdited(
        workflow_id=workflow.id,
        seen_version=workflow.version,
        name=name,
        purpose=purpose,
        team_id=None if team_id == workflow.team.id else team_id,
        start_on=None if start_on == workflow.start_on else start_on,
        domain=None if correction.domain is workflow.domain else correction.domain,
        before=(),
    )
    before = _before(workflow, fact)
    if not before and purpose is None:
        raise BadInput("Nothing was changed: give at least one new value.")
    return replace(fact, before=before)


def _before(workflow: Workflow, fact: WorkflowEdited) -> tuple[tuple[str, str], ...]:
    stood = {
        "name": workflow.name,
        "team_id": workflow.team.id,
        "start_on": workflow.start_on.isoformat(),
        "domain": workflow.domain.value,
    }
    return tuple((name, was) for name, was in stood.items() if getattr(fact, name) is not None)
