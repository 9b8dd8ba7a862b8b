"""What can be found by its words; the words themselves stand beside it, in the database's own full-text index."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, UniqueConstraint, false

from store.tables import metadata
from store.types import Instant

search_entries = Table(
    "search_entries",
    metadata,
    Column("seq", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("object_id", String, nullable=False),
    Column("at", Instant, comment="when a memo was decided"),
    Column("visibility", String, comment="NULL where everyone may know of it"),
    Column("team_id", String, comment="a memo's own; a document's is its workflow's"),
    Column("workflow_id", String),
    Column(
        "is_restricted",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="of what stands in it, only the title is for all",
    ),
    Column("insiders", String, comment="who wrote it or answers for it: random ids, each between bars"),
    UniqueConstraint("kind", "object_id"),
    Index("search_entries_newest", "kind", "at"),
)

WORDS = "search_words"
"""The index: FTS5 on SQLite, a table with a GIN index on PostgreSQL; its migration makes it."""
