"""How a digest was delivered, part by part; what it tells of until it is posted; who reads it."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("digests", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "plain_thread",
                Canonical(),
                nullable=True,
                comment="of which messages of its thread Slack took only the words",
            )
        )
        batch_op.add_column(
            sa.Column(
                "told",
                Canonical(),
                nullable=True,
                comment="what it changes about what is known of findings, until it is posted",
            )
        )
    op.create_table(
        "digest_audiences",
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("is_here", sa.Boolean(), nullable=False, comment="whether it is one at present, as a bot saw last"),
        sa.Column("since", Instant(), nullable=True, comment="when it came back; NULL where it was never gone"),
        sa.PrimaryKeyConstraint("audience", name=op.f("pk_digest_audiences")),
    )
