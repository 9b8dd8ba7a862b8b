"""What gates answered: each verdict whole, outside the audit chain, which holds its hash."""

from sqlalchemy import Column, ForeignKey, String, Table

from store.tables import metadata
from store.tables.program import workflows
from store.types import Canonical, Instant

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("judged_at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False, comment="of the body as it stands here"),
    Column("body", Canonical, nullable=False, comment="every check with what was found, needed and where it is"),
)
