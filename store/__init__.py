"""The store: what the program remembers, on SQLite or PostgreSQL from the same code.

`Store.reading` looks, `Store.change` records facts. Nothing else writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from store import idempotency, outbox
from store.change import Change, Circumstances
from store.engine import Database
from store.errors import AlreadyDone, ChangeRefused, Crossed
from store.outbox import Posting
from store.reading.history import Entry
from store.recording.signals import Kept
from store.view import View

__all__ = ["AlreadyDone", "Change", "Circumstances", "Database", "Entry", "Kept", "Posting", "Store", "View", "outbox"]

T = TypeVar("T")


class Store:
    """The program's memory on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._playbook_texts: dict[str, str] = {}

    @contextmanager
    def reading(self) -> Iterator[View]:
        """A view of one state of the whole program."""
        with self.database.reading() as connection:
            yield View(connection, self._playbook_texts)

    def change(self, circumstances: Circumstances, act: Callable[[Change], T], once: str | None = None) -> T:
        """What `act` returns, once everything that it recorded is committed.

        It runs again after a collision or a lost connection. With `once`, a key of the request that asks for
        the change, a second call with the same key changes nothing and raises AlreadyDone.
        """

        def whole(connection: Connection) -> T:
            if once is not None:
                idempotency.claim(connection, once, circumstances.real_at)
            change = Change(connection, circumstances, self._playbook_texts)
            result = act(change)
            change.finish()
            return result

        try:
            return self.database.retrying(whole)
        except (Crossed, ChangeRefused):
            # Someone else was faster by a moment; a second look finds what they did and says so by name.
            return self.database.retrying(whole)
