"""What people began to type and have not handed in: kept for a while, outside the audit chain, and deleted for good."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from store.tables import metadata
from store.tables.ledger import people
from store.types import Instant

drafts = Table(
    "drafts",
    metadata,
    Column("id", String, primary_key=True, comment="random; the window that it is typed in remembers it"),
    Column("person", ForeignKey(people.c.id), nullable=False),
    Column("kind", String, nullable=False, comment="of which window"),
    Column("given", Text, nullable=False, comment="what stands in its fields, as a JSON object of texts"),
    Column("saved_at", Instant, nullable=False, index=True, comment="by the product's clock"),
    Index("drafts_of_someone", "person", "kind", "saved_at"),
)
