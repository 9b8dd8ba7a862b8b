"""Sources: how far each was read, and how its last run ended. They are no facts: no audit record tells of a cursor."""

from sqlalchemy import Boolean, Column, String, Table, Text

from store.tables import metadata
from store.types import Canonical, Instant

sources = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),
    Column("configured", Boolean, nullable=False),
    Column("cursors", Canonical, nullable=False, comment="where each strand goes on, by its key"),
    Column("read_at", Instant, comment="last read to the end, by the product's clock; NULL if never"),
    Column("why_not", Text, comment="why the last run did not come to its end; NULL where it did"),
    Column("not_before", Instant, comment="until when the system wants to be left alone, by the machine's clock"),
)
