"""Digests."""

import secrets

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "secret",
            sa.String(length=64),
            nullable=False,
            comment="what makes the marks of digests unguessable, and the same",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_digest_key_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_key")),
    )
    op.execute(f"INSERT INTO digest_key (id, secret) VALUES (1, '{secrets.token_hex(32)}')")
    op.create_table(
        "digests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False, comment="leaders, or team:<team id>"),
        sa.Column("iso_year", sa.Integer(), nullable=False, comment="of its slot"),
        sa.Column("iso_week", sa.Integer(), nullable=False, comment="of its slot"),
        sa.Column("week", sa.String(), nullable=False, comment="the ISO week in which its window starts, as 2026-W10"),
        sa.Column("slot_at", Instant(), nullable=False, comment="when it is due, and the instant it is judged at"),
        sa.Column("zone", sa.String(), nullable=False, comment="the zone that was used"),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False, comment="whether its audience had none before"),
        sa.Column("known_at", Instant(), nullable=False, comment="when it was noted, by the database's clock"),
        sa.Column("inputs", Canonical(), nullable=True, comment="what it was made from"),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "messages",
            Canonical(),
            nullable=True,
            comment="exactly what is sent: the channel's message, then the thread's",
        ),
        sa.Column("messages_sha256", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", Instant(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False, comment="whether the message says that it is late"),
        sa.Column("plain", sa.Boolean(), nullable=False, comment="whether Slack took only its words"),
        sa.Column("holds", sa.Integer(), nullable=False, comment="how often it was held"),
        sa.Column("cause", sa.String(), nullable=True, comment="why it is held"),
        sa.Column("despite", sa.String(), nullable=True, comment="what an admin looked past"),
        sa.Column("why", sa.Text(), nullable=True, comment="why it is held or was missed, in words"),
        sa.Column("posted_at", Instant(), nullable=True),
        sa.Column("posted_channel", sa.String(), nullable=True),
        sa.Column("posted_ts", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'frozen', 'posted', 'held', 'missed', 'skipped')", name=op.f("ck_digests_known_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.create_index("digests_by_week", ["audience", "week"], unique=False)
        batch_op.create_index("one_digest_a_week", ["audience", "iso_year", "iso_week"], unique=True)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "begun_at",
                Instant(),
                nullable=True,
                comment="since when nobody knows whether it was posted; NULL while that is certain",
            )
        )

    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "digest_since",
                Instant(),
                nullable=True,
                comment="since when it has a Monday digest of its own; NULL without",
            )
        )
