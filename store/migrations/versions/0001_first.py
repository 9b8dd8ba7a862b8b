"""The first tables."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Exact, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - one statement for each table and index
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("real_at", Instant(), nullable=False, comment="when it was written"),
        sa.Column("effective_at", Instant(), nullable=False, comment="when it counts as having happened (--at)"),
        sa.Column("principal_kind", sa.String(), nullable=False),
        sa.Column(
            "principal", sa.String(), nullable=False, comment="a random person id, or an agent's or service's name"
        ),
        sa.Column(
            "claimed",
            sa.String(),
            nullable=True,
            comment="the operating-system user and host behind a name given by hand",
        ),
        sa.Column("through", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("fact_version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False, comment="the id of what it is about"),
        sa.Column("details", sa.Text(), nullable=False, comment="canonical JSON, exactly as it was hashed"),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("principal_kind IN ('human', 'agent', 'service')", name=op.f("ck_audit_known_kind")),
        sa.CheckConstraint(
            "through IN ('slack', 'api', 'cli', 'scheduler', 'guard')", name=op.f("ck_audit_known_entrance")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    op.create_index("audit_of_a_principal", "audit", ["principal", "seq"], unique=False)
    op.create_index("audit_of_a_subject", "audit", ["subject", "seq"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="hash of the request's content"),
        sa.Column("reply", Canonical(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False, comment="by the database's clock"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False, comment="Slack channel or user id"),
        sa.Column("body", Canonical(), nullable=True, comment="NULL once forgotten"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False, comment="by the product's clock"),
        sa.Column("lease_until", Instant(), nullable=True, comment="by the database's clock"),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column(
            "fence", sa.Integer(), nullable=False, comment="grows with every claim; an older claim may write nothing"
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("first_at", Instant(), nullable=True, comment="first attempt, by the product's clock"),
        sa.Column("result_channel", sa.String(), nullable=True),
        sa.Column("result_ts", sa.String(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'posted', 'held', 'missed', 'skipped', 'dead')",
            name=op.f("ck_outbox_known_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index("outbox_due", "outbox", ["state", "not_before"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False, comment="random; all that the chain knows of a person"),
        sa.Column("handle", sa.String(), nullable=True, comment="Slack user id or os:NAME; NULL once erased"),
        sa.Column("name", sa.String(), nullable=True, comment="NULL once erased"),
        sa.Column("zone", sa.String(), nullable=True, comment="IANA time zone; NULL where unknown or erased"),
        sa.Column("seen_at", Instant(), nullable=False, comment="when the person was first met"),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("handle", name=op.f("uq_people_handle")),
    )
    op.create_table(
        "playbook_texts",
        sa.Column("hash", sa.String(), nullable=False, comment="SHA-256 of the canonical content"),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_playbook_texts")),
    )
    op.create_table(
        "replayed",
        sa.Column("signature_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("signature_hash", name=op.f("pk_replayed")),
    )
    op.create_index(op.f("ix_replayed_at"), "replayed", ["at"], unique=False)
    op.create_table(
        "teams",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False, comment="the name folded, so that Support is support"),
        sa.Column("channel", sa.String(), nullable=True, comment="Slack channel id"),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False, comment="IANA time zone"),
        sa.Column("hours", sa.String(), nullable=False, comment="working hours, as 9-18"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead"], ["people.id"], name=op.f("fk_teams_lead_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("channel", name=op.f("uq_teams_channel")),
        sa.UniqueConstraint("name_key", name=op.f("uq_teams_name_key")),
    )
    op.create_table(
        "texts",
        sa.Column("id", sa.String(), nullable=False, comment="random"),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of nonce and body, so that a short text cannot be guessed",
        ),
        sa.Column("nonce", sa.String(length=32), nullable=True, comment="goes with the body"),
        sa.Column("body", sa.Text(), nullable=True, comment="may only ever go to NULL"),
        sa.Column("author", sa.String(), nullable=True, comment="whose words they are"),
        sa.Column("written_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name=op.f("fk_texts_author_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
    )
    op.create_index(op.f("ix_texts_author"), "texts", ["author"], unique=False)
    op.create_table(
        "team_approvers",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="the order in which they are asked"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_team_approvers_person_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_approvers_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "person", name=op.f("pk_team_approvers")),
    )
    op.create_table(
        "workflows",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("playbook_hash", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("phase_since", Instant(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column(
            "paused_on", sa.Date(), nullable=True, comment="local date on which the clock stopped; NULL while it runs"
        ),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("paused_by", sa.String(), nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False, comment="days of finished pauses"),
        sa.Column("frozen", sa.Boolean(), nullable=False, comment="whether every decision is a deny"),
        sa.Column("outcome", sa.String(), nullable=True, comment="how it ended; NULL while it runs"),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["close_reason"], ["texts.id"], name=op.f("fk_workflows_close_reason_texts")),
        sa.ForeignKeyConstraint(["pause_reason"], ["texts.id"], name=op.f("fk_workflows_pause_reason_texts")),
        sa.ForeignKeyConstraint(["paused_by"], ["people.id"], name=op.f("fk_workflows_paused_by_people")),
        sa.ForeignKeyConstraint(
            ["playbook_hash"], ["playbook_texts.hash"], name=op.f("fk_workflows_playbook_hash_playbook_texts")
        ),
        sa.ForeignKeyConstraint(["purpose"], ["texts.id"], name=op.f("fk_workflows_purpose_texts")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_workflows_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.UniqueConstraint("name", name=op.f("uq_workflows_name")),
    )
    op.create_index(op.f("ix_workflows_team_id"), "workflows", ["team_id"], unique=False)
    op.create_table(
        "deviations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=True, comment="the entry that was breached, where it was named"),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True, comment="NULL while it is open"),
        sa.Column("answer", sa.String(), nullable=True, comment="how it was mended"),
        sa.ForeignKeyConstraint(["answer"], ["texts.id"], name=op.f("fk_deviations_answer_texts")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_deviations_closed_by_people")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_deviations_opened_by_people")),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name=op.f("fk_deviations_owner_people")),
        sa.ForeignKeyConstraint(["summary"], ["texts.id"], name=op.f("fk_deviations_summary_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_deviations_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviations")),
    )
    op.create_index(op.f("ix_deviations_workflow_id"), "deviations", ["workflow_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="the number of the version that counts"),
        sa.Column("submitted_by", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["answer"], ["texts.id"], name=op.f("fk_documents_answer_texts")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_documents_decided_by_people")),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_documents_submitted_by_people")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_documents_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_workflow_id"), "documents", ["workflow_id"], unique=False)
    op.create_table(
        "drills",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("took_s", Exact(), nullable=False, comment="seconds, as measured"),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=False),
        sa.Column("held_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["evidence"], ["texts.id"], name=op.f("fk_drills_evidence_texts")),
        sa.ForeignKeyConstraint(["held_by"], ["people.id"], name=op.f("fk_drills_held_by_people")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_drills_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drills")),
    )
    op.create_index(op.f("ix_drills_workflow_id"), "drills", ["workflow_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text_id", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_evidence_given_by_people")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_evidence_text_id_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_evidence_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_workflow_id"), "evidence", ["workflow_id"], unique=False)
    op.create_table(
        "memos",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("filed_by", sa.String(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("is_reversible", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("context", sa.String(), nullable=True),
        sa.Column("options", sa.String(), nullable=True),
        sa.Column(
            "move", sa.String(), nullable=True, comment="the phases left and entered, with an arrow between them"
        ),
        sa.Column("changes", Canonical(), nullable=False, comment="keys of the changes that it is about"),
        sa.Column(
            "metric", sa.String(), nullable=True, comment="what its prediction is about; NULL where it makes none"
        ),
        sa.Column("comparison", sa.String(), nullable=True),
        sa.Column("value", Exact(), nullable=True),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("supersedes", sa.String(), nullable=True, comment="at most one memo takes another's place"),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("supersedes <> id", name=op.f("ck_memos_never_itself")),
        sa.ForeignKeyConstraint(["context"], ["texts.id"], name=op.f("fk_memos_context_texts")),
        sa.ForeignKeyConstraint(["decision"], ["texts.id"], name=op.f("fk_memos_decision_texts")),
        sa.ForeignKeyConstraint(["filed_by"], ["people.id"], name=op.f("fk_memos_filed_by_people")),
        sa.ForeignKeyConstraint(["options"], ["texts.id"], name=op.f("fk_memos_options_texts")),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name=op.f("fk_memos_owner_people")),
        sa.ForeignKeyConstraint(["supersedes"], ["memos.id"], name=op.f("fk_memos_supersedes_memos")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_memos_team_id_teams")),
        sa.ForeignKeyConstraint(["title"], ["texts.id"], name=op.f("fk_memos_title_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_memos_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_memos_supersedes")),
    )
    op.create_index(op.f("ix_memos_check_on"), "memos", ["check_on"], unique=False)
    op.create_index(op.f("ix_memos_decided_at"), "memos", ["decided_at"], unique=False)
    op.create_index(op.f("ix_memos_workflow_id"), "memos", ["workflow_id"], unique=False)
    op.create_index("memos_of_a_move", "memos", ["workflow_id", "move"], unique=False)
    op.create_table(
        "metric_definitions",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False, comment="its name, as signals spell it"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("better", sa.String(), nullable=False, comment="which way it should go"),
        sa.Column("baseline", Exact(), nullable=True),
        sa.Column("target", Exact(), nullable=True),
        sa.Column("bound", Exact(), nullable=True, comment="a guardrail's limit"),
        sa.Column(
            "loosened", sa.Boolean(), nullable=False, comment="whether this version is easier than the one before"
        ),
        sa.Column("defined_by", sa.String(), nullable=False),
        sa.Column("defined_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["defined_by"], ["people.id"], name=op.f("fk_metric_definitions_defined_by_people")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_metric_definitions_workflow_id_workflows")
        ),
        sa.PrimaryKeyConstraint("workflow_id", "metric", "version", name=op.f("pk_metric_definitions")),
    )
    op.create_table(
        "proofs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="a done_when of the playbook"),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["summary"], ["texts.id"], name=op.f("fk_proofs_summary_texts")),
        sa.ForeignKeyConstraint(["url"], ["texts.id"], name=op.f("fk_proofs_url_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_proofs_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index(op.f("ix_proofs_workflow_id"), "proofs", ["workflow_id"], unique=False)
    op.create_table(
        "red_line_definitions",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False, comment="its name, as signals spell it"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("defined_by", sa.String(), nullable=False),
        sa.Column("defined_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["defined_by"], ["people.id"], name=op.f("fk_red_line_definitions_defined_by_people")),
        sa.ForeignKeyConstraint(["text"], ["texts.id"], name=op.f("fk_red_line_definitions_text_texts")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_red_line_definitions_workflow_id_workflows")
        ),
        sa.PrimaryKeyConstraint("workflow_id", "rule", "version", name=op.f("pk_red_line_definitions")),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False, comment="what it would change, as canonical JSON"),
        sa.Column("reason", sa.String(), nullable=True, comment="NULL where the verdict of a gate is reason enough"),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "escalated", sa.Integer(), nullable=False, comment="0, 1 or 2: after how many working days more were asked"
        ),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by <> asked_by", name=op.f("ck_requests_never_ones_own")
        ),
        sa.ForeignKeyConstraint(["answer"], ["texts.id"], name=op.f("fk_requests_answer_texts")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_requests_asked_by_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_requests_decided_by_people")),
        sa.ForeignKeyConstraint(["reason"], ["texts.id"], name=op.f("fk_requests_reason_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_requests_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_workflow_id"), "requests", ["workflow_id"], unique=False)
    op.create_index(
        "requests_waiting",
        "requests",
        ["workflow_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "roles",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_roles_person_people")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_roles_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("workflow_id", "role", "person", name=op.f("pk_roles")),
    )
    op.create_index(
        "one_holder_a_role",
        "roles",
        ["workflow_id", "role"],
        unique=True,
        sqlite_where=sa.text("role <> 'reviewer'"),
        postgresql_where=sa.text("role <> 'reviewer'"),
    )
    op.create_index("roles_of_a_person", "roles", ["person"], unique=False)
    op.create_table(
        "signals",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="in order of arrival"
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False, comment="unique within its source"),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column(
            "about",
            sa.String(),
            nullable=True,
            comment="type, workflow and key, by which a later signal updates an earlier one",
        ),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False, comment="what it came with; the chain has the batch's hash"),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column(
            "person",
            sa.String(),
            nullable=True,
            comment="reviewer, assignee or saver; the only column that names one, NULL once erased",
        ),
        sa.Column(
            "body", sa.Text(), nullable=False, comment="canonical JSON of the fields of its type, without the person"
        ),
        sa.Column("voided_at", Instant(), nullable=True, comment="when it was taken back"),
        sa.Column("voided_by", sa.String(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.CheckConstraint("(workflow_id IS NULL) <> (team_id IS NULL)", name=op.f("ck_signals_one_subject")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_signals_team_id_teams")),
        sa.ForeignKeyConstraint(["void_reason"], ["texts.id"], name=op.f("fk_signals_void_reason_texts")),
        sa.ForeignKeyConstraint(["voided_by"], ["people.id"], name=op.f("fk_signals_voided_by_people")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_signals_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_signals")),
    )
    op.create_index(op.f("ix_signals_at"), "signals", ["at"], unique=False)
    op.create_index(op.f("ix_signals_batch"), "signals", ["batch"], unique=False)
    op.create_index(
        "signals_about_one",
        "signals",
        ["about"],
        unique=False,
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    )
    op.create_index("signals_by_id", "signals", ["source", "id"], unique=True)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("judged_at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the body as it stands here"),
        sa.Column(
            "body", Canonical(), nullable=False, comment="every check with what was found, needed and where it is"
        ),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_verdicts_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_workflow_id"), "verdicts", ["workflow_id"], unique=False)
    op.create_table(
        "agent_actions",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="what holds after all updates, where it says more than the latest signal",
        ),
        sa.Column("about", sa.String(), nullable=True, comment="as in signals"),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_agent_actions_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_agent_actions_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_agent_actions")),
        sa.UniqueConstraint("about", name=op.f("uq_agent_actions_about")),
    )
    op.create_index("agent_actions_of_a_workflow", "agent_actions", ["workflow_id", "at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("merged_at", Instant(), nullable=False),
        sa.Column("lead_time_millionths", sa.BigInteger(), nullable=False, comment="of an hour"),
        sa.Column("reverts", sa.String(), nullable=True),
        sa.Column("irreversible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_changes_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_changes_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_changes")),
    )
    op.create_index("changes_of_a_workflow", "changes", ["workflow_id", "merged_at"], unique=False)
    op.create_table(
        "document_versions",
        sa.Column("id", sa.String(), nullable=False, comment="the document's id, a slash and the number"),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True, comment="NULL while it has none"),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("incident", sa.String(), nullable=True, comment="the key of a postmortem's incident"),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column(
            "agent", sa.String(), nullable=True, comment="an agent's or service's name, where no person wrote it"
        ),
        sa.Column("written_at", Instant(), nullable=False),
        sa.CheckConstraint("(author IS NULL) <> (agent IS NULL)", name=op.f("ck_document_versions_one_author")),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name=op.f("fk_document_versions_author_people")),
        sa.ForeignKeyConstraint(["body"], ["texts.id"], name=op.f("fk_document_versions_body_texts")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_versions_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["title"], ["texts.id"], name=op.f("fk_document_versions_title_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
    )
    op.create_index("postmortems_of_an_incident", "document_versions", ["incident"], unique=False)
    op.create_index("versions_of_a_document", "document_versions", ["document_id", "number"], unique=False)
    op.create_table(
        "eval_runs",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("suite", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("prompt_version", sa.String(), nullable=False, comment="empty where the runner could not name it"),
        sa.Column("model", sa.String(), nullable=False, comment="empty where the runner could not name it"),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_eval_runs_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_eval_runs_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_eval_runs")),
    )
    op.create_index("eval_runs_of_a_workflow", "eval_runs", ["workflow_id", "suite", "at"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="what holds after all updates, where it says more than the latest signal",
        ),
        sa.Column("about", sa.String(), nullable=False, comment="as in signals"),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_incidents_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_incidents_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_incidents")),
        sa.UniqueConstraint("about", name=op.f("uq_incidents_about")),
    )
    op.create_index("incidents_of_a_workflow", "incidents", ["workflow_id", "at"], unique=False)
    op.create_table(
        "items",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False, comment="its id in the playbook, with #2, #3 … where it recurs"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True, comment="when a skip ends"),
        sa.Column("evidence_id", sa.String(), nullable=True),
        sa.Column("before_state", sa.String(), nullable=True, comment="what restore gives back"),
        sa.Column("before_until", sa.Date(), nullable=True),
        sa.Column("before_evidence_id", sa.String(), nullable=True),
        sa.Column("before_note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["assignee"], ["people.id"], name=op.f("fk_items_assignee_people")),
        sa.ForeignKeyConstraint(
            ["before_evidence_id"], ["evidence.id"], name=op.f("fk_items_before_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["before_note"], ["texts.id"], name=op.f("fk_items_before_note_texts")),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_items_changed_by_people")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_items_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["note"], ["texts.id"], name=op.f("fk_items_note_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_items_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("workflow_id", "item", name=op.f("pk_items")),
    )
    op.create_index("items_of_an_assignee", "items", ["assignee"], unique=False)
    op.create_table(
        "metrics",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("value", Exact(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_metrics_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_metrics_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_metrics")),
    )
    op.create_index("metrics_of_a_workflow", "metrics", ["workflow_id", "metric", "at"], unique=False)
    op.create_table(
        "quality_saves",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_quality_saves_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_quality_saves_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_quality_saves")),
    )
    op.create_index("quality_saves_of_a_workflow", "quality_saves", ["workflow_id", "at"], unique=False)
    op.create_table(
        "red_lines",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_red_lines_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_red_lines_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_red_lines")),
    )
    op.create_index("red_lines_of_a_workflow", "red_lines", ["workflow_id", "at"], unique=False)
    op.create_table(
        "review_tallies",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("outputs", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Integer(), nullable=False),
        sa.Column("overridden", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_review_tallies_signal_signals")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_review_tallies_workflow_id_workflows")
        ),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_review_tallies")),
    )
    op.create_index("review_tallies_of_a_workflow", "review_tallies", ["workflow_id", "at"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("output_id", sa.String(), nullable=False),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="what holds after all updates, where it says more than the latest signal",
        ),
        sa.Column("about", sa.String(), nullable=False, comment="as in signals"),
        sa.Column("submitted_at", Instant(), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_reviews_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_reviews_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_reviews")),
        sa.UniqueConstraint("about", name=op.f("uq_reviews_about")),
    )
    op.create_index("reviews_by_review", "reviews", ["workflow_id", "reviewed_at"], unique=False)
    op.create_index("reviews_by_submission", "reviews", ["workflow_id", "submitted_at"], unique=False)
    op.create_index("reviews_of_a_workflow", "reviews", ["workflow_id", "at"], unique=False)
    op.create_table(
        "reworks",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cost_millionths", sa.BigInteger(), nullable=False, comment="of a US dollar"),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_reworks_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_reworks_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_reworks")),
    )
    op.create_index("reworks_of_a_workflow", "reworks", ["workflow_id", "at"], unique=False)
    op.create_table(
        "seats",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_seats_signal_signals")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_seats_team_id_teams")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_seats")),
    )
    op.create_index("seats_of_a_team", "seats", ["team_id", "tier", "at"], unique=False)
    op.create_table(
        "work_items",
        sa.Column("signal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="what holds after all updates, where it says more than the latest signal",
        ),
        sa.Column("about", sa.String(), nullable=False, comment="as in signals"),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["signal"], ["signals.seq"], name=op.f("fk_work_items_signal_signals")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_work_items_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_work_items")),
        sa.UniqueConstraint("about", name=op.f("uq_work_items_about")),
    )
    op.create_index("work_items_of_a_workflow", "work_items", ["workflow_id", "at"], unique=False)
    _put_up_guards()


_GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'The audit "
            "log is never changed or deleted; record what is right as a new entry.'); END"
        ),
        (
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'The audit "
            "log is never changed or deleted; record what is right as a new entry.'); END"
        ),
        (
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit "
            "WHERE seq = NEW.seq OR hash = NEW.hash) BEGIN SELECT RAISE(ABORT, 'The audit log is never "
            "changed or deleted; record what is right as a new entry.'); END"
        ),
        (
            "CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head WHEN NOT (NEW.id = OLD.id "
            "AND NEW.seq = OLD.seq + 1) BEGIN SELECT RAISE(ABORT, 'The head of the audit log only moves "
            "on by one record at a time.'); END"
        ),
        (
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, "
            "'The head of the audit log only moves on by one record at a time.'); END"
        ),
        (
            "CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 "
            "FROM audit_head WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'The head of the audit log "
            "only moves on by one record at a time.'); END"
        ),
        (
            "CREATE TRIGGER texts_no_update BEFORE UPDATE ON texts WHEN NOT (NEW.id = OLD.id AND "
            "NEW.sha256 = OLD.sha256 AND NEW.written_at = OLD.written_at AND coalesce(NEW.author, '') = "
            "coalesce(OLD.author, '') AND NEW.body IS NULL AND NEW.nonce IS NULL) BEGIN SELECT "
            "RAISE(ABORT, 'A stored text is never changed or deleted; its words may only be erased.'); "
            "END"
        ),
        (
            "CREATE TRIGGER texts_no_delete BEFORE DELETE ON texts BEGIN SELECT RAISE(ABORT, 'A stored "
            "text is never changed or deleted; its words may only be erased.'); END"
        ),
        (
            "CREATE TRIGGER texts_no_replace BEFORE INSERT ON texts WHEN EXISTS (SELECT 1 FROM texts "
            "WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'A stored text is never changed or deleted; "
            "its words may only be erased.'); END"
        ),
        (
            "CREATE TRIGGER memos_no_update BEFORE UPDATE ON memos BEGIN SELECT RAISE(ABORT, 'A filed "
            "memo is never changed or deleted; file a new one that supersedes it.'); END"
        ),
        (
            "CREATE TRIGGER memos_no_delete BEFORE DELETE ON memos BEGIN SELECT RAISE(ABORT, 'A filed "
            "memo is never changed or deleted; file a new one that supersedes it.'); END"
        ),
        (
            "CREATE TRIGGER memos_no_replace BEFORE INSERT ON memos WHEN EXISTS (SELECT 1 FROM memos "
            "WHERE id = NEW.id OR supersedes = NEW.supersedes) BEGIN SELECT RAISE(ABORT, 'A filed memo "
            "is never changed or deleted; file a new one that supersedes it.'); END"
        ),
        (
            "CREATE TRIGGER document_versions_no_update BEFORE UPDATE ON document_versions BEGIN SELECT "
            "RAISE(ABORT, 'A version of a document is never changed or deleted; write the next one.'); "
            "END"
        ),
        (
            "CREATE TRIGGER document_versions_no_delete BEFORE DELETE ON document_versions BEGIN SELECT "
            "RAISE(ABORT, 'A version of a document is never changed or deleted; write the next one.'); "
            "END"
        ),
        (
            "CREATE TRIGGER document_versions_no_replace BEFORE INSERT ON document_versions WHEN EXISTS "
            "(SELECT 1 FROM document_versions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'A version "
            "of a document is never changed or deleted; write the next one.'); END"
        ),
        (
            "CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts BEGIN SELECT RAISE(ABORT, 'A "
            "gate''s verdict is never changed or deleted; judge the gate again.'); END"
        ),
        (
            "CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts BEGIN SELECT RAISE(ABORT, 'A "
            "gate''s verdict is never changed or deleted; judge the gate again.'); END"
        ),
        (
            "CREATE TRIGGER verdicts_no_replace BEFORE INSERT ON verdicts WHEN EXISTS (SELECT 1 FROM "
            "verdicts WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'A gate''s verdict is never changed "
            "or deleted; judge the gate again.'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $guard$\n"
            "BEGIN\n"
            "  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';\n"
            "END\n"
            "$guard$"
        ),
        (
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('The audit log is never changed or deleted; record what is right as a new "
            "entry.')"
        ),
        (
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('The audit log is never changed or deleted; record what is right as a new "
            "entry.')"
        ),
        (
            "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change('The audit log is never changed or deleted; record what is right as "
            "a new entry.')"
        ),
        (
            "CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NOT "
            "(NEW.id = OLD.id AND NEW.seq = OLD.seq + 1)) EXECUTE FUNCTION refuse_change('The head of "
            "the audit log only moves on by one record at a time.')"
        ),
        (
            "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change('The head of the audit log only moves on by one record at a time.')"
        ),
        (
            "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change('The head of the audit log only moves on by one record at a "
            "time.')"
        ),
        (
            "CREATE TRIGGER texts_no_update BEFORE UPDATE ON texts FOR EACH ROW WHEN (NOT (NEW.id = "
            "OLD.id AND NEW.sha256 = OLD.sha256 AND NEW.written_at = OLD.written_at AND "
            "coalesce(NEW.author, '') = coalesce(OLD.author, '') AND NEW.body IS NULL AND NEW.nonce IS "
            "NULL)) EXECUTE FUNCTION refuse_change('A stored text is never changed or deleted; its "
            "words may only be erased.')"
        ),
        (
            "CREATE TRIGGER texts_no_delete BEFORE DELETE ON texts FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('A stored text is never changed or deleted; its words may only be erased.')"
        ),
        (
            "CREATE TRIGGER texts_no_truncate BEFORE TRUNCATE ON texts FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change('A stored text is never changed or deleted; its words may only be "
            "erased.')"
        ),
        (
            "CREATE TRIGGER memos_no_update BEFORE UPDATE ON memos FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('A filed memo is never changed or deleted; file a new one that supersedes "
            "it.')"
        ),
        (
            "CREATE TRIGGER memos_no_delete BEFORE DELETE ON memos FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('A filed memo is never changed or deleted; file a new one that supersedes "
            "it.')"
        ),
        (
            "CREATE TRIGGER memos_no_truncate BEFORE TRUNCATE ON memos FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change('A filed memo is never changed or deleted; file a new one that "
            "supersedes it.')"
        ),
        (
            "CREATE TRIGGER document_versions_no_update BEFORE UPDATE ON document_versions FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('A version of a document is never changed or deleted; write "
            "the next one.')"
        ),
        (
            "CREATE TRIGGER document_versions_no_delete BEFORE DELETE ON document_versions FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('A version of a document is never changed or deleted; write "
            "the next one.')"
        ),
        (
            "CREATE TRIGGER document_versions_no_truncate BEFORE TRUNCATE ON document_versions FOR EACH "
            "STATEMENT EXECUTE FUNCTION refuse_change('A version of a document is never changed or "
            "deleted; write the next one.')"
        ),
        (
            "CREATE TRIGGER verdicts_no_update BEFORE UPDATE ON verdicts FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('A gate''s verdict is never changed or deleted; judge the gate again.')"
        ),
        (
            "CREATE TRIGGER verdicts_no_delete BEFORE DELETE ON verdicts FOR EACH ROW EXECUTE FUNCTION "
            "refuse_change('A gate''s verdict is never changed or deleted; judge the gate again.')"
        ),
        (
            "CREATE TRIGGER verdicts_no_truncate BEFORE TRUNCATE ON verdicts FOR EACH STATEMENT EXECUTE "
            "FUNCTION refuse_change('A gate''s verdict is never changed or deleted; judge the gate "
            "again.')"
        ),
    ),
}


def _put_up_guards() -> None:
    """The triggers as they were at this revision, and the head of an empty log."""
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
