"""What rules need to know from outside the store: who is an active member, and who may decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.actions.authority import Deciders
from bot.actions.desk import Desk, Turn
from bot.domain.people import Membership, Person
from bot.domain.workflows import Workflow
from store import View


@dataclass(frozen=True, slots=True)
class Scene:
    """The memberships of people who hold roles or approve for a team, by handle, and everyone who may decide."""

    deciders: Deciders = field(default_factory=Deciders)
    met: Mapping[str, Membership] = field(default_factory=dict)


def scene_of(desk: Desk, workflows: tuple[Workflow, ...], view: View | None = None) -> Scene:
    """The scene of these workflows, asked for outside any change; `view` is the look under way, if there is one."""
    handles = {person.handle for person in _people(workflows)}
    return Scene(desk.deciders(view), desk.memberships(handle for handle in handles if handle))


def scene_in(turn: Turn, workflows: tuple[Workflow, ...]) -> Scene:
    """The scene of these workflows for a change under way, which begins anew once it is known."""
    return Scene(turn.deciders, turn.memberships(_people(workflows)))


def _people(workflows: tuple[Workflow, ...]) -> Iterator[Person]:
    for workflow in workflows:
        yield from (holder.person for holder in workflow.holders)
        yield from workflow.team.approvers
