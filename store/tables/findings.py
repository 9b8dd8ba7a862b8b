"""Findings over weeks, and what people think of them; what a finding says is judged anew each time."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import teams, workflows
from store.types import Instant

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True, comment="made from the key"),
    Column("key", String, nullable=False, unique=True, comment="rule, subject, and which thing of it"),
    Column("rule", String, nullable=False, index=True),
    Column("workflow_id", ForeignKey(workflows.c.id)),
    Column("team_id", ForeignKey(teams.c.id)),
    Column("times", Integer, nullable=False, comment="how often it came up; resolved in between"),
    Column("first_seen", Instant, nullable=False, comment="of this time"),
    Column("first_week", String, comment="the first week whose digest told of it; NULL before that"),
    Column("severity", String, nullable=False, comment="as the last digest told it"),
    Column("size", Integer, nullable=False),
    Column("changed_week", String, comment="in which severity or size changed last"),
    Column("severity_before", String, comment="before that week"),
    Column("size_before", Integer),
    Column("acknowledged_by", ForeignKey(people.c.id)),
    Column("acknowledged_at", Instant),
    Column("acknowledged_severity", String, comment="what is worse is not covered"),
    Column("acknowledged_size", Integer),
    Column("snoozed_by", ForeignKey(people.c.id)),
    Column("snoozed_at", Instant),
    Column("snoozed_until", Date, comment="the day on which it returns"),
    Column("snoozed_severity", String, comment="what is graver is not covered"),
    Column("snooze_reason", ForeignKey(texts.c.id)),
    Column("assigned_to", ForeignKey(people.c.id)),
    Column("resolved_at", Instant, comment="NULL while it is found"),
    Column("resolved_week", String, comment="whose digest did not find it; NULL where its workflow was closed"),
    Column("version", Integer, nullable=False),
    CheckConstraint("workflow_id IS NULL OR team_id IS NULL", name="one_subject"),
    Index("findings_of_a_workflow", "workflow_id"),
    Index("findings_of_someone", "assigned_to"),
)

finding_opinions = Table(
    "finding_opinions",
    metadata,
    Column("finding_id", ForeignKey(findings.c.id), primary_key=True),
    Column("time", Integer, primary_key=True, comment="which of the times that it came up"),
    Column("person", ForeignKey(people.c.id), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", ForeignKey(texts.c.id)),
    Column("at", Instant, nullable=False),
)
