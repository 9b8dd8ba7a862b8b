"""Signals: one row for each that was taken in, and beside them what rules ask of each type in SQL.

What can be read from a signal's `body` alone is not repeated. `reviews`, `incidents`, `work_items` and `agent_actions`
have one row for each key, made anew from all signals that name it. A voided signal is in none of the others.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.schema import SchemaItem

from bot.domain.signals.kinds import SignalType
from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import teams, workflows
from store.types import Exact, Instant, Serial

MILLIONTHS = 1_000_000
"""Money and hours that SQL adds up or sorts are whole numbers of millionths; the exact number is in the body."""

signals = Table(
    "signals",
    metadata,
    Column("seq", Serial, primary_key=True, comment="in order of arrival"),
    Column("source", String, nullable=False),
    Column("id", String, nullable=False, comment="unique within its source"),
    Column("type", String, nullable=False),
    Column("workflow_id", ForeignKey(workflows.c.id)),
    Column("team_id", ForeignKey(teams.c.id)),
    Column("about", String, comment="type, workflow and key, by which a later signal updates an earlier one"),
    Column("at", Instant, nullable=False, index=True),
    Column("received_at", Instant, nullable=False),
    Column("batch", String, nullable=False, index=True, comment="what it came with; the chain has the batch's hash"),
    Column("url", Text),
    Column("person", String, comment="reviewer, assignee or saver; the only column that names one, NULL once erased"),
    Column("body", Text, nullable=False, comment="canonical JSON of the fields of its type, without the person"),
    Column("voided_at", Instant, comment="when it was taken back"),
    Column("voided_by", ForeignKey(people.c.id)),
    Column("void_reason", ForeignKey(texts.c.id)),
    Column("words", ForeignKey(texts.c.id), comment="what a person typed into it, as a JSON object"),
    CheckConstraint("(workflow_id IS NULL) <> (team_id IS NULL)", name="one_subject"),
    Index("signals_by_id", "source", "id", unique=True),
    Index("signals_of_a_source", "source", "at", sqlite_where=sql("voided_at IS NULL"),
          postgresql_where=sql("voided_at IS NULL")),
    Index("reviews_naming", "at", sqlite_where=sql("person IS NOT NULL AND type = 'review'"),
          postgresql_where=sql("person IS NOT NULL AND type = 'review'")),
    Index("signals_with_words", "workflow_id", sqlite_where=sql("words IS NOT NULL"),
          postgresql_where=sql("words IS NOT NULL")),
    Index("signals_about_one", "about", sqlite_where=sql("about IS NOT NULL"),
          postgresql_where=sql("about IS NOT NULL")),
)  # fmt: skip


def _about(table: str, *parts: SchemaItem) -> Table:
    """A table with one row beside each signal of a type that is not voided."""
    return Table(
        table,
        metadata,
        Column("signal", ForeignKey(signals.c.seq), primary_key=True, autoincrement=False),
        Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
        Column("at", Instant, nullable=False),
        *parts,
    )


metrics = _about(
    "metrics",
    Column("metric", String, nullable=False),
    Column("value", Exact, nullable=False),
    Column("n", Integer),
    Index("metrics_of_a_workflow", "workflow_id", "metric", "at"),
)

eval_runs = _about(
    "eval_runs",
    Column("suite", String, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("prompt_version", String, nullable=False, comment="empty where the runner could not name it"),
    Column("model", String, nullable=False, comment="empty where the runner could not name it"),
    Index("eval_runs_of_a_workflow", "workflow_id", "suite", "at"),
)

review_tallies = _about(
    "review_tallies",
    Column("outputs", Integer, nullable=False),
    Column("reviewed", Integer, nullable=False),
    Column("overridden", Integer, nullable=False),
    Index("review_tallies_of_a_workflow", "workflow_id", "at"),
)

reworks = _about(
    "reworks",
    Column("kind", String, nullable=False),
    Column("cost_millionths", BigInteger, nullable=False, comment="of a US dollar"),
    Index("reworks_of_a_workflow", "workflow_id", "at"),
)

changes = _about(
    "changes",
    Column("key", String, nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("lead_time_millionths", BigInteger, nullable=False, comment="of an hour"),
    Column("reverts", String),
    Column("irreversible", Boolean, nullable=False),
    Index("changes_of_a_workflow", "workflow_id", "merged_at"),
)

red_lines = _about(
    "red_lines",
    Column("rule", String, nullable=False),
    Column("kind", String, nullable=False),
    Index("red_lines_of_a_workflow", "workflow_id", "at"),
)

quality_saves = _about("quality_saves", Index("quality_saves_of_a_workflow", "workflow_id", "at"))

seats = Table(
    "seats",
    metadata,
    Column("signal", ForeignKey(signals.c.seq), primary_key=True, autoincrement=False),
    Column("team_id", ForeignKey(teams.c.id), nullable=False),
    Column("at", Instant, nullable=False),
    Column("tier", String, nullable=False),
    Index("seats_of_a_team", "team_id", "tier", "at"),
)


def _state(table: str, key: str, *parts: SchemaItem) -> Table:
    """A table with what is known of each key of a workflow; `signal` is the latest about it, at `at`."""
    return _about(
        table,
        Column(key, String, nullable=key == "run_id"),
        Column("body", Text, comment="what holds after all updates, where it says more than the latest signal"),
        Column("about", String, nullable=key == "run_id", unique=True, comment="as in signals"),
        Index(f"{table}_of_a_workflow", "workflow_id", "at"),
        *parts,
    )


reviews = _state(
    "reviews",
    "output_id",
    Column("submitted_at", Instant, nullable=False),
    Column("reviewed_at", Instant),
    Column("outcome", String),
    Index("reviews_by_submission", "workflow_id", "submitted_at"),
    Index("reviews_by_review", "workflow_id", "reviewed_at"),
)

incidents = _state(
    "incidents",
    "key",
    Column("severity", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("resolved_at", Instant),
)

work_items = _state("work_items", "key", Column("status", String, nullable=False))

agent_actions = _state(
    "agent_actions",
    "run_id",
    Column("action", String, nullable=False),
    Column("outcome", String, nullable=False),
)

TABLE_OF: Mapping[SignalType, Table] = MappingProxyType(
    {
        SignalType.METRIC: metrics,
        SignalType.EVAL_RUN: eval_runs,
        SignalType.REVIEW: reviews,
        SignalType.REVIEW_TALLY: review_tallies,
        SignalType.REWORK: reworks,
        SignalType.INCIDENT: incidents,
        SignalType.CHANGE: changes,
        SignalType.WORK_ITEM: work_items,
        SignalType.RED_LINE: red_lines,
        SignalType.AGENT_ACTION: agent_actions,
        SignalType.QUALITY_SAVE: quality_saves,
        SignalType.SEAT: seats,
    }
)
"""The table beside `signals` for each type."""
