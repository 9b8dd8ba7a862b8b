"""Lists that come newest first, read in as many runs as it takes: what one run leaves, the next ones go on with.

GitHub cannot be asked for the oldest first, so a run that ends at its last page has the newest of what there is. What
lies below is found again by its page: whatever is touched meanwhile moves to the front, and the rest only further down.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.sources.cursors import unreadable
from bot.sources.errors import Circling, Endless
from bot.sources.http import PAGES

T = TypeVar("T")


class Left(BaseModel, frozen=True):
    """What a run did not come to: the list of what there is since then, from that page on."""

    since: AwareDatetime
    page: int = Field(ge=1)


class Awaited(BaseModel, frozen=True):
    """A merged pull request whose change is told once it is in production."""

    number: int
    merged_at: AwareDatetime


class Mark(BaseModel, frozen=True):
    """Where a strand goes on: with what is newer than `at`, with what was left, and with what is waited for, if any."""

    at: AwareDatetime
    left: Left | None = None
    waiting: tuple[Awaited, ...] = ()

    def awaiting(self, more: Iterable[Awaited]) -> "Mark":
        """The same, waiting for these too."""
        oldest_first = tuple(sorted((*self.waiting, *more), key=lambda each: (each.merged_at, each.number)))
        return self.model_copy(update={"waiting": oldest_first})

    def without(self, numbers: Iterable[int]) -> "Mark":
        """The same, waiting for these no more."""
        gone = frozenset(numbers)
        return self.model_copy(update={"waiting": tuple(each for each in self.waiting if each.number not in gone)})


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some of a list, the newest first, and what is left once it is kept; `is_newest`: nothing is newer."""

    found: tuple[T, ...]
    left: Left | None
    is_newest: bool


def mark_of(cursor: str) -> Mark:
    """The mark that was written down; Garbled where it is none."""
    try:
        if cursor.startswith("{"):
            return Mark.model_validate_json(cursor)
        return Mark(at=datetime.fromisoformat(cursor))
    except (ValidationError, ValueError):
        raise unreadable("github") from None


def written(mark: Mark) -> str:
    """The mark as a cursor: the time alone, where nothing was left or is waited for."""
    return mark.model_dump_json() if mark.left or mark.waiting else mark.at.isoformat()


def parts(mark: Mark, start: datetime, read: Callable[[datetime, int], Iterator[T]]) -> Iterator[Part[T]]:
    """What there is since `start`, then what an earlier run left.

    `read` gives a list since a time, from a page on. Circling comes after what was read before.
    """
    found, why = _read(read(start, 1))
    if isinstance(why, Endless):
        yield Part(found, Left(since=mark.left.since if mark.left else start, page=PAGES), is_newest=True)
        return
    yield Part(found, mark.left, is_newest=why is None)
    if why:
        raise why
    if mark.left is None:
        return
    found, why = _read(read(mark.left.since, mark.left.page))
    # The last page is read again, in case something above it has gone meanwhile.
    below = Left(since=mark.left.since, page=mark.left.page + PAGES - 1) if why else None
    yield Part(found, mark.left if isinstance(why, Circling) else below, is_newest=False)
    if isinstance(why, Circling):
        raise why


def _read(items: Iterator[T]) -> tuple[tuple[T, ...], Endless | Circling | None]:
    """What could be read, and why no more."""
    found = list[T]()
    try:
        for each in items:
            found.append(each)
    except (Endless, Circling) as why:
        return tuple(found), why
    return tuple(found), None
