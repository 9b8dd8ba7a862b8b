"""The store: what the program remembers, on SQLite or PostgreSQL from the same code.

`Store.reading` looks, `Store.change` records facts. Nothing else writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from store import audit, drafts, idempotency, outbox
from store.audit import Head
from store.change import Change, Circumstances
from store.engine import Database
from store.errors import AlreadyDone, ChangeRefused, Crossed
from store.outbox import Posting
from store.reading.history import Entry
from store.reading.marks import NAMED, Marks
from store.recording.signals import Kept
from store.recording.tokens import note_uses
from store.view import View

__all__ = [
    "AlreadyDone",
    "Change",
    "Circumstances",
    "Database",
    "Entry",
    "Kept",
    "Marks",
    "Posting",
    "Store",
    "View",
    "drafts",
    "note_uses",
    "outbox",
]

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

    def marks(self, name: str) -> Marks | None:
        """The marks of the workflow of that name at this moment, at a fraction of what a view costs; None if unknown.

        They say whether what was made before still holds; what is made anew goes by the marks of its own view.
        """
        row = self.database.glance(NAMED, name=name.strip().casefold())
        return Marks(*row) if row else None

    def change(self, circumstances: Circumstances, act: Callable[[Change], T], once: str | None = None) -> T:
        """What `act` returns, once everything that it recorded is committed.

        It runs again after a collision or a lost connection, but never once it was committed: where the connection
        broke during COMMIT, the chain says whether it was. With `once`, a key of the request that asks for the
        change, a second call with the same key changes nothing and raises AlreadyDone.
        """
        in_doubt: tuple[T, Head] | None = None

        def whole(connection: Connection) -> T:
            nonlocal in_doubt
            if in_doubt is not None and audit.stands(connection, in_doubt[1]):
                return in_doubt[0]
            in_doubt = None
            if once is not None:
                idempotency.claim(connection, once, circumstances.real_at)
            change = Change(connection, circumstances, self._playbook_texts)
            result = act(change)
            newest = change.finish()
            in_doubt = (result, newest) if newest else None
            return result

        try:
            return self.database.retrying(whole)
        except (Crossed, ChangeRefused):
            # Someone else was faster by a moment; a second look finds what they did and says so by name.
            return self.database.retrying(whole)
