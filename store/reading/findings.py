"""What is kept of findings, from rows to frozen values."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from bot.domain.findings.kinds import Severity
from bot.domain.findings.precision import Precision
from bot.domain.findings.tracking import Acknowledgement, Snooze, Tracked, Weight
from store.reading.workflows import person_columns, person_of
from store.tables.findings import finding_opinions, findings
from store.tables.ledger import people, texts

_knower = people.alias("knower")
_snoozer = people.alias("snoozer")
_assignee = people.alias("finding_assignee")

_FINDINGS = (
    select(
        findings,
        texts.c.body.label("reason_body"),
        *person_columns(_knower, "knower"),
        *person_columns(_snoozer, "snoozer"),
        *person_columns(_assignee, "finding_assignee"),
    )
    .outerjoin(_knower, _knower.c.id == findings.c.acknowledged_by)
    .outerjoin(_snoozer, _snoozer.c.id == findings.c.snoozed_by)
    .outerjoin(_assignee, _assignee.c.id == findings.c.assigned_to)
    .outerjoin(texts, texts.c.id == findings.c.snooze_reason)
)
_WITH_ID = findings.c.id == bindparam("finding_id")
_OF_WORKFLOWS = findings.c.workflow_id.in_(bindparam("workflow_ids", expanding=True))
_OPEN = findings.c.resolved_at.is_(None)
_IN_HANDS = findings.c.assigned_to.in_(
    select(people.c.id).where(people.c.handle.in_(bindparam("handles", expanding=True)))
)
_CAME = select(findings.c.rule, func.sum(findings.c.times).label("came")).group_by(findings.c.rule)
CALLED_USELESS = (
    select(finding_opinions.c.finding_id, finding_opinions.c.time)
    .where(finding_opinions.c.useful.is_(False))
    .distinct()
    .subquery()
)
_USELESS = (
    select(findings.c.rule, func.count().label("useless"))
    .join(CALLED_USELESS, CALLED_USELESS.c.finding_id == findings.c.id)
    .group_by(findings.c.rule)
)


@lru_cache(maxsize=16)
def _findings_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _FINDINGS.where(*where).order_by(findings.c.id)


class Findings:
    """What is kept of findings, as `view.findings`; whether they are still found is for the rules to say."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, Tracked]:
        """Everything that is kept, by key, resolved or not."""
        return self._read()

    def of_workflows(self, workflow_ids: tuple[str, ...]) -> Mapping[str, Tracked]:
        """What is kept about these workflows, by key, resolved or not."""
        return self._read(_OF_WORKFLOWS, workflow_ids=workflow_ids) if workflow_ids else {}

    def find(self, finding_id: str) -> Tracked | None:
        """What is kept under that id, if anything is."""
        return next(iter(self._read(_WITH_ID, finding_id=finding_id).values()), None)

    def in_hands_of(self, handles: tuple[str, ...]) -> tuple[Tracked, ...]:
        """The open findings that were assigned to one of these people."""
        return tuple(self._read(_OPEN, _IN_HANDS, handles=handles).values())

    def precision(self) -> Mapping[str, Precision]:
        """How often each rule's findings came up, and how often somebody called one not useful; by rule."""
        useless = {row.rule: row.useless for row in self._connection.execute(_USELESS)}
        came = self._connection.execute(_CAME)
        return {row.rule: Precision(int(row.came), useless.get(row.rule, 0)) for row in came}

    def _read(self, *where: ColumnElement[bool], **values: object) -> dict[str, Tracked]:
        return {row.key: _tracked(row) for row in self._connection.execute(_findings_where(*where), values)}


def _tracked(row: Any) -> Tracked:
    return Tracked(
        id=row.id,
        key=row.key,
        rule=row.rule,
        workflow_id=row.workflow_id,
        team_id=row.team_id,
        first_seen=row.first_seen,
        first_week=row.first_week,
        weight=Weight(Severity(row.severity), row.size),
        before=Weight(Severity(row.severity_before), row.size_before) if row.severity_before else None,
        changed_week=row.changed_week,
        version=row.version,
        acknowledged=_acknowledgement(row) if row.acknowledged_by else None,
        snoozed=_snooze(row) if row.snoozed_by else None,
        assigned_to=person_of(row, "finding_assignee") if row.assigned_to else None,
        resolved_at=row.resolved_at,
        resolved_week=row.resolved_week,
    )


def _acknowledgement(row: Any) -> Acknowledgement:
    weight = Weight(Severity(row.acknowledged_severity), row.acknowledged_size)
    return Acknowledgement(person_of(row, "knower"), row.acknowledged_at, weight)


def _snooze(row: Any) -> Snooze:
    return Snooze(
        by=person_of(row, "snoozer"),
        at=row.snoozed_at,
        until=row.snoozed_until,
        reason=row.reason_body,
        severity=Severity(row.snoozed_severity),
    )
