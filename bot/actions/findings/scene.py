"""What rules need to know from outside the store: who is an active member, and who may decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.actions.authority import Deciders
from bot.actions.desk import Desk
from bot.domain.people import Membership
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Scene:
    """The memberships of people who hold roles or approve for a team, by handle, and everyone who may decide."""

    deciders: Deciders = field(default_factory=Deciders)
    met: Mapping[str, Membership] = field(default_factory=dict)


def scene_of(desk: Desk, workflows: tuple[Workflow, ...]) -> Scene:
    """The scene of these workflows, asked for outside any transaction."""
    holders = {holder.person.handle for workflow in workflows for holder in workflow.holders}
    approvers = {person.handle for workflow in workflows for person in workflow.team.approvers}
    return Scene(desk.deciders(), desk.memberships(handle for handle in holders | approvers if handle))
