"""What Linear says of issues, as values, and what of it is a signal; nothing here asks anything."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.wording import cut
from bot.sources.seam import Entry
from bot.sources.trackers import Piece

T = TypeVar("T")

TITLE = 300
COMPLETED = "completed"
OVER = frozenset((COMPLETED, "canceled", "duplicate"))
"""The types of states that end the work; states are called as everybody likes."""


class Place(BaseModel):
    """Where a list goes on."""

    has_more: bool = Field(False, alias="hasNextPage")
    end: str | None = Field(None, alias="endCursor")


class Nodes(BaseModel, Generic[T]):
    """Some of a list."""

    nodes: list[T] = Field(default_factory=list)
    place: Place = Field(default_factory=lambda: Place.model_validate({}), alias="pageInfo")


class State(BaseModel):
    """A state of work."""

    type: str
    name: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the work ends with it."""
        return self.type in OVER


class Named(BaseModel):
    """A label, or anything that has a name."""

    name: str


class User(BaseModel):
    """Somebody, by the name that they go by."""

    name: str = Field(alias="displayName")


class Other(BaseModel):
    """The issue at the other end of a relation."""

    updated: AwareDatetime = Field(alias="updatedAt")
    state: State


class Relation(BaseModel):
    """A relation that begins at another issue, such as `blocks`."""

    type: str
    other: Other = Field(alias="issue")


class Issue(BaseModel):
    """An issue in a list."""

    id: str
    key: str = Field(alias="identifier")
    former_keys: list[str] = Field(alias="previousIdentifiers")
    title: str
    url: str
    due: str | None = Field(alias="dueDate")
    created: AwareDatetime = Field(alias="createdAt")
    updated: AwareDatetime = Field(alias="updatedAt")
    completed: AwareDatetime | None = Field(alias="completedAt")
    archived: AwareDatetime | None = Field(alias="archivedAt")
    is_in_trash: bool | None = Field(alias="trashed")
    state: State
    assignee: User | None
    labels: Nodes[Named]
    relations: Nodes[Relation] = Field(alias="inverseRelations")

    @property
    def is_over(self) -> bool:
        """Whether nobody will work on it any more."""
        return self.state.is_over or self.archived is not None or bool(self.is_in_trash)

    @property
    def is_held_up(self) -> bool:
        """Whether another issue that is not over blocks it."""
        return not self.is_over and any(not each.state.is_over for each in self._blockers)

    def names(self) -> frozenset[str]:
        """Its state and labels, in small letters."""
        return frozenset(each.casefold() for each in (self.state.name, *(label.name for label in self.labels.nodes)))

    def has_label(self, names: Sequence[str]) -> bool:
        """Whether it has one of these labels."""
        return any(each.name in names for each in self.labels.nodes)

    def stands_since(self, until: datetime) -> datetime:
        """When it, or one that blocks it, was touched last: either may change how it stands."""
        others = (each.updated for each in self._blockers if each.updated <= until)
        return self.updated if self.is_over else max((self.updated, *others))

    @property
    def _blockers(self) -> tuple[Other, ...]:
        return tuple(each.other for each in self.relations.nodes if each.type == "blocks")


class Move(BaseModel):
    """One change of an issue, with the states between which it moved, if it did."""

    id: str
    created: AwareDatetime = Field(alias="createdAt")
    before: State | None = Field(alias="fromState")
    after: State | None = Field(alias="toState")

    @property
    def takes_up_again(self) -> bool:
        """Whether it led from a state that ends the work to one that does not."""
        return bool(self.before and self.after and self.before.is_over and not self.after.is_over)


def work_items(issue: Issue, at: datetime, *, is_blocked: bool) -> Iterator[Entry]:
    """The issue as it stands at that time; under a key that it had in another team it is over."""
    status = "done" if issue.is_over else "blocked" if is_blocked else "open"
    about = {
        "type": "work_item",
        "at": at.isoformat(),
        "title": _title(issue),
        "due": issue.due,
        "assignee": cut(issue.assignee.name, TITLE) or None if issue.assignee else None,
        **_link(issue),
    }
    moment = int(at.timestamp() * 1000)
    yield {**about, "id": f"{issue.key}:{moment}", "key": issue.key, "status": status}
    for key in issue.former_keys:
        yield {**about, "id": f"{key}:{moment}", "key": key, "status": "done"}


def piece(issue: Issue) -> Piece:
    """What the issue leaves behind beside itself."""
    return Piece(issue.id, issue.key, _title(issue), issue.created, _link(issue))


def _title(issue: Issue) -> str:
    return cut(issue.title, TITLE) or issue.key


def _link(issue: Issue) -> dict[str, str]:
    """The address where people look, if it is Linear's own."""
    try:
        found = urlsplit(issue.url)
    except ValueError:
        return {}
    is_theirs = found.scheme == "https" and found.hostname == "linear.app"
    return {"url": issue.url} if is_theirs and len(issue.url) <= TITLE else {}
