"""Rights that rest on no single workflow: what someone is anywhere in a team, or anywhere in the program."""

from collections.abc import Iterable

from bot.actions.desk import Turn
from bot.domain.errors import NotAllowed
from bot.domain.people import Actor
from bot.domain.rights import Right, Standing, demand_person, standings, why_allowed
from bot.domain.teams import Team
from bot.domain.workflows import Workflow
from store import View


def demand_in_team(turn: Turn, right: Right, team: Team) -> str:
    """The reason why the actor may do this to a team, be it that they own or steward a workflow of it."""
    demand_person(turn.actor)
    why = why_allowed(right, _held(turn.actor, (team,), turn.change.workflows(team.id)))
    if why is None:
        # Refused in the words that name who leads and decides there.
        return turn.demand(right, team)
    turn.change.allowed_because(why)
    return why


def teams_open_to(view: View, actor: Actor, right: Right) -> tuple[Team, ...]:
    """The teams to which the actor may do this, by name."""
    near = _near(view, actor)
    return tuple(
        team
        for team in view.teams()
        if why_allowed(right, _held(actor, (team,), (each for each in near if each.team.id == team.id)))
    )


def demand_anywhere(turn: Turn, right: Right) -> str:
    """The reason why the actor may do this to the whole program: they lead, own, steward or decide something in it."""
    demand_person(turn.actor)
    held = _held(turn.actor, turn.change.teams(), _near(turn.change, turn.actor))
    if turn.actor.approver_because:
        held[Standing.APPROVER] = turn.actor.approver_because
    if turn.actor.admin_because:
        held[Standing.ADMIN] = turn.actor.admin_because
    why = why_allowed(right, held)
    if why is None:
        able = ", ".join(person.name for person in turn.deciders.of(None)[:3])
        raise NotAllowed(
            f"You can't {right}: whoever leads a team, owns or stewards a workflow, or approves"
            f"{f' ({able})' if able else ''} can. Ask one of them."
        )
    turn.change.allowed_because(why)
    return why


def _near(view: View, actor: Actor) -> tuple[Workflow, ...]:
    return tuple(workflow for handle in actor.handles for workflow in view.workflows_of(handle))


def _held(actor: Actor, teams: Iterable[Team], workflows: Iterable[Workflow]) -> dict[Standing, str]:
    held: dict[Standing, str] = {}
    for team in teams:
        held |= standings(actor, team)
    for workflow in workflows:
        held |= standings(actor, workflow.team, workflow)
    return held
