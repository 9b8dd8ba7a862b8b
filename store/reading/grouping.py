"""Workflows that are asked the same, together: one query for many of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Asked = TypeVar("Asked", bound=Hashable)

MOST = 500
"""How many ids one query names."""


def together(asked: Mapping[str, Asked]) -> Iterator[tuple[Asked, Sequence[str]]]:
    """What is asked, with the ids of those of whom it is asked, at most `MOST` at a time."""
    groups: dict[Asked, list[str]] = defaultdict(list)
    for workflow_id, each in asked.items():
        groups[each].append(workflow_id)
    for each, ids in groups.items():
        for start in range(0, len(ids), MOST):
            yield each, ids[start : start + MOST]
