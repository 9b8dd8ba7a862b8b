"""What can be found by its words; the words themselves stand beside it, in the database's own full-text index."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint

from store.tables import metadata

search_entries = Table(
    "search_entries",
    metadata,
    Column("seq", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("object_id", String, nullable=False),
    UniqueConstraint("kind", "object_id"),
)

WORDS = "search_words"
"""The index: FTS5 on SQLite, a table with a GIN index on PostgreSQL; its migration makes it."""
