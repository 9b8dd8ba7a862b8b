"""Who hears of a workflow's agent: the team's channel; where there is none, people by direct message."""

from collections.abc import Iterable

from bot.domain.absences import Absences
from bot.domain.people import Person
from bot.domain.workflows import Role, Workflow


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


def reachable(people: Iterable[Person]) -> tuple[str, ...]:
    """The Slack ids of those who have one, each once."""
    handles = (person.handle for person in people if person.handle and person.handle.startswith(("U", "W")))
    return tuple(dict.fromkeys(handles))
