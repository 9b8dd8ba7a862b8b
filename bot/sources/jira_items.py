"""What Jira says of items of work, as values, and what of it is a signal; nothing here asks anything."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.wording import cut
from bot.sources.seam import Entry
from bot.sources.trackers import Piece

TITLE = 300
DONE = "done"
"""The key of the category of statuses that end the work; statuses are called as everybody likes."""


class Category(BaseModel):
    """What kind of status it is: `new`, `indeterminate`, `done`, or `undefined`."""

    key: str


class Status(BaseModel):
    """A status."""

    id: str
    name: str = ""
    category: Category = Field(alias="statusCategory")

    @property
    def is_done(self) -> bool:
        """Whether the work ends with it."""
        return self.category.key == DONE


class User(BaseModel):
    """Somebody, by the name that they go by."""

    name: str = Field("", alias="displayName")


class Fields(BaseModel, extra="allow"):
    """What is told of an item; fields that a company made for itself stand among the extra ones."""

    summary: str | None = None
    status: Status
    due: str | None = Field(None, alias="duedate")
    assignee: User | None = None
    labels: list[str] = Field(default_factory=list)
    created: AwareDatetime
    updated: AwareDatetime
    resolved: AwareDatetime | None = Field(None, alias="resolutiondate")
    moved: AwareDatetime | None = Field(None, alias="statuscategorychangedate")

    def is_set(self, field: str | None) -> bool:
        """Whether a field of that id has a value."""
        return bool(field and (self.model_extra or {}).get(field))

    @property
    def ended(self) -> datetime:
        """When the work of a done item ended; a workflow may set no resolution, and only the Cloud says the move."""
        return self.resolved or self.moved or self.updated


class Item(BaseModel):
    """An item in a list; its key changes when it moves to another project, its id does not."""

    id: str
    key: str
    fields: Fields


class Step(BaseModel):
    """One field as a change left it: the ids of its values."""

    field: str
    before: str | None = Field(None, alias="from")
    after: str | None = Field(None, alias="to")


class History(BaseModel):
    """One change of an item."""

    id: str
    created: AwareDatetime
    items: list[Step] = Field(default_factory=list)


ASKED = ("summary", "status", "duedate", "assignee", "labels", "created", "updated", "resolutiondate")
"""The fields that are asked for; the Cloud also has `statuscategorychangedate`."""


def work_item(item: Item, *, is_blocked: bool) -> Entry:
    """The item as it stands; its id has the time of its last change, so that each change is told once."""
    fields = item.fields
    status = "done" if fields.status.is_done else "blocked" if is_blocked else "open"
    return {
        "id": f"{item.key}:{int(fields.updated.timestamp() * 1000)}",
        "type": "work_item",
        "at": fields.updated.isoformat(),
        "key": item.key,
        "title": _title(item),
        "status": status,
        "due": fields.due,
        "assignee": cut(fields.assignee.name, TITLE) or None if fields.assignee else None,
    }


def piece(item: Item) -> Piece:
    """What the item leaves behind beside itself."""
    return Piece(item.id, item.key, _title(item), item.fields.created, {})


def takes_up_again(history: History, statuses: dict[str, Status]) -> bool:
    """Whether a change led from a done status to one that is not; of statuses that are gone nobody knows."""
    moves = [(statuses.get(step.before or ""), statuses.get(step.after or "")) for step in _of_status(history)]
    return any(before and after and before.is_done and not after.is_done for before, after in moves)


def _of_status(history: History) -> list[Step]:
    return [step for step in history.items if step.field == "status"]


def _title(item: Item) -> str:
    return cut(item.fields.summary or "", TITLE) or item.key
