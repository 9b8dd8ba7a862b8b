"""Questions and tokens."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="agent or service"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the secret"),
        sa.Column("scopes", Canonical(), nullable=False),
        sa.Column("workflows", Canonical(), nullable=False, comment="ids of those it is bound to; empty for all"),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("last_used_at", Instant(), nullable=True, comment="to the minute"),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_tokens_made_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("sha256", name=op.f("uq_tokens_sha256")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(
            "one_token_of_a_name",
            ["name"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "questions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="the asker's own; a repeat is the same question"),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column(
            "facts",
            sa.Text(),
            nullable=True,
            comment="JSON of all of them, to which the answer is bound; NULL once forgotten",
        ),
        sa.Column(
            "facts_hash", sa.String(length=64), nullable=False, comment="SHA-256 of all facts, as asked or as edited"
        ),
        sa.Column("asked_hash", sa.String(length=64), nullable=False, comment="SHA-256 of all facts as asked"),
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("grant_hash", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(), nullable=False, comment="the principal that asked"),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("usable_until", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True, comment="an answer lets one use through"),
        sa.CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name=op.f("ck_questions_answered_by_someone")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_questions_answered_by_people")),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_questions_grant_id_grants")),
        sa.ForeignKeyConstraint(["note"], ["texts.id"], name=op.f("fk_questions_note_texts")),
        sa.ForeignKeyConstraint(["summary"], ["texts.id"], name=op.f("fk_questions_summary_texts")),
        sa.ForeignKeyConstraint(["url"], ["texts.id"], name=op.f("fk_questions_url_texts")),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name=op.f("fk_questions_workflow_id_workflows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("one_question_of_a_key", ["workflow_id", "key"], unique=True)
        batch_op.create_index(
            "questions_open",
            ["workflow_id", "expires_at"],
            unique=False,
            sqlite_where=sa.text("answer IS NULL"),
            postgresql_where=sa.text("answer IS NULL"),
        )
