"""Facts about checklist items."""

from dataclasses import dataclass
from datetime import date

from bot.domain.items import ItemState
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """The state of an item changed from `before`, decided on what it was at `seen_version`."""

    workflow_id: str
    item: str
    seen_version: int
    before: ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDone(ItemChange):
    """An item was ticked by hand."""

    evidence_kind: str | None = None
    evidence: FreeText | None = None
    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBlocked(ItemChange):
    """Work on an item cannot go on, for a reason."""

    note: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReopened(ItemChange):
    """An item that was settled or blocked is open again."""

    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRestored(ItemChange):
    """An item has the state again that it had before its last change."""

    state: ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSkipped(ItemChange):
    """An item was skipped until a date, as an approved request asked."""

    until: date
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAssigned:
    """An item was given to someone by name."""

    workflow_id: str
    item: str
    seen_version: int
    person: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenOver:
    """An item of a phase that lay behind the workflow when it came to us; not done, and not late."""

    workflow_id: str
    item: str
