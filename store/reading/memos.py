"""Memos, from rows to frozen values."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, bindparam, select

from bot.domain.errors import NotFound
from bot.domain.memos import Category, Comparison, Content, Memo, Move, Prediction
from bot.domain.visibility import Visibility
from store.reading.among import by_workflow
from store.reading.history import words_given
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import people, texts
from store.tables.memos import memos
from store.tables.program import workflows

_owner = people.alias("owner")
_filer = people.alias("filer")
_successor = memos.alias("successor")
_title = texts.alias("title")
_decision = texts.alias("decision")
_context = texts.alias("context")
_options = texts.alias("options")

_MEMOS = (
    select(
        memos,
        workflows.c.name.label("workflow_name"),
        _successor.c.id.label("superseded_by"),
        _title.c.body.label("title_body"),
        _decision.c.body.label("decision_body"),
        _context.c.body.label("context_body"),
        _options.c.body.label("options_body"),
        *person_columns(_owner, "owner_person"),
        *person_columns(_filer, "filer"),
    )
    .join(_owner, _owner.c.id == memos.c.owner)
    .join(_filer, _filer.c.id == memos.c.filed_by)
    .join(_title, _title.c.id == memos.c.title)
    .join(_decision, _decision.c.id == memos.c.decision)
    .outerjoin(_context, _context.c.id == memos.c.context)
    .outerjoin(_options, _options.c.id == memos.c.options)
    .outerjoin(workflows, workflows.c.id == memos.c.workflow_id)
    .outerjoin(_successor, _successor.c.supersedes == memos.c.id)
)

_WITH_ID = memos.c.id == bindparam("memo_id")
_OF_WORKFLOW = memos.c.workflow_id == bindparam("workflow_id")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AMONG = memos.c.workflow_id.in_(_IDS)
_WITH_IDS = memos.c.id.in_(_IDS)
_PREDICTING = memos.c.check_on.is_not(None) & _successor.c.id.is_(None)
_BY_NOW = memos.c.check_on <= bindparam("today")
_CHANGES = select(memos.c.changes).where(memos.c.changes != [])


@lru_cache(maxsize=64)
def _memos_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _MEMOS.where(*where).order_by(memos.c.decided_at.desc(), memos.c.id)


class Memos:
    """The memos, as `view.memos`; whether someone may read one is the caller's to ask."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, memo_id: str) -> Memo:
        """The memo with that id."""
        found = self.find(memo_id)
        if not found:
            raise NotFound(f"There is no memo {memo_id.strip()!r}. The command memo list shows those that exist.")
        return found

    def find(self, memo_id: str) -> Memo | None:
        """The memo with that id, if there is one."""
        found = self._read(_WITH_ID, memo_id=memo_id.strip())
        return found[0] if found else None

    def some(self, ids: Iterable[str]) -> tuple[Memo, ...]:
        """The memos with these ids, a few hundred at most."""
        wanted = list(ids)
        return self._read(_WITH_IDS, ids=wanted) if wanted else ()

    def all(self) -> tuple[Memo, ...]:
        """Every memo, the newest first."""
        return self._read()

    def of_workflow(self, workflow_id: str) -> tuple[Memo, ...]:
        """The memos about one workflow, the newest first."""
        return self._read(_OF_WORKFLOW, workflow_id=workflow_id)

    def among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Memo, ...]]:
        """The memos about each of these workflows, the newest first."""
        return by_workflow(workflow_ids, lambda ids: self._read(_AMONG, ids=ids))

    def predicting_among(self, workflow_ids: Iterable[str], today: date) -> Mapping[str, tuple[Memo, ...]]:
        """Those of them that nothing has superseded and whose prediction is checked on `today` or before."""
        return by_workflow(workflow_ids, lambda ids: self._read(_PREDICTING, _BY_NOW, _AMONG, ids=ids, today=today))

    def named_changes(self) -> frozenset[str]:
        """The keys of the changes that some memo names, also one that was superseded since."""
        return frozenset(key for keys in self._connection.scalars(_CHANGES) for key in keys)

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Memo, ...]:
        return tuple(_memo(row) for row in self._connection.execute(_memos_where(*where), values))


def _memo(row: Row[Any]) -> Memo:
    return Memo(
        id=row.id,
        content=_content(row),
        workflow_id=row.workflow_id,
        workflow=row.workflow_name,
        team_id=row.team_id,
        owner=person_of(row, "owner_person"),
        filed_by=person_of(row, "filer"),
        decided_at=row.decided_at,
        superseded_by=row.superseded_by,
        content_hash=row.content_hash,
    )


def _content(row: Row[Any]) -> Content:
    prediction = None
    if row.check_on is not None:
        prediction = Prediction(row.metric, Comparison(row.comparison), row.value, row.check_on)
    return Content(
        title=row.title_body or "erased",
        decision=row.decision_body or "erased",
        category=Category(row.category),
        is_reversible=row.is_reversible,
        context=words_given(row.context, row.context_body),
        options=words_given(row.options, row.options_body),
        move=Move(row.move) if row.move else None,
        changes=tuple(row.changes),
        prediction=prediction,
        supersedes=row.supersedes,
        visibility=Visibility(row.visibility),
    )
