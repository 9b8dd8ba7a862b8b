"""What people typed: kept by id outside the audit chain, so that the words can be erased for good."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store import chance
from store.tables.ledger import texts
from store.types import demand_storable

_WRITE = texts.insert()


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text that was written: its id, and the salted hash by which the audit chain vouches for it."""

    id: str
    sha256: str


def salted_hash(nonce: str, body: str) -> str:
    """SHA-256 of a nonce and a text; without the nonce even a one-word text cannot be guessed from it."""
    return hashlib.sha256(f"{nonce}\n{body}".encode()).hexdigest()


def write(connection: Connection, body: str, author: str | None, at: datetime) -> StoredText:
    """The text as stored, letter for letter; `author` is the person (a people id) whose words they are."""
    demand_storable(body)
    nonce = chance.token(16)
    stored = StoredText(f"t_{chance.token(10)}", salted_hash(nonce, body))
    row = {"id": stored.id, "sha256": stored.sha256, "nonce": nonce, "body": body, "author": author}
    connection.execute(_WRITE, row | {"written_at": at})
    return stored


def read(connection: Connection, ids: Iterable[str]) -> Mapping[str, str | None]:
    """The words by id; None for those that were erased, no entry for ids that nobody wrote."""
    found = connection.execute(select(texts.c.id, texts.c.body).where(texts.c.id.in_(set(ids))))
    return {row.id: row.body for row in found}


def by_author(connection: Connection, person: str) -> tuple[str, ...]:
    """The ids of one person's texts that still have their words, oldest first."""
    whose = select(texts.c.id).where(texts.c.author == person, texts.c.body.is_not(None))
    return tuple(connection.scalars(whose.order_by(texts.c.written_at, texts.c.id)))


def erase(connection: Connection, ids: Iterable[str]) -> int:
    """How many texts lost their words just now; their ids and hashes stay, and the chain stays whole."""
    gone = texts.update().where(texts.c.id.in_(set(ids)), texts.c.body.is_not(None))
    return connection.execute(gone.values(body=None, nonce=None)).rowcount
