"""Who may do what (RULES, "Who may do what"): one table, looked up at the moment of the act."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.errors import NotAllowed
from bot.domain.people import Actor, Membership, PrincipalKind
from bot.domain.teams import Team
from bot.domain.workflows import Role, Workflow


class Standing(StrEnum):
    """What someone is to a workflow or its team."""

    MEMBER = "member"
    ASSIGNEE = "assignee"
    REVIEWER = "reviewer"
    LEAD = "lead"
    STEWARD = "steward"
    OWNER = "owner"
    APPROVER = "approver"
    ADMIN = "admin"


class Right(StrEnum):
    """A kind of act; the value is how a refusal names it."""

    READ = "read this"
    START = "start a workflow"
    TICK = "change this item"
    MANAGE = "change this workflow"
    MANAGE_TEAM = "change this team"
    DEMOTE = "move this workflow back"
    REQUEST = "ask for this"
    REQUEST_CORRECTION = "ask for this correction"
    APPROVE = "decide this request"
    FILE = "file this"
    JUDGE = "accept or reject this document"
    CLOSE_DEVIATION = "close this deviation"
    DRILL = "record this drill"
    RECORD = "record a number by hand here"
    VOID = "take this signal back"
    STOP = "stop or attest what this agent may do"
    ANSWER = "answer this agent's question"
    GO_ON = "let this agent go on"
    MIND = "acknowledge, snooze or assign this finding"
    CHANGE_POLICY = "change the registry of policies"
    CHANGE_SEATS = "change this team's seats"


_RUNNERS = frozenset({Standing.LEAD, Standing.STEWARD, Standing.OWNER})
_DECIDERS = frozenset({Standing.APPROVER, Standing.ADMIN})

RIGHTS: Mapping[Right, frozenset[Standing]] = {
    Right.READ: frozenset(Standing),
    Right.START: frozenset(Standing),
    Right.TICK: _RUNNERS | {Standing.ASSIGNEE, Standing.ADMIN},
    Right.MANAGE: _RUNNERS | _DECIDERS,
    Right.MANAGE_TEAM: _RUNNERS | _DECIDERS,
    Right.DEMOTE: _RUNNERS | _DECIDERS,
    Right.REQUEST: _RUNNERS | _DECIDERS,
    Right.REQUEST_CORRECTION: frozenset(Standing),
    Right.APPROVE: _DECIDERS,
    Right.FILE: frozenset(Standing),
    Right.JUDGE: _RUNNERS | _DECIDERS,
    Right.CLOSE_DEVIATION: _RUNNERS | _DECIDERS | {Standing.ASSIGNEE},
    Right.STOP: _RUNNERS | _DECIDERS,
    Right.ANSWER: _RUNNERS | _DECIDERS | {Standing.REVIEWER},
    Right.GO_ON: frozenset({Standing.STEWARD, Standing.OWNER}) | _DECIDERS,
    Right.DRILL: _RUNNERS | _DECIDERS | {Standing.ASSIGNEE},
    Right.RECORD: _RUNNERS | _DECIDERS,
    Right.VOID: _DECIDERS,
    Right.MIND: _RUNNERS | _DECIDERS,
    Right.CHANGE_POLICY: _RUNNERS | _DECIDERS,
    Right.CHANGE_SEATS: _RUNNERS | _DECIDERS,
}

_HELD = ((Role.REVIEWER, Standing.REVIEWER), (Role.STEWARD, Standing.STEWARD), (Role.OWNER, Standing.OWNER))

_OUTSIDERS = {
    Membership.GUEST: "Guests of this workspace can't use Rollout. Ask a full member of your team to do it.",
    Membership.STRANGER: "Rollout serves only this workspace's own people. Ask someone who works here to do it.",
    Membership.BOT: "Bots and apps can't use Rollout's commands. A person has to do it.",
    Membership.DEACTIVATED: "This account is deactivated, so it can't do anything in Rollout.",
    Membership.UNKNOWN: "Slack can't say who you are just now, so nothing was done. Please try again in a minute.",
}


def demand_person(actor: Actor) -> None:
    """Nothing, if a human member acts; else a refusal that says why."""
    if actor.kind is not PrincipalKind.HUMAN:
        raise NotAllowed(f"This asks for a person, and {actor.name} is none ({actor.kind}): a person must do it.")
    if actor.membership is not Membership.MEMBER:
        raise NotAllowed(_OUTSIDERS[actor.membership])


def standings(actor: Actor, team: Team, workflow: Workflow | None = None) -> dict[Standing, str]:
    """What `actor` is here, each with the reason in words, people in it by their ids; empty for outsiders."""
    if not actor.is_person:
        return {}
    found = {Standing.MEMBER: "member of the workspace"}
    for away in actor.deputy_of:
        if away.handle:
            found |= _roles(away.handle, team, workflow, f"deputy of {away.id}, ")
    found |= _roles(actor.handle, team, workflow)
    if actor.approver_because:
        found[Standing.APPROVER] = actor.approver_because
    elif any(person.handle == actor.handle for person in team.approvers):
        found[Standing.APPROVER] = f"approver of {team.name}"
    if actor.admin_because:
        found[Standing.ADMIN] = actor.admin_because
    return found


def _roles(handle: str, team: Team, workflow: Workflow | None, beside: str = "") -> dict[Standing, str]:
    """What someone runs here, each with the reason in words; the right to decide is no role, and passes to nobody."""
    found: dict[Standing, str] = {}
    if team.lead.handle == handle:
        found[Standing.LEAD] = f"{beside}lead of {team.name}"
    if workflow:
        for role, standing in _HELD:
            if any(person.handle == handle for person in workflow.holders_of(role)):
                found[standing] = f"{beside}{role.label} of {workflow.name}"
    return found


def why_allowed(right: Right, held: Mapping[Standing, str]) -> str | None:
    """The reason why someone with these standings may act, the strongest first; None if they may not."""
    for standing in reversed(Standing):
        if standing in held and standing in RIGHTS[right]:
            return held[standing]
    return None
