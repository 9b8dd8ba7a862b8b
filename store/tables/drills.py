"""Drills that were held."""

from sqlalchemy import Column, ForeignKey, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import workflows
from store.types import Exact, Instant

drills = Table(
    "drills",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("took_s", Exact, nullable=False, comment="seconds, as measured"),
    Column("evidence", ForeignKey(texts.c.id)),
    Column("held_by", ForeignKey(people.c.id), nullable=False),
    Column("held_at", Instant, nullable=False),
)
