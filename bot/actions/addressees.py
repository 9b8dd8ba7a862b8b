"""Who hears of a workflow's agent: the team's channel; where there is none, people by direct message."""

from collections.abc import Iterable

from bot.domain.absences import Absences
from bot.domain.people import Person
from bot.domain.workflows import Role, Workflow

_ANSWERING = (Role.STEWARD, Role.OWNER, Role.REVIEWER)


def addressees(workflow: Workflow, absences: Absences) -> tuple[str, ...]:
    """The Slack ids of whom to tell: the team's channel; without one its steward and owner, by direct message.

    A deputy hears it in the place of whoever is away. Where nobody is left the lead does, then the team's approvers;
    and where all of them are away, steward and owner or the lead find it when they are back.
    """
    if workflow.team.channel:
        return (workflow.team.channel,)
    team, roles = workflow.team, (*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER))
    circles = (roles, (team.lead,), team.approvers)
    here = (reachable(found for each in people if (found := absences.reached(each))) for people in circles)
    return next(filter(None, here), None) or reachable(roles) or reachable((team.lead,))


def answering(workflow: Workflow, absences: Absences) -> tuple[Person, ...]:
    """Whom to mention where an agent's question waits: its steward, owner and reviewers, each once.

    A deputy is mentioned in the place of whoever is away; where nobody is left the lead is, then the team's approvers;
    and where all of them are away, those who hold the roles, or the lead.
    """
    team = workflow.team
    roles = tuple(person for role in _ANSWERING for person in workflow.holders_of(role))
    circles = (roles, (team.lead,), team.approvers)
    here = (_each_once(found for each in people if (found := absences.reached(each))) for people in circles)
    return next(filter(None, here), None) or _each_once(roles) or (team.lead,)


def _each_once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.id: person for person in people}.values())


def reachable(people: Iterable[Person]) -> tuple[str, ...]:
    """The Slack ids of those who have one, each once."""
    handles = (person.handle for person in people if person.handle and person.handle.startswith(("U", "W")))
    return tuple(dict.fromkeys(handles))
