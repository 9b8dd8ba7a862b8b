"""How many signals a source gave of a week, counted without a look at each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_IN_FORCE = sa.text("voided_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "signals_of_a_source", "signals", ["source", "at"], sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE
    )
