"""Whether anything of a kind happened about a workflow in a span; only the first such row is looked for."""

from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, or_, select

from bot.domain.signals.kinds import Span
from store.tables.decisions import decisions
from store.tables.signals import agent_actions, eval_runs, metrics, review_tallies, reviews

_ID: BindParameter[Any] = bindparam("workflow_id")
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")


def _any(column: Any, *also: Any) -> Any:
    return exists().where(column.table.c.workflow_id == _ID, column >= _START, column < _END, *also)


_ACTED: Select[Any] = select(or_(_any(decisions.c.at, decisions.c.dry_run.is_(False)), _any(agent_actions.c.at)))
_REVIEWED: Select[Any] = select(or_(_any(reviews.c.reviewed_at), _any(review_tallies.c.at)))
_EVALS: Select[Any] = select(_any(eval_runs.c.at))
_METRICS: Select[Any] = (
    select(metrics.c.metric)
    .where(metrics.c.workflow_id == _ID, metrics.c.at >= _START, metrics.c.at < _END)
    .group_by(metrics.c.metric)
)


class Activity:
    """What happened at all about a workflow, as `view.activity`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_acted(self, workflow_id: str, span: Span) -> bool:
        """Whether its agent asked for a decision, or did or tried something."""
        return self._is_any(_ACTED, workflow_id, span)

    def has_reviews(self, workflow_id: str, span: Span) -> bool:
        """Whether a review was done, or a person typed how many were."""
        return self._is_any(_REVIEWED, workflow_id, span)

    def has_eval_run(self, workflow_id: str, span: Span) -> bool:
        """Whether a suite was run."""
        return self._is_any(_EVALS, workflow_id, span)

    def metrics(self, workflow_id: str, span: Span) -> frozenset[str]:
        """The names of the metrics that had a value."""
        return frozenset(self._connection.scalars(_METRICS, bounds(workflow_id, span)))

    def _is_any(self, query: Select[Any], workflow_id: str, span: Span) -> bool:
        return bool(self._connection.scalar(query, bounds(workflow_id, span)))


def bounds(workflow_id: str, span: Span) -> dict[str, object]:
    """The values of a query about one workflow in a span."""
    return {"workflow_id": workflow_id, "start": span.start, "end": span.end}
