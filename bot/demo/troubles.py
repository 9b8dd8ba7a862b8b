"""What went otherwise in the sample: each trouble knows which acts of people brought it about, and when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from bot.actions import items, requests, workflows
from bot.actions.desk import Desk, Turn
from bot.actions.items import Place
from bot.demo.days import Days
from bot.domain.items import ItemKey
from bot.domain.workflows import Role

Act = Callable[[Turn, str, Desk], object]
"""What somebody does to the workflow with that id."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One act upon a workflow: when, by whom (a user id or a service), and what they did."""

    at: datetime
    who: str
    act: Act


class Trouble(Protocol):
    """Something off plan."""

    def moments(self, days: Days) -> Iterator[Moment]:
        """The acts behind it, oldest first."""
        ...


def place(workflow_id: str, item: str) -> Place:
    """Where an item of the sample stands, as it is now."""
    return Place(workflow_id, ItemKey.parse(item))


@dataclass(frozen=True, slots=True)
class Blocked:
    """An item on which work cannot go on."""

    item: str
    day: int
    by: str
    reason: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The mark, with its reason."""

        def block(turn: Turn, workflow_id: str, desk: Desk) -> None:
            del desk
            items.block(turn, place(workflow_id, self.item), self.reason)

        yield Moment(days.at(self.day, self.item), self.by, block)


@dataclass(frozen=True, slots=True)
class Assigned:
    """An item in the hands of somebody other than the role's holder."""

    item: str
    day: int
    by: str
    to: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The handing over."""

        def assign(turn: Turn, workflow_id: str, desk: Desk) -> None:
            items.assign(turn, place(workflow_id, self.item), desk.person(self.to))

        yield Moment(days.at(self.day, f"assign {self.item}"), self.by, assign)


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody who held a role and left."""

    role: Role
    person: str
    day: int
    by: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The role without them."""

        def vacate(turn: Turn, workflow_id: str, desk: Desk) -> None:
            workflows.vacate_role(turn, turn.change.workflow_by_id(workflow_id), self.role, desk.person(self.person))

        yield Moment(days.late_on(self.day), self.by, vacate)


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item skipped with somebody else's approval; if `until_day` is past, it is open again."""

    item: str
    day: int
    until_day: int
    asked: str
    approved: str
    reason: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The asking, and the approval at the end of the next day."""

        def approve(turn: Turn, workflow_id: str, desk: Desk) -> None:
            del desk
            waiting = next(each for each in turn.change.requests(workflow_id) if each.item == self.item)
            requests.approve(turn, waiting.id)

        asked = Moment(days.at(self.day, f"skip {self.item}"), self.asked, _asking(self, days))
        yield asked
        yield Moment(max(days.late_on(self.day + 1), asked.at), self.approved, approve)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request to skip that nobody has decided yet; it was made on the last working day."""

    item: str
    until_day: int
    asked: str
    reason: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The asking."""
        yield Moment(days.last_working_day(time(15, 20)), self.asked, _asking(self, days))


def _asking(skip: Skipped | Waiting, days: Days) -> Act:
    def ask(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        requests.ask_skip(turn, place(workflow_id, skip.item), skip.reason, days.date(skip.until_day))

    return ask
