"""Who is away, until when, and who stands in."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Table

from store.tables import metadata
from store.tables.ledger import people
from store.types import Instant

absences = Table(
    "absences",
    metadata,
    Column("person", ForeignKey(people.c.id), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("until", Date, nullable=False, comment="the last day away, by the person's own calendar"),
    Column("deputy", ForeignKey(people.c.id), index=True),
    CheckConstraint("deputy <> person", name="never_oneself"),
)
