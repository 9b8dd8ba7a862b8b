"""The outputs that wait in a queue for somebody to judge them, as reviews that are not done yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot.sources.cursors import Told, kept
from bot.sources.outputs import Output
from bot.sources.seam import Entry, Portion

LONGEST_RUN = timedelta(days=1)
"""How long before its end an output may have begun."""

PATIENCE = timedelta(days=1)
"""How long an output is asked for again that stands in the queue and is not there yet."""


class Item(Protocol):
    """A place in a queue."""

    @property
    def id(self) -> str:
        """Its own id, not the output's; what is put there again has another."""
        ...

    @property
    def queued_at(self) -> datetime:
        """Since when it stands there."""
        ...


AnyItem = TypeVar("AnyItem", bound=Item)


class Queue(Protocol[AnyItem]):
    """A queue that was found."""

    @property
    def at_once(self) -> int:
        """Of how many items the outputs are asked for before what they tell is kept."""
        ...

    def pages(self) -> Iterator[Sequence[AnyItem]]:
        """The items in which an output waits, page by page."""
        ...

    def outputs(self, items: Sequence[AnyItem]) -> Mapping[str, Output | None]:
        """The outputs by their items' ids; None is one that belongs to no review of the workflow."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting(Generic[AnyItem]):
    """What waits in a queue; each item is told once, and a review of its output says later what became of it.

    `find` gives the queue, of which outputs are asked for that began since a time.
    """

    source: str
    key: str
    workflow: str
    find: Callable[[datetime], Queue[AnyItem]]
    begins: Callable[[datetime], datetime]

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """The outputs that were put there since the first day to read and were not told yet."""
        mark = kept(Told, self.source, cursor) if cursor else Told(since=self.begins(until))
        queue, told, there = self.find(mark.since - LONGEST_RUN), dict(mark.told), set[str]()
        for page in queue.pages():
            new = [each for each in page if each.id not in told and mark.since <= each.queued_at <= until]
            for place in range(0, max(len(new), 1), queue.at_once):
                some = new[place : place + queue.at_once]
                outputs = queue.outputs(some) if some else {}
                entries = self._entries(outputs, mark.since, until)
                told |= {each.id: each.queued_at for each in some if _is_done(each, outputs, until)}
                yield Portion(entries, Told(since=mark.since, told=told).model_dump_json())
            there |= {each.id for each in page}
        left = {name: at for name, at in told.items() if name in there}
        yield Portion((), Told(since=mark.since, told=left).model_dump_json())

    def _entries(self, outputs: Mapping[str, Output | None], since: datetime, until: datetime) -> tuple[Entry, ...]:
        return tuple(
            output.waiting(item, self.workflow)
            for item, output in outputs.items()
            if output and since <= output.over_at <= until
        )


def _is_done(item: Item, outputs: Mapping[str, Output | None], until: datetime) -> bool:
    """Whether it is asked for no more: its output is there, or does not come."""
    output = outputs.get(item.id)
    is_there = item.id in outputs and (output is None or output.over_at <= until)
    return is_there or item.queued_at <= until - PATIENCE
