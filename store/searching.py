"""Full-text search by the database's own index: FTS5 on SQLite, `tsvector` with GIN on PostgreSQL.

Texts come in taken apart already (`bot.domain.searching`), so that both engines find the same. A word in a title
weighs more than one below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from bot.domain.searching import words_in
from store.tables.search import search_entries

_ENTRY = select(search_entries.c.seq).where(
    search_entries.c.kind == bindparam("kind"), search_entries.c.object_id == bindparam("object_id")
)
_ADD = insert(search_entries).returning(search_entries.c.seq)
_FORGET = text("DELETE FROM search_words WHERE rowid = :seq")
_WRITE = text("INSERT INTO search_words (rowid, title, body) VALUES (:seq, :title, :body)")
_FIND = text(
    "SELECT kind, object_id FROM search_words JOIN search_entries ON search_entries.seq = search_words.rowid "
    "WHERE search_words MATCH :sought ORDER BY bm25(search_words, 8.0, 1.0), search_entries.seq DESC "
    "LIMIT :most OFFSET :after"
)
_TIDY = text("INSERT INTO search_words (search_words) VALUES ('optimize')")
_FORGET_ON_POSTGRESQL = text("DELETE FROM search_words WHERE seq = :seq")
_WRITE_ON_POSTGRESQL = text(
    "INSERT INTO search_words (seq, words) VALUES (:seq, setweight(to_tsvector('simple', :title), 'A') || "
    "setweight(to_tsvector('simple', :body), 'D'))"
)
_FIND_ON_POSTGRESQL = text(
    "SELECT kind, object_id FROM search_words JOIN search_entries USING (seq), to_tsquery('simple', :sought) sought "
    "WHERE words @@ sought ORDER BY ts_rank(words, sought) DESC, seq DESC LIMIT :most OFFSET :after"
)
_TSVECTOR_CHARACTERS = 200_000
"""Of a longer text the beginning is found; PostgreSQL takes a megabyte of distinct words at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: its kind and id, and what stands in its title and below."""

    kind: str
    object_id: str
    title: str
    body: str


def write(connection: Connection, entry: Entry) -> None:
    """The thing found by these words from now on, and by no others."""
    seq = _entry(connection, entry.kind, entry.object_id)
    if seq is None:
        seq = connection.execute(_ADD, {"kind": entry.kind, "object_id": entry.object_id}).scalar_one()
    connection.execute(_FORGET_ON_POSTGRESQL if _is_postgresql(connection) else _FORGET, {"seq": seq})
    row = {"seq": seq, "title": _plain(entry.title), "body": _plain(entry.body)}
    connection.execute(_WRITE_ON_POSTGRESQL if _is_postgresql(connection) else _WRITE, row)


def forget(connection: Connection, kind: str, object_id: str) -> None:
    """The thing found by no word any more."""
    seq = _entry(connection, kind, object_id)
    if seq is None:
        return
    connection.execute(_FORGET_ON_POSTGRESQL if _is_postgresql(connection) else _FORGET, {"seq": seq})
    connection.execute(delete(search_entries).where(search_entries.c.seq == seq))


def tidy(connection: Connection) -> None:
    """No word left in the index of what is found by it no more: SQLite's marks words as gone and merges them later."""
    if not _is_postgresql(connection):
        connection.execute(_TIDY)


def find(connection: Connection, sought: Sequence[str], most: int, after: int) -> tuple[tuple[str, str], ...]:
    """Kind and id of what holds all these words, or words that begin so: the best first, `most` after the first ones.

    The words are as `bot.domain.searching.words_sought` gives them: letters and digits alone.
    """
    on_postgresql = _is_postgresql(connection)
    each = [f"{word}:*" if on_postgresql else f'"{word}" *' for word in sought]
    asked = {"sought": (" & " if on_postgresql else " ").join(each), "most": most, "after": after}
    rows = connection.execute(_FIND_ON_POSTGRESQL if on_postgresql else _FIND, asked)
    return tuple((row.kind, row.object_id) for row in rows)


def _entry(connection: Connection, kind: str, object_id: str) -> int | None:
    found: int | None = connection.scalar(_ENTRY, {"kind": kind, "object_id": object_id})
    return found


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _plain(text: str) -> str:
    return " ".join(words_in(text[:_TSVECTOR_CHARACTERS]))
