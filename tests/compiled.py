"""Statements turned into SQL once per worker: the databases of all tests have one memory of what was compiled."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.util import LRUCache

from store.engine import Database

_KEPT = 5_000


class _Statements:
    """What SQLAlchemy asks for compiled statements, under a key that begins with the dialect of one engine."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(_KEPT)

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[1:]] = compiled


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Every database of this worker knows the statements that another one of its kind compiled."""
    kinds: dict[str, _Statements] = {}
    build: Callable[..., None] = Database.__init__

    def built(database: Database, *args: Any, **more: Any) -> None:
        build(database, *args, **more)
        known = kinds.setdefault(database.name, _Statements())
        server = database._server
        for engine in (server.reader, server.writer):
            engine._compiled_cache = known  # type: ignore[assignment]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "__init__", built)
        yield
