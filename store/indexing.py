"""What each thing is found by: made from its rows alone, so that whoever writes and whoever erases index it alike."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from bot.domain.memos import Category
from bot.domain.searching import Sought
from store import searching, texts
from store.searching import Entry
from store.tables.documents import document_versions, documents
from store.tables.memos import memos
from store.tables.policies import policies, policy_versions
from store.tables.program import workflows

_MEMO = (
    select(
        memos.c.id,
        memos.c.title,
        memos.c.decision,
        memos.c.context,
        memos.c.options,
        memos.c.category,
        memos.c.changes,
        workflows.c.name.label("workflow"),
    )
    .outerjoin(workflows, workflows.c.id == memos.c.workflow_id)
    .where(memos.c.id == bindparam("id"))
)
_DOCUMENT = (
    select(documents.c.id, document_versions.c.title, document_versions.c.body)
    .join(
        document_versions,
        (document_versions.c.document_id == documents.c.id) & (document_versions.c.number == documents.c.version),
    )
    .where(documents.c.id == bindparam("id"))
)
_POLICY = (
    select(policies.c.id, policies.c.name, policy_versions.c.area, policy_versions.c.text, policy_versions.c.link)
    .join(
        policy_versions,
        (policy_versions.c.policy_id == policies.c.id) & (policy_versions.c.number == policies.c.version),
    )
    .where(policies.c.id == bindparam("id"))
)

Said = Callable[[str | None], str]


def index(connection: Connection, kind: Sought, object_id: str) -> None:
    """The thing found by what its rows and texts say now, and by nothing else; erased words are not among it."""
    rows, entry_of = _MADE[kind]
    row = connection.execute(rows, {"id": object_id}).one()
    words = texts.read(connection, (value for value in row if isinstance(value, str)))
    searching.write(connection, entry_of(row, lambda text_id: words.get(text_id or "") or ""))


def _memo(row: Any, said: Said) -> Entry:
    """A memo by its words, its category, the workflow it is about, and changes."""
    parts = (said(row.decision), said(row.context), said(row.options))
    below = (*parts, Category(row.category).label, row.workflow or "", *row.changes)
    return Entry(Sought.MEMO, row.id, said(row.title), _lines(*below))


def _document(row: Any, said: Said) -> Entry:
    return Entry(Sought.DOCUMENT, row.id, said(row.title), said(row.body))


def _policy(row: Any, said: Said) -> Entry:
    return Entry(Sought.POLICY, row.id, row.name, _lines(row.area.replace("_", " "), said(row.text), said(row.link)))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


_MADE: Mapping[Sought, tuple[Select[Any], Callable[[Any, Said], Entry]]] = MappingProxyType(
    {
        Sought.MEMO: (_MEMO, _memo),
        Sought.DOCUMENT: (_DOCUMENT, _document),
        Sought.POLICY: (_POLICY, _policy),
    }
)
