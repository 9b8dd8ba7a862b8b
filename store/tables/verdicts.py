"""What gates answered: each verdict whole, outside the audit chain, which holds its hash; and what passed since."""

from sqlalchemy import Column, ForeignKey, String, Table

from store.tables import metadata
from store.tables.program import requests, workflows
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

overrides_met = Table(
    "overrides_met",
    metadata,
    Column("request_id", ForeignKey(requests.c.id), primary_key=True),
    Column("to", String, primary_key=True, comment="the phase behind the gate; a take-over overrides several"),
    Column("check", String, primary_key=True),
    Column("met_at", Instant, nullable=False, comment="when it was seen to pass first"),
)
