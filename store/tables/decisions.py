"""What agents asked and were answered: a log beside the audit chain, which holds the hash of each batch."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.grants import grants
from store.tables.program import workflows
from store.types import Canonical, Instant, Serial

_REMEMBERED = sql("facts IS NOT NULL")

decisions = Table(
    "decisions",
    metadata,
    Column("seq", Serial, primary_key=True, comment="in the order in which they were made"),
    Column("id", String, nullable=False, unique=True),
    Column("batch", String, nullable=False, index=True, comment="what it was committed with"),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
    Column("action", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("principal_kind", String, nullable=False),
    Column("principal", String, nullable=False, comment="a random person id, or an agent's or service's name"),
    Column("through", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("codes", Canonical, nullable=False),
    Column("reasons", Canonical, comment="NULL once the retention is over; they may tell values of facts"),
    Column("facts", Canonical, comment="those that the grant names; NULL once its retention is over"),
    Column("facts_hash", String(64), nullable=False, comment="SHA-256 of all facts that were given"),
    Column(
        "kept_hash", String(64), nullable=False, comment="SHA-256 of the facts that are kept, for as long as they are"
    ),
    Column("grant_id", ForeignKey(grants.c.id)),
    Column("grant_hash", String(64)),
    Column("reported_hash", String(64), comment="the grant's hash as the caller has it"),
    Column("approval", String, comment="the answered question that it rests on"),
    Column("dry_run", Boolean, nullable=False, comment="asked only to see; counts nowhere"),
    Column(
        "reasons_hash",
        String(64),
        comment="SHA-256 of the reasons; NULL where the chain vouches for themselves, so that they stay",
    ),
    Index("decisions_of_a_workflow", "workflow_id", "at"),
    Index("decisions_of_an_action", "workflow_id", "action", "at"),
    Index("decisions_of_a_grant", "grant_id", "at"),
    # What is still to be forgotten, so that what was forgotten already is not looked at hour by hour.
    Index("decisions_with_facts", "grant_id", "at", sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED),
)

decision_days = Table(
    "decision_days",
    metadata,
    Column("workflow_id", ForeignKey(workflows.c.id), primary_key=True),
    Column("action", String, primary_key=True),
    Column("day", Date, primary_key=True, comment="the team's day"),
    Column("uses", Integer, nullable=False, comment="how many were allowed"),
    Column("sums", Canonical, nullable=False, comment="by fact, what the allowed ones add up to"),
)
