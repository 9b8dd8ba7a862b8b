"""Marks of what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("subject", sa.String(), nullable=False, comment="a workflow's or team's id, or program"),
        sa.Column(
            "value",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="grows with every change of it; no row is 0",
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_marks")),
    )
