"""What was overridden at a gate and passed since."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overrides_met",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column(
            "to", sa.String(), nullable=False, comment="the phase behind the gate; a take-over overrides several"
        ),
        sa.Column("check", sa.String(), nullable=False),
        sa.Column("met_at", Instant(), nullable=False, comment="when it was seen to pass first"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_overrides_met_request_id_requests")),
        sa.PrimaryKeyConstraint("request_id", "to", "check", name=op.f("pk_overrides_met")),
    )
