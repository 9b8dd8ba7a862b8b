"""Deviations from policies, open or closed."""

from sqlalchemy import Column, Date, ForeignKey, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.policies import policies
from store.tables.program import workflows
from store.types import Instant

deviations = Table(
    "deviations",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("area", String, nullable=False),
    Column("summary", ForeignKey(texts.c.id), nullable=False),
    Column("owner", ForeignKey(people.c.id), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("opened_by", ForeignKey(people.c.id), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_by", ForeignKey(people.c.id)),
    Column("closed_at", Instant, comment="NULL while it is open"),
    Column("answer", ForeignKey(texts.c.id), comment="how it was mended"),
    Column("policy_id", ForeignKey(policies.c.id), comment="the entry that was breached, if it is one of the registry"),
    Column("policy_words", ForeignKey(texts.c.id), comment="how it was named, if it is none"),
)
