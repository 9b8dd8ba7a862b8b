"""The log of decisions, from rows to frozen values."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, String, and_, func, literal, select, type_coerce
from sqlalchemy.sql import ColumnElement

from bot.domain.grants.decisions import Outcome
from bot.domain.grants.log import LogEntry, LoggedDecision, LogQuery
from bot.domain.people import PrincipalKind
from store.tables.decisions import decisions
from store.tables.ledger import people
from store.tables.program import workflows

_LOG = (
    select(decisions, workflows.c.name.label("workflow_name"), people.c.name.label("person_name"))
    .join(workflows, workflows.c.id == decisions.c.workflow_id)
    .outerjoin(people, people.c.id == decisions.c.principal)
    .order_by(decisions.c.seq.desc())
)


class Decisions:
    """What agents asked and were answered, as `view.decisions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def log(self, query: LogQuery) -> tuple[LogEntry, ...]:
        """The decisions that a query asks for, the newest first."""
        found: list[LogEntry] = []
        for row in self._connection.execute(_LOG.where(*_conditions(query)), execution_options={"yield_per": 500}):
            if query.finds(tuple(row.codes)):
                found.append(_entry(row))
            if len(found) == query.most:
                break
        return tuple(found)

    def denied(self, workflow_id: str, action: str, since: datetime, most: int) -> int:
        """How many times the action was denied after `since`, counted up to `most`."""
        these = and_(
            decisions.c.workflow_id == workflow_id,
            decisions.c.action == action,
            decisions.c.at > since,
            decisions.c.outcome == Outcome.DENY,
            decisions.c.dry_run.is_(False),
        )
        few = select(literal(1)).select_from(decisions).where(these).limit(most).subquery()
        return self._connection.execute(select(func.count()).select_from(few)).scalar_one()


def _conditions(query: LogQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    found.append(decisions.c.dry_run.is_(query.dry_run) if query.id is None else decisions.c.id == query.id)
    if query.workflow_id is not None:
        found.append(decisions.c.workflow_id == query.workflow_id)
    if query.action is not None:
        found.append(decisions.c.action == query.action)
    if query.grant_id is not None:
        found.append(decisions.c.grant_id == query.grant_id)
    if query.since is not None:
        found.append(decisions.c.at >= query.since)
    if query.until is not None:
        found.append(decisions.c.at < query.until)
    if query.outcome is not None:
        found.append(decisions.c.outcome == query.outcome)
    if query.code is not None:
        # The codes are a JSON list; whether it is this code or a longer one is looked at once it is read.
        found.append(type_coerce(decisions.c.codes, String).contains(f'"{query.code}', autoescape=True))
    return found


def _entry(row: Row[Any]) -> LogEntry:
    decision = LoggedDecision(
        id=row.id,
        workflow_id=row.workflow_id,
        action=row.action,
        at=row.at,
        outcome=Outcome(row.outcome),
        codes=tuple(row.codes),
        reasons=None if row.reasons is None else tuple(row.reasons),
        facts=row.facts,
        facts_hash=row.facts_hash,
        grant_id=row.grant_id,
        grant_hash=row.grant_hash,
        reported_hash=row.reported_hash,
        approval=row.approval,
        dry_run=row.dry_run,
    )
    is_person = row.principal_kind == PrincipalKind.HUMAN
    return LogEntry(decision, row.workflow_name, row.person_name or "someone unknown" if is_person else row.principal)
