"""What tests of a source do with it: how it is reached, what a run reads, what that tells, and what was asked for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sources.errors import SourceError
from bot.sources.seam import Access, Entry, Portion, Source
from tests.sources.system import Seen, System, World

UNTIL = datetime(2026, 3, 9, 9, tzinfo=UTC)
"""A Monday morning, on which runs read unless a test says otherwise."""


def access(url: str, token: str | None = "canary") -> Access:
    """How a system at this address is reached, in a world in which nobody waits."""
    return Access(url, token, frozenset(), World().surroundings())


def one_run(system: System, source: Source, cursor: str | None = None, until: datetime = UNTIL) -> list[Portion]:
    """What one run reads of its first strand; its line is closed with the system."""
    system.closing.append(source.close)
    return list(source.strands[0].read(cursor, until))


def signals(portions: list[Portion]) -> list[Entry]:
    """All that they tell, in order."""
    return [each for portion in portions for each in portion.entries]


def by_id(portions: list[Portion]) -> dict[str, dict[str, Any]]:
    """All that they tell, by id."""
    return {str(each["id"]): dict(each) for each in signals(portions)}


def keys(portions: list[Portion]) -> set[str]:
    """Which items, changes or incidents they tell of."""
    return {str(each["key"]) for each in signals(portions)}


def asked(system: System, path: str) -> list[Any]:
    """What each question at that path said: its query or, of a POST, its body."""
    return [content(each) for each in system.seen if urlsplit(each.path).path == path]


def content(seen: Seen) -> Any:
    """What a question said."""
    return json.loads(seen.body) if seen.method == "POST" else parse_qs(urlsplit(seen.path).query)


@contextmanager
def refused(kind: type[SourceError], said: str) -> Iterator[None]:
    """Makes sure that what is done here ends with that kind of error, whose sentence begins so and holds no token."""
    with pytest.raises(kind) as raised:
        yield
    assert str(raised.value).startswith(said)
    assert "canary" not in str(raised.value)
