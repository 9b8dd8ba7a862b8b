"""Of which messages of a digest's thread Slack took only the words, and what a digest tells of once it is posted."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical

revision = "0020"
down_revision = "0014"
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
