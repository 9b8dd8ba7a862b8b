"""Within which bounds something is found: what decides who may know of it, kept beside its words.

The database narrows by them what it ranks, so that whoever may see few of many hits need not go through them all. It
may give too much, never too little: whether a hit is shown is decided by `bot.domain.visibility`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from bot.domain.documents import DocumentKind
from bot.domain.memos import Category
from bot.domain.searching import Sought
from bot.domain.visibility import Reader, Visibility
from store import people
from store.tables.documents import document_versions, documents
from store.tables.memos import memos
from store.tables.program import workflows
from store.tables.search import search_entries

_ENTRY = search_entries.c


@dataclass(frozen=True, slots=True)
class Within:
    """What the database asks of an entry: whether the reader may know of it, and whether they may read it."""

    known: ColumnElement[bool]
    readable: ColumnElement[bool]


def bounds_of(connection: Connection, kind: str, object_id: str, *, is_titled: bool) -> dict[str, Any]:
    """The columns that say who may know of something and read it, by the rows that are kept of it.

    Where no title stands in the index, words are looked for as if all of it were for everyone: what is shown in place
    of a title is the domain's to say.
    """
    if kind == Sought.MEMO:
        memo = connection.execute(select(memos).where(memos.c.id == object_id)).first()
        if memo is not None:
            return {
                "at": memo.decided_at,
                "visibility": memo.visibility,
                "team_id": memo.team_id,
                "workflow_id": memo.workflow_id,
                "is_restricted": is_titled and memo.category == Category.SECURITY_POSTURE,
                "insiders": _between_bars(memo.owner, memo.filed_by),
            }
    if kind == Sought.DOCUMENT:
        document = connection.execute(select(documents).where(documents.c.id == object_id)).first()
        if document is not None:
            wrote = select(document_versions.c.author, document_versions.c.agent)
            versions = connection.execute(wrote.where(document_versions.c.document_id == object_id))
            return {
                "workflow_id": document.workflow_id,
                "is_restricted": is_titled and document.kind == DocumentKind.RED_TEAM,
                "insiders": _between_bars(*(each.author or each.agent for each in versions)),
            }
    return {}


def within(connection: Connection, reader: Reader) -> Within:
    """What `reader` may know of and read, whoever is named in a text aside."""
    if reader.sees_all or reader.decides_all:
        return Within(true(), true())
    mine = (people.find(connection, reader.handle), reader.handle)
    insider = or_(*(_ENTRY.insiders.contains(f"|{each}|", autoescape=True) for each in mine if each))
    deciding = reader.approves | reader.leads
    leaders = _ENTRY.visibility == Visibility.LEADERS if deciding else false()
    known = or_(
        _ENTRY.visibility.is_(None),
        _ENTRY.visibility == Visibility.EVERYONE,
        (_ENTRY.visibility == Visibility.TEAM) & _ENTRY.team_id.in_(sorted(reader.teams | deciding)),
        leaders,
    )
    own = or_(
        ~_ENTRY.is_restricted,
        _ENTRY.workflow_id.in_(sorted(reader.workflows)),
        _ENTRY.team_id.in_(sorted(deciding)),
        _ENTRY.workflow_id.in_(select(workflows.c.id).where(workflows.c.team_id.in_(sorted(deciding)))),
        _ENTRY.team_id.is_(None) & (_ENTRY.kind == Sought.MEMO) if reader.approves else false(),
    )
    return Within(or_(insider, known), or_(insider, and_(known, own)))


def _between_bars(*ids: str | None) -> str:
    return f"|{'|'.join(dict.fromkeys(each for each in ids if each))}|"
