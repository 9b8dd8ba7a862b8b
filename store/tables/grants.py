"""Grants, what makes them stand still, and freezes: as they stand now, with what became of each."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import requests, workflows
from store.types import Canonical, Exact, Instant

_LIVING = sql("state IN ('active', 'suspended')")
_WAITING = sql("state = 'requested'")
_OPEN = sql("lifted_at IS NULL")

grants = Table(
    "grants",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
    Column("action", String, nullable=False),
    Column("terms", Canonical, nullable=False, comment="what is granted, whole"),
    Column("hash", String(64), nullable=False, comment="SHA-256 of the terms; the chain has it too"),
    Column("state", String, nullable=False),
    Column("request_id", ForeignKey(requests.c.id), unique=True, comment="NULL for a narrowing"),
    Column("requested_by", ForeignKey(people.c.id), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("replaces", ForeignKey("grants.id"), comment="the grant whose place it took or is to take"),
    Column("approved_at", Instant),
    Column("expires_at", Instant),
    Column("attested_at", Instant),
    Column("attested_by", ForeignKey(people.c.id)),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    Index("grants_of_a_workflow", "workflow_id", "action"),
    Index("one_living_grant", "workflow_id", "action", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
    Index("one_grant_asked_for", "workflow_id", "action", unique=True, sqlite_where=_WAITING,
          postgresql_where=_WAITING),
)  # fmt: skip

suspensions = Table(
    "suspensions",
    metadata,
    Column("id", String, primary_key=True),
    Column("grant_id", ForeignKey(grants.c.id), nullable=False),
    Column("cause", String, nullable=False),
    Column("subject", String, nullable=False, comment="the suite, incident, red line or metric; empty for others"),
    Column("observed_at", Instant, comment="the instant of the signal that caused it"),
    Column("since", Instant, nullable=False),
    Column("by", ForeignKey(people.c.id), comment="NULL where a guard did it"),
    Column("reason", ForeignKey(texts.c.id)),
    Column("lifted_at", Instant),
    Column("lifted_by", ForeignKey(people.c.id)),
    Column("lift_reason", ForeignKey(texts.c.id)),
    Index("suspensions_of_a_grant", "grant_id"),
    Index("one_suspension_for_a_cause", "grant_id", "cause", "subject", unique=True, sqlite_where=_OPEN,
          postgresql_where=_OPEN),
)  # fmt: skip

freezes = Table(
    "freezes",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
    Column("kind", String, nullable=False, comment="by hand, as a drill, or with a pause"),
    Column("frozen_at", Instant, nullable=False),
    Column("frozen_by", ForeignKey(people.c.id), nullable=False),
    Column("reason", ForeignKey(texts.c.id)),
    Column("took_s", Exact, comment="seconds from the command to the first refused decision, once measured"),
    Column("lifted_at", Instant),
    Column("lifted_by", ForeignKey(people.c.id)),
    Column("lift_reason", ForeignKey(texts.c.id)),
    Index("freezes_of_a_workflow", "workflow_id"),
    Index("one_freeze_at_a_time", "workflow_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)  # fmt: skip
