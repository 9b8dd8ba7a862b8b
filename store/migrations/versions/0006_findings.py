"""Findings over weeks."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.String(), nullable=False, comment="made from the key"),
        sa.Column("key", sa.String(), nullable=False, comment="rule, subject, and which thing of it"),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False, comment="how often it came up; resolved in between"),
        sa.Column("first_seen", Instant(), nullable=False, comment="of this time"),
        sa.Column(
            "first_week", sa.String(), nullable=True, comment="the first week whose digest told of it; NULL before that"
        ),
        sa.Column("severity", sa.String(), nullable=False, comment="as the last digest told it"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("changed_week", sa.String(), nullable=True, comment="in which severity or size changed last"),
        sa.Column("severity_before", sa.String(), nullable=True, comment="before that week"),
        sa.Column("size_before", sa.Integer(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("acknowledged_severity", sa.String(), nullable=True, comment="what is worse is not covered"),
        sa.Column("acknowledged_size", sa.Integer(), nullable=True),
        sa.Column("snoozed_by", sa.String(), nullable=True),
        sa.Column("snoozed_at", Instant(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True, comment="the day on which it returns"),
        sa.Column("snoozed_severity", sa.String(), nullable=True, comment="what is graver is not covered"),
        sa.Column("snooze_reason", sa.String(), nullable=True),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True, comment="NULL while it is found"),
        sa.Column(
            "resolved_week",
            sa.String(),
            nullable=True,
            comment="whose digest did not find it; NULL where its workflow was closed",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("workflow_id IS NULL OR team_id IS NULL", name=op.f("ck_findings_one_subject")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["people.id"], name=op.f("fk_findings_acknowledged_by_people")),
        sa.ForeignKeyConstraint(["assigned_to"], ["people.id"], name=op.f("fk_findings_assigned_to_people")),
        sa.ForeignKeyConstraint(["snooze_reason"], ["texts.id"], name=op.f("fk_findings_snooze_reason_texts")),
        sa.ForeignKeyConstraint(["snoozed_by"], ["people.id"], name=op.f("fk_findings_snoozed_by_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_findings_team_id_teams")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_findings_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("key", name=op.f("uq_findings_key")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index("findings_of_a_workflow", ["workflow_id"], unique=False)
        batch_op.create_index("findings_of_someone", ["assigned_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_rule"), ["rule"], unique=False)

    op.create_table(
        "finding_opinions",
        sa.Column("finding_id", sa.String(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False, comment="which of the times that it came up"),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_opinions_finding_id_findings")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_finding_opinions_person_people")),
        sa.ForeignKeyConstraint(["reason"], ["texts.id"], name=op.f("fk_finding_opinions_reason_texts")),
        sa.PrimaryKeyConstraint("finding_id", "time", "person", name=op.f("pk_finding_opinions")),
    )
