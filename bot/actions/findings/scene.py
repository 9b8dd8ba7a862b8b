"""What rules need to know from outside the store: who is an active member, and who may decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.actions.authority import Deciders
from bot.actions.desk import Desk
from bot.domain.people import Membership
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Scene:
    """The memberships of people who hold roles, by handle, and everyone who may decide requests."""

    deciders: Deciders = field(default_factory=Deciders)
    met: Mapping[str, Membership] = field(default_factory=dict)


def scene_of(desk: Desk, workflows: tuple[Workflow, ...]) -> Scene:
    """The scene of these workflows, asked for outside any transaction."""
    handles = {person.handle for workflow in workflows for person in (h.person for h in workflow.holders)}
    return Scene(desk.deciders(), desk.memberships(handle for handle in handles if handle))
