"""What is written down for good: memos, each row put there once and never changed."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import teams, workflows
from store.types import Canonical, Exact, Instant

memos = Table(
    "memos",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), index=True),
    Column("team_id", ForeignKey(teams.c.id)),
    Column("owner", ForeignKey(people.c.id), nullable=False),
    Column("filed_by", ForeignKey(people.c.id), nullable=False),
    Column("decided_at", Instant, nullable=False, index=True),
    Column("category", String, nullable=False),
    Column("is_reversible", Boolean, nullable=False),
    Column("title", ForeignKey(texts.c.id), nullable=False),
    Column("decision", ForeignKey(texts.c.id), nullable=False),
    Column("context", ForeignKey(texts.c.id)),
    Column("options", ForeignKey(texts.c.id)),
    Column("move", String, comment="the phases left and entered, with an arrow between them"),
    Column("changes", Canonical, nullable=False, comment="keys of the changes that it is about"),
    Column("metric", String, comment="what its prediction is about; NULL where it makes none"),
    Column("comparison", String),
    Column("value", Exact),
    Column("check_on", Date, index=True),
    Column("supersedes", ForeignKey("memos.id"), unique=True, comment="at most one memo takes another's place"),
    Column("visibility", String, nullable=False),
    Column("content_hash", String(64), nullable=False),
    CheckConstraint("supersedes <> id", name="never_itself"),
    Index("memos_of_a_move", "workflow_id", "move"),
)
