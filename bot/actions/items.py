"""Checklist items: tick, block, reopen, restore, assign."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.actions.checklists import checklist_of
from bot.actions.desk import Turn
from bot.domain import ticking
from bot.domain.checklists import Row
from bot.domain.facts import ItemAssigned, ItemBlocked, ItemDone, ItemReopened, ItemRestored
from bot.domain.items import ItemKey
from bot.domain.people import Person
from bot.domain.rights import Right, demand_person
from bot.domain.ticking import Given
from bot.domain.workflows import Workflow, demand_open


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: its workflow's id, its key, and the version that the asker saw (None: as it is now)."""

    workflow_id: str
    key: ItemKey
    seen_version: int | None = None


class Found(NamedTuple):
    """The workflow and the row of a place, as they are in this transaction."""

    workflow: Workflow
    row: Row


def find(turn: Turn, place: Place) -> Found:
    """The item at `place`, unchanged since the asker saw it, in a workflow that still runs."""
    demand_person(turn.actor)
    workflow = turn.change.workflow_by_id(place.workflow_id)
    demand_open(workflow)
    row = checklist_of(turn.change, workflow, turn.at).row(place.key)
    ticking.demand_seen(row, place.seen_version)
    return Found(workflow, row)


def _claim(turn: Turn, place: Place) -> Found:
    found = find(turn, place)
    mine = any(holder.handle in turn.actor.handles for holder in found.row.holders)
    turn.demand(Right.TICK, found.workflow.team, found.workflow, assignee=mine)
    return found


def check(turn: Turn, place: Place, given: Given) -> ItemDone:
    """The item done, with what proves it."""
    found = _claim(turn, place)
    fact = ticking.check(found.workflow, found.row, given)
    turn.record(fact)
    return fact


def block(turn: Turn, place: Place, reason: str) -> ItemBlocked:
    """The item blocked, with the reason."""
    found = _claim(turn, place)
    fact = ticking.block(found.workflow, found.row, reason)
    turn.record(fact)
    return fact


def reopen(turn: Turn, place: Place, note: str) -> ItemReopened:
    """The item open again."""
    found = _claim(turn, place)
    fact = ticking.reopen(found.workflow, found.row, note)
    turn.record(fact)
    return fact


def restore(turn: Turn, place: Place) -> ItemRestored:
    """The item as it was before its last change."""
    found = _claim(turn, place)
    fact = ticking.restore(found.workflow, found.row)
    turn.record(fact)
    return fact


def assign(turn: Turn, place: Place, person: Person) -> ItemAssigned:
    """The item in someone's hands."""
    found = _claim(turn, place)
    fact = ticking.assign(found.workflow, found.row, turn.change.person(person))
    turn.record(fact)
    return fact
