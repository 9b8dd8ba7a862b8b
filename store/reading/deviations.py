"""Deviations and drills, from rows to frozen values."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, bindparam, select

from bot.domain.deviations import Deviation, DeviationArea
from bot.domain.drills import Drill, DrillKind
from bot.domain.errors import NotFound
from store.reading.among import by_workflow
from store.reading.workflows import person_columns, person_of
from store.tables.deviations import deviations
from store.tables.drills import drills
from store.tables.ledger import people, texts
from store.tables.policies import policies
from store.tables.program import workflows

_owner = people.alias("owner_person")
_opener = people.alias("opener")
_closer = people.alias("closer")
_summary = texts.alias("summary")
_policy = texts.alias("policy_typed")
_answer = texts.alias("answer")

_DEVIATIONS = (
    select(
        deviations,
        workflows.c.name.label("workflow_name"),
        workflows.c.team_id,
        _summary.c.body.label("summary_body"),
        _answer.c.body.label("answer_body"),
        _policy.c.body.label("policy_body"),
        policies.c.name.label("policy_name"),
        *person_columns(_owner, "owner_person"),
        *person_columns(_opener, "opener"),
        *person_columns(_closer, "closer"),
    )
    .join(workflows, workflows.c.id == deviations.c.workflow_id)
    .join(_summary, _summary.c.id == deviations.c.summary)
    .join(_owner, _owner.c.id == deviations.c.owner)
    .join(_opener, _opener.c.id == deviations.c.opened_by)
    .outerjoin(_closer, _closer.c.id == deviations.c.closed_by)
    .outerjoin(policies, policies.c.id == deviations.c.policy_id)
    .outerjoin(_policy, _policy.c.id == deviations.c.policy_words)
    .outerjoin(_answer, _answer.c.id == deviations.c.answer)
)

_DRILLS = (
    select(drills, texts.c.body.label("evidence_body"), *person_columns(people, "holder"))
    .join(people, people.c.id == drills.c.held_by)
    .outerjoin(texts, texts.c.id == drills.c.evidence)
)

_WITH_ID = deviations.c.id == bindparam("deviation_id")
_OF_WORKFLOW = deviations.c.workflow_id == bindparam("workflow_id")
_OPEN = deviations.c.closed_at.is_(None)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AMONG = deviations.c.workflow_id.in_(_IDS)
_NEWEST_FIRST = (drills.c.held_at.desc(), drills.c.id)
_DRILLS_OF = _DRILLS.where(drills.c.workflow_id == bindparam("workflow_id")).order_by(*_NEWEST_FIRST)
_DRILLS_AMONG = _DRILLS.where(drills.c.workflow_id.in_(_IDS)).order_by(*_NEWEST_FIRST)


@lru_cache(maxsize=64)
def _deviations_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _DEVIATIONS.where(*where).order_by(deviations.c.due_on, deviations.c.id)


class Deviations:
    """The deviations, as `view.deviations`; whether someone may read one whole is the caller's to ask."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, deviation_id: str) -> Deviation:
        """The deviation with that id."""
        found = self._read(_WITH_ID, deviation_id=deviation_id.strip())
        if not found:
            raise NotFound(
                f"There is no deviation {deviation_id.strip()!r}. The command deviation list shows those that are open."
            )
        return found[0]

    def open(self, workflow_id: str | None = None) -> tuple[Deviation, ...]:
        """The deviations that nobody closed yet, of one workflow or of all, the one that is due first first."""
        if workflow_id is None:
            return self._read(_OPEN)
        return self._read(_OPEN, _OF_WORKFLOW, workflow_id=workflow_id)

    def all(self, workflow_id: str | None = None) -> tuple[Deviation, ...]:
        """The deviations, open or closed, of one workflow or of all, by due day."""
        return self._read() if workflow_id is None else self._read(_OF_WORKFLOW, workflow_id=workflow_id)

    def among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Deviation, ...]]:
        """The deviations of each of these workflows, open or closed, by due day."""
        return by_workflow(workflow_ids, lambda ids: self._read(_AMONG, ids=ids))

    def open_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Deviation, ...]]:
        """Those of them that nobody closed yet."""
        return by_workflow(workflow_ids, lambda ids: self._read(_OPEN, _AMONG, ids=ids))

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Deviation, ...]:
        rows = self._connection.execute(_deviations_where(*where), values)
        return tuple(
            Deviation(
                id=row.id,
                workflow_id=row.workflow_id,
                workflow=row.workflow_name,
                team_id=row.team_id,
                area=DeviationArea(row.area),
                policy=(row.policy_body or "erased") if row.policy_words else row.policy_name,
                summary=row.summary_body or "erased",
                owner=person_of(row, "owner_person"),
                due_on=row.due_on,
                opened_by=person_of(row, "opener"),
                opened_at=row.opened_at,
                closed_by=person_of(row, "closer") if row.closed_by else None,
                closed_at=row.closed_at,
                answer=(row.answer_body or "erased") if row.answer else None,
            )
            for row in rows
        )


class Drills:
    """The drills that were held, as `view.drills`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_workflow(self, workflow_id: str, kind: DrillKind | None = None) -> tuple[Drill, ...]:
        """The drills of one workflow, of one kind or of all, the newest first."""
        query = _DRILLS_OF if kind is None else _DRILLS_OF.where(drills.c.kind == kind)
        return tuple(_drill(row) for row in self._connection.execute(query, {"workflow_id": workflow_id}))

    def among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Drill, ...]]:
        """The drills of each of these workflows, the newest first."""
        return by_workflow(workflow_ids, lambda ids: map(_drill, self._connection.execute(_DRILLS_AMONG, {"ids": ids})))


def _drill(row: Row[Any]) -> Drill:
    return Drill(
        id=row.id,
        workflow_id=row.workflow_id,
        kind=DrillKind(row.kind),
        took_s=row.took_s,
        evidence=(row.evidence_body or "erased") if row.evidence else None,
        held_by=person_of(row, "holder"),
        held_at=row.held_at,
    )
