"""Checklist items: the states they may be in and the records kept of them (RULES, "Items")."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import BadInput
from bot.domain.people import Person


class ItemState(StrEnum):
    """What became of an item."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class ItemKey:
    """Which item of a checklist: its id in the playbook, and the instance where it recurs (1, 2, …)."""

    id: str
    instance: int = 1

    def __str__(self) -> str:
        return self.id if self.instance == 1 else f"{self.id}#{self.instance}"

    @classmethod
    def parse(cls, text: str) -> "ItemKey":
        """`rehearse_rollback` or `attest_grants#3` as a key."""
        name, _, number = text.strip().partition("#")
        if number and not (number.isascii() and number.isdigit() and 1 <= int(number) <= 9999):
            raise BadInput(f"{text!r} names no item: after # comes the number of the recurrence, such as 2.", "item")
        return cls(name, int(number) if number else 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an item: a link or words, who gave it and when."""

    kind: str
    text: str | None
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """What was recorded of an item; an item that nobody touched has none and is at version 0."""

    key: ItemKey
    state: ItemState
    version: int
    changed_by: Person
    changed_at: datetime
    assignee: Person | None = None
    note: str | None = None
    until: date | None = None
    evidence: Evidence | None = None
    before: ItemState | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Something that the product itself saw and that ticks the items whose `done_when` names its kind."""

    kind: str
    at: datetime
    summary: str
    url: str | None = None
