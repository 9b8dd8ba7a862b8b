"""Sources: how far each was read, and how its last run ended; and what of them was mapped to workflows by hand.

How far one was read is no fact: no audit record tells of a cursor.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.ledger import people
from store.tables.program import workflows
from store.types import Canonical, Instant

_IN_FORCE = sql("removed_at IS NULL")

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

source_mappings = Table(
    "source_mappings",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("place", String, nullable=False, comment="the name or key of a repository, project, team or service"),
    Column("place_key", String, nullable=False, comment="the place in small letters"),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False),
    Column("made_by", ForeignKey(people.c.id), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index(
        "one_mapping_of_a_place",
        "source",
        "place_key",
        "workflow_id",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
)
