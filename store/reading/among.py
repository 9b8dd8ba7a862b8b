"""What is read of many workflows at once: a few queries for all of them, however many there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

CHUNK = 500
"""How many values one query names at most; databases have a limit."""


class Owned(Protocol):
    """Something that is about a workflow."""

    @property
    def workflow_id(self) -> str | None:
        """The workflow's id."""
        ...


AnyOwned = TypeVar("AnyOwned", bound=Owned)


def by_workflow(
    workflow_ids: Iterable[str], read: Callable[[Sequence[str]], Iterable[AnyOwned]]
) -> Mapping[str, tuple[AnyOwned, ...]]:
    """What `read` gives of these workflows in its order, by their ids; each that was asked for is there."""
    found: dict[str, list[AnyOwned]] = {each: [] for each in workflow_ids}
    for ids in chunks(list(found)):
        for one in read(ids):
            if one.workflow_id in found:
                found[one.workflow_id].append(one)
    return {each: tuple(of) for each, of in found.items()}


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values, as many at a time as one query may name."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
