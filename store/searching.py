"""Full-text search by the database's own index: FTS5 on SQLite, `tsvector` with GIN on PostgreSQL.

Texts come in taken apart already (`bot.domain.searching`), so that both engines find the same. A word in a title
weighs more than one below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)

from bot.domain.searching import Sought, words_in
from bot.domain.visibility import Reader
from store.bounds import bounds_of, within
from store.tables.memos import memos
from store.tables.search import WORDS, search_entries

_ENTRY = select(search_entries.c.seq).where(
    search_entries.c.kind == bindparam("kind"), search_entries.c.object_id == bindparam("object_id")
)
_ADD = insert(search_entries).returning(search_entries.c.seq)
_FORGET = text("DELETE FROM search_words WHERE rowid = :seq")
_WRITE = text("INSERT INTO search_words (rowid, title, body) VALUES (:seq, :title, :body)")
_TIDY = text("INSERT INTO search_words (search_words) VALUES ('optimize')")
_FORGET_ON_POSTGRESQL = text("DELETE FROM search_words WHERE seq = :seq")
_WRITE_ON_POSTGRESQL = text(
    "INSERT INTO search_words (seq, words) VALUES (:seq, setweight(to_tsvector('simple', :title), 'A') || "
    "setweight(to_tsvector('simple', :body), 'D'))"
)
_CUSTOM_PLAN = text("SET LOCAL plan_cache_mode = force_custom_plan")
_TSVECTOR_CHARACTERS = 200_000
"""Of a longer text the beginning is found; PostgreSQL takes a megabyte of distinct words at most."""

_words = table(WORDS, column("rowid"), column("seq"), column("words"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: its kind and id, and what stands in its title and below."""

    kind: str
    object_id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which memos are looked for: what `reader` may know of, with all of `words` if any.

    `in_force`: only those that nothing has superseded; `at_large`: only those about no workflow.
    """

    reader: Reader
    words: tuple[str, ...] = ()
    in_force: bool = False
    at_large: bool = False


def write(connection: Connection, entry: Entry) -> None:
    """The thing found by these words from now on, and by no others, within the bounds that its rows give it."""
    title = _plain(entry.title)
    seq = _entry(connection, entry.kind, entry.object_id)
    if seq is None:
        seq = connection.execute(_ADD, {"kind": entry.kind, "object_id": entry.object_id}).scalar_one()
    if bounds := bounds_of(connection, entry.kind, entry.object_id, is_titled=bool(title)):
        connection.execute(update(search_entries).where(search_entries.c.seq == seq).values(bounds))
    connection.execute(_FORGET_ON_POSTGRESQL if _is_postgresql(connection) else _FORGET, {"seq": seq})
    row = {"seq": seq, "title": title, "body": _plain(entry.body)}
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


def find(
    connection: Connection, reader: Reader, sought: Sequence[str], most: int, after: int
) -> tuple[tuple[str, str], ...]:
    """Kind and id of what holds all these words, or words that begin so: the best first, `most` after the first ones.

    The words are as `bot.domain.searching.words_sought` gives them: letters and digits alone. What `reader` may not
    know of is left out, and so is what holds them only where they may not read.
    """
    _plan_for_these_words(connection)
    found = _found(connection, reader, sought)
    rank = _rank(connection, sought)
    ranked = found.order_by(rank, search_entries.c.seq.desc()).limit(most).offset(after)
    return tuple((row.kind, row.object_id) for row in connection.execute(ranked))


def newest(connection: Connection, wanted: Wanted, most: int | None, after: int) -> tuple[str, ...]:
    """The ids of memos, the newest first: `most` after the first ones, or all."""
    _plan_for_these_words(connection)
    at: ColumnElement[Any] = search_entries.c.at
    if wanted.words:
        found = _found(connection, wanted.reader, wanted.words)
        if not _is_postgresql(connection):
            # By the bare column SQLite would go through all memos and look into the words of each, however rare a word.
            at = func.coalesce(at, at)
    else:
        found = select(search_entries.c.object_id).where(within(connection, wanted.reader).known)
    found = found.where(search_entries.c.kind == Sought.MEMO)
    if wanted.in_force:
        later = select(memos.c.id).where(memos.c.supersedes == search_entries.c.object_id)
        found = found.where(~later.exists())
    if wanted.at_large:
        found = found.where(search_entries.c.workflow_id.is_(None))
    ordered = found.order_by(at.desc(), search_entries.c.object_id).limit(most).offset(after)
    return tuple(row.object_id for row in connection.execute(ordered))


def _plan_for_these_words(connection: Connection) -> None:
    """PostgreSQL's plan made for the words at hand: the one for any words, which it keeps, takes four times as long."""
    if _is_postgresql(connection):
        connection.execute(_CUSTOM_PLAN)


def _found(connection: Connection, reader: Reader, sought: Sequence[str]) -> Select[Any]:
    """What holds the words where `reader` may read it: in all of it, or in a title that is for everyone."""
    bounds = within(connection, reader)
    own = or_(bounds.readable, _names(connection, reader), bounds.known & _titled(connection, sought))
    joined = _words.join(search_entries, search_entries.c.seq == _place(connection))
    held = select(search_entries.c.kind, search_entries.c.object_id).select_from(joined)
    return held.where(_holds(connection, sought), own)


def _rank(connection: Connection, sought: Sequence[str]) -> ColumnElement[Any]:
    """What the best hits have least of."""
    if _is_postgresql(connection):
        return func.ts_rank(_words.c.words, _tsquery(sought)).desc()
    return func.bm25(literal_column(WORDS), 8.0, 1.0)


def _holds(connection: Connection, sought: Sequence[str]) -> ColumnElement[bool]:
    if _is_postgresql(connection):
        return _words.c.words.bool_op("@@")(_tsquery(sought))
    return literal_column(WORDS).bool_op("MATCH")(_quoted(sought))


def _titled(connection: Connection, sought: Sequence[str]) -> ColumnElement[bool]:
    """Whether the title alone holds the words."""
    if _is_postgresql(connection):
        return _words.c.words.bool_op("@@")(_tsquery(sought, "A"))
    return _among(f"title : ({_quoted(sought)})")


def _names(connection: Connection, reader: Reader) -> ColumnElement[bool]:
    """Whether it is a document whose text has the reader's handle in it: one that names them as its reviewer."""
    handle = words_in(reader.handle)
    if not handle:
        return literal_column("1 = 0")
    if _is_postgresql(connection):
        named: ColumnElement[bool] = _words.c.words.bool_op("@@")(_tsquery(handle))
    else:
        named = _among(_quoted(handle))
    return (search_entries.c.kind == Sought.DOCUMENT) & named


def _among(query: str) -> ColumnElement[bool]:
    within_it = table(WORDS, column("rowid"))
    held = select(within_it.c.rowid).where(literal_column(WORDS).bool_op("MATCH")(query))
    return search_entries.c.seq.in_(held)


def _place(connection: Connection) -> ColumnElement[int]:
    return _words.c.seq if _is_postgresql(connection) else _words.c.rowid


def _tsquery(sought: Sequence[str], weight: str = "") -> ColumnElement[Any]:
    return func.to_tsquery("simple", " & ".join(f"{word}:*{weight}" for word in sought))


def _quoted(sought: Sequence[str]) -> str:
    return " AND ".join(f'"{word}" *' for word in sought)


def _entry(connection: Connection, kind: str, object_id: str) -> int | None:
    found: int | None = connection.scalar(_ENTRY, {"kind": kind, "object_id": object_id})
    return found


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _plain(text: str) -> str:
    return " ".join(words_in(text[:_TSVECTOR_CHARACTERS]))
