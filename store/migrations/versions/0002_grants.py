"""Grants, suspensions, freezes, the decision log, absences."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Exact, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="the last day away, by the person's own calendar"),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.CheckConstraint("deputy <> person", name=op.f("ck_absences_never_oneself")),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name=op.f("fk_absences_deputy_people")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_absences_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_deputy"), ["deputy"], unique=False)

    op.create_table(
        "decision_days",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="the team's day"),
        sa.Column("uses", sa.Integer(), nullable=False, comment="how many were allowed"),
        sa.Column("sums", Canonical(), nullable=False, comment="by fact, what the allowed ones add up to"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_decision_days_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("workflow_id", "action", "day", name=op.f("pk_decision_days")),
    )
    op.create_table(
        "freezes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="by hand, as a drill, or with a pause"),
        sa.Column("frozen_at", Instant(), nullable=False),
        sa.Column("frozen_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column(
            "took_s",
            Exact(),
            nullable=True,
            comment="seconds from the command to the first refused decision, once measured",
        ),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["frozen_by"], ["people.id"], name=op.f("fk_freezes_frozen_by_people")),
        sa.ForeignKeyConstraint(["lift_reason"], ["texts.id"], name=op.f("fk_freezes_lift_reason_texts")),
        sa.ForeignKeyConstraint(["lifted_by"], ["people.id"], name=op.f("fk_freezes_lifted_by_people")),
        sa.ForeignKeyConstraint(["reason"], ["texts.id"], name=op.f("fk_freezes_reason_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_freezes_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freezes")),
    )
    with op.batch_alter_table("freezes", schema=None) as batch_op:
        batch_op.create_index("freezes_of_a_workflow", ["workflow_id"], unique=False)
        batch_op.create_index(
            "one_freeze_at_a_time",
            ["workflow_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "grants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("terms", Canonical(), nullable=False, comment="what is granted, whole"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the terms; the chain has it too"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True, comment="NULL for a narrowing"),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True, comment="the grant whose place it took or is to take"),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("attested_at", Instant(), nullable=True),
        sa.Column("attested_by", sa.String(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attested_by"], ["people.id"], name=op.f("fk_grants_attested_by_people")),
        sa.ForeignKeyConstraint(["replaces"], ["grants.id"], name=op.f("fk_grants_replaces_grants")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_grants_request_id_requests")),
        sa.ForeignKeyConstraint(["requested_by"], ["people.id"], name=op.f("fk_grants_requested_by_people")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_grants_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("request_id", name=op.f("uq_grants_request_id")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index("grants_of_a_workflow", ["workflow_id", "action"], unique=False)
        batch_op.create_index(
            "one_grant_asked_for",
            ["workflow_id", "action"],
            unique=True,
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )
        batch_op.create_index(
            "one_living_grant",
            ["workflow_id", "action"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'suspended')"),
            postgresql_where=sa.text("state IN ('active', 'suspended')"),
        )

    op.create_table(
        "decisions",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="in the order in which they were made",
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False, comment="what it was committed with"),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("principal_kind", sa.String(), nullable=False),
        sa.Column(
            "principal", sa.String(), nullable=False, comment="a random person id, or an agent's or service's name"
        ),
        sa.Column("through", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("codes", Canonical(), nullable=False),
        sa.Column("reasons", Canonical(), nullable=False),
        sa.Column(
            "facts", Canonical(), nullable=True, comment="those that the grant names; NULL once its retention is over"
        ),
        sa.Column("facts_hash", sa.String(length=64), nullable=False, comment="SHA-256 of all facts that were given"),
        sa.Column(
            "kept_hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the facts that are kept, for as long as they are",
        ),
        sa.Column("grant_id", sa.String(), nullable=True),
        sa.Column("grant_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "reported_hash", sa.String(length=64), nullable=True, comment="the grant's hash as the caller has it"
        ),
        sa.Column("approval", sa.String(), nullable=True, comment="the answered question that it rests on"),
        sa.Column("dry_run", sa.Boolean(), nullable=False, comment="asked only to see; counts nowhere"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_decisions_grant_id_grants")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_decisions_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
        sa.UniqueConstraint("id", name=op.f("uq_decisions_id")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index("decisions_of_a_grant", ["grant_id", "at"], unique=False)
        batch_op.create_index("decisions_of_a_workflow", ["workflow_id", "at"], unique=False)
        batch_op.create_index("decisions_of_an_action", ["workflow_id", "action", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_batch"), ["batch"], unique=False)

    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column(
            "subject", sa.String(), nullable=False, comment="the suite, incident, red line or metric; empty for others"
        ),
        sa.Column("observed_at", Instant(), nullable=True, comment="the instant of the signal that caused it"),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=True, comment="NULL where a guard did it"),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_suspensions_by_people")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_suspensions_grant_id_grants")),
        sa.ForeignKeyConstraint(["lift_reason"], ["texts.id"], name=op.f("fk_suspensions_lift_reason_texts")),
        sa.ForeignKeyConstraint(["lifted_by"], ["people.id"], name=op.f("fk_suspensions_lifted_by_people")),
        sa.ForeignKeyConstraint(["reason"], ["texts.id"], name=op.f("fk_suspensions_reason_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(
            "one_suspension_for_a_cause",
            ["grant_id", "cause", "subject"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.create_index("suspensions_of_a_grant", ["grant_id"], unique=False)

    # Until now only a pause could freeze a workflow.
    op.execute(
        "INSERT INTO freezes (id, workflow_id, kind, frozen_at, frozen_by, reason)"
        " SELECT 'frz_' || substr(id, 4), id, 'pause', paused_at, paused_by, pause_reason FROM workflows"
        " WHERE frozen AND paused_by IS NOT NULL"
    )
    op.drop_column("workflows", "frozen")
