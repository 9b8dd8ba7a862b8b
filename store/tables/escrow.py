"""Questions that agents asked, and what people answered."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.grants import grants
from store.tables.ledger import people, texts
from store.tables.program import workflows
from store.types import Instant

_OPEN = sql("answer IS NULL")
_REMEMBERED = sql("facts IS NOT NULL")

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
    Column("action", String, nullable=False),
    Column("key", String, nullable=False, comment="the asker's own; a repeat is the same question"),
    Column("summary", ForeignKey(texts.c.id), nullable=False),
    Column("url", ForeignKey(texts.c.id)),
    Column("facts", Text, comment="JSON of all of them, to which the answer is bound; NULL once forgotten"),
    Column("facts_hash", String(64), nullable=False, comment="SHA-256 of all facts, as asked or as edited"),
    Column("asked_hash", String(64), nullable=False, comment="SHA-256 of all facts as asked"),
    Column("grant_id", ForeignKey(grants.c.id), nullable=False),
    Column("grant_hash", String(64), nullable=False),
    Column("agent", String, nullable=False, comment="the principal that asked"),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("answer", String),
    Column("answered_by", ForeignKey(people.c.id)),
    Column("answered_at", Instant),
    Column("because", String),
    Column("note", ForeignKey(texts.c.id)),
    Column("usable_until", Instant),
    Column("used_at", Instant, comment="an answer lets one use through"),
    CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name="answered_by_someone"),
    Index("one_question_of_a_key", "workflow_id", "key", unique=True),
    Index("questions_with_facts", "grant_id", "asked_at", sqlite_where=_REMEMBERED, postgresql_where=_REMEMBERED),
    Index("questions_open", "workflow_id", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
