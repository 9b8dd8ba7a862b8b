"""The steward's numbers of a week, counted by the database: of many workflows at once, as was known at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, or_, select

from bot.domain.findings.steward_week import StewardWeek
from bot.domain.signals.kinds import ActionOutcome, AgentAction, Review, ReworkKind, SignalType, Span
from bot.domain.signals.order import latest
from bot.domain.statistics import median
from store.reading.grouping import together
from store.reading.hindsight import told_since
from store.tables.signals import MILLIONTHS, agent_actions, changes, reviews, reworks

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _in(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column >= _START, column < _END)


_RUNS = (
    select(
        agent_actions.c.workflow_id,
        func.count().label("runs"),
        _count(agent_actions.c.outcome == ActionOutcome.FAILED).label("failed_runs"),
        _count(agent_actions.c.outcome == ActionOutcome.ESCALATED).label("escalations"),
    )
    .where(agent_actions.c.workflow_id.in_(_IDS), _in(agent_actions.c.at))
    .group_by(agent_actions.c.workflow_id)
)
_ESCALATED = (
    select(reworks.c.workflow_id, func.count().label("escalations"))
    .where(reworks.c.workflow_id.in_(_IDS), _in(reworks.c.at), reworks.c.kind == ReworkKind.ESCALATION)
    .group_by(reworks.c.workflow_id)
)
_MERGED = and_(changes.c.workflow_id.in_(_IDS), _in(changes.c.merged_at), changes.c.at < _END)
_CHANGES = (
    select(
        changes.c.workflow_id,
        func.count().label("changes"),
        _count(changes.c.reverts.is_not(None)).label("reverts"),
    )
    .where(_MERGED)
    .group_by(changes.c.workflow_id)
)
_place = func.row_number().over(partition_by=changes.c.workflow_id, order_by=changes.c.lead_time_millionths)
_of_all = func.count().over(partition_by=changes.c.workflow_id)
_ORDERED = select(
    changes.c.workflow_id, changes.c.lead_time_millionths, _place.label("place"), _of_all.label("of_all")
).where(_MERGED)
_ordered = _ORDERED.subquery()
# The middle one of an odd count, and the middle two of an even one.
_MIDDLE = select(_ordered.c.workflow_id, _ordered.c.lead_time_millionths).where(
    2 * _ordered.c.place >= _ordered.c.of_all, 2 * _ordered.c.place <= _ordered.c.of_all + 2
)
_REVIEWS = (
    select(
        reviews.c.workflow_id,
        _count(_in(reviews.c.submitted_at)).label("submitted"),
        _count(_in(reviews.c.reviewed_at)).label("reviewed"),
    )
    .where(
        reviews.c.workflow_id.in_(_IDS),
        reviews.c.at < _END,
        or_(_in(reviews.c.submitted_at), _in(reviews.c.reviewed_at)),
    )
    .group_by(reviews.c.workflow_id)
)


def read_steward_weeks(connection: Connection, spans: Mapping[str, Span]) -> Mapping[str, StewardWeek]:
    """The week of each workflow."""
    found = dict.fromkeys(spans, StewardWeek())
    for span, ids in together(spans):
        bounds = {"ids": ids, "start": span.start, "end": span.end}
        for query in (_RUNS, _CHANGES, _REVIEWS):
            for row in connection.execute(query, bounds):
                workflow_id, *_ = row
                numbers = {name: number for name, number in row._mapping.items() if name != "workflow_id"}
                found[workflow_id] = replace(found[workflow_id], **numbers)
        for row in connection.execute(_ESCALATED, bounds):
            week = found[row.workflow_id]
            found[row.workflow_id] = replace(week, escalations=week.escalations + row.escalations)
        for workflow_id, hours in _lead_times(connection, bounds).items():
            found[workflow_id] = replace(found[workflow_id], lead_time_hours=median(hours))
        _add_told_since(connection, found, span, ids)
    return found


def _lead_times(connection: Connection, bounds: Mapping[str, object]) -> Mapping[str, list[Decimal]]:
    """The one or two lead times in the middle, in hours."""
    found: dict[str, list[Decimal]] = {}
    for row in connection.execute(_MIDDLE, bounds):
        found.setdefault(row.workflow_id, []).append(Decimal(row.lead_time_millionths) / MILLIONTHS)
    return found


def _add_told_since(connection: Connection, found: dict[str, StewardWeek], span: Span, ids: Sequence[str]) -> None:
    """Adds what was known at the week's end of things that were told of again since."""
    for kind in (SignalType.AGENT_ACTION, SignalType.REVIEW):
        for workflow_id, told in told_since(connection, kind, ids, span.end):
            state, week = latest(told), found[workflow_id]
            if isinstance(state.body, AgentAction) and span.holds(state.at):
                outcome = state.body.outcome
                found[workflow_id] = replace(
                    week,
                    runs=week.runs + 1,
                    failed_runs=week.failed_runs + (outcome is ActionOutcome.FAILED),
                    escalations=week.escalations + (outcome is ActionOutcome.ESCALATED),
                )
            elif isinstance(state.body, Review):
                found[workflow_id] = replace(
                    week,
                    submitted=week.submitted + span.holds(state.body.submitted_at),
                    reviewed=week.reviewed + span.holds(state.body.reviewed_at),
                )
