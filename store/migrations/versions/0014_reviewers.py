"""Reviews that name someone, found without a look at every signal."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAMING = sa.text("person IS NOT NULL AND type = 'review'")


def upgrade() -> None:
    op.create_index("reviews_naming", "signals", ["at"], sqlite_where=_NAMING, postgresql_where=_NAMING)
