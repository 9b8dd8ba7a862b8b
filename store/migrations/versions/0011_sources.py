"""How far sources were read."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical, Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("configured", sa.Boolean(), nullable=False),
        sa.Column("cursors", Canonical(), nullable=False, comment="where each strand goes on, by its key"),
        sa.Column(
            "read_at", Instant(), nullable=True, comment="last read to the end, by the product's clock; NULL if never"
        ),
        sa.Column(
            "why_not", sa.Text(), nullable=True, comment="why the last run did not come to its end; NULL where it did"
        ),
        sa.Column(
            "not_before",
            Instant(),
            nullable=True,
            comment="until when the system wants to be left alone, by the machine's clock",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )
