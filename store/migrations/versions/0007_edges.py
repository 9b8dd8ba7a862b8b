"""When a request lapses is kept with it; what is to be forgotten is found by an index."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_REQUESTS = sa.table("requests", sa.column("id"), sa.column("asked_at", Instant()), sa.column("lapses_at", Instant()))


def upgrade() -> None:
    _keep_when_requests_lapse()
    remembered = sa.text("facts IS NOT NULL")
    for table, at in (("decisions", "at"), ("questions", "asked_at")):
        op.create_index(
            f"{table}_with_facts",
            table,
            ["grant_id", at],
            unique=False,
            sqlite_where=remembered,
            postgresql_where=remembered,
        )


def _keep_when_requests_lapse() -> None:
    """Until now every request lapsed after seven days, whatever its playbook said."""
    kept: sa.Column[object] = sa.Column(
        "lapses_at", Instant(), nullable=True, comment="by the playbook that held when it was made"
    )
    op.add_column("requests", kept)
    asked = op.get_bind().execute(sa.select(_REQUESTS.c.id, _REQUESTS.c.asked_at)).all()
    for row in asked:
        lapses_at = row.asked_at + timedelta(days=7)
        op.execute(sa.update(_REQUESTS).where(_REQUESTS.c.id == row.id).values(lapses_at=lapses_at))
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.alter_column("lapses_at", existing_type=Instant(), nullable=False)


def downgrade() -> None:
    """Refuses: the way back is the copy that was kept before the upgrade."""
    raise NotImplementedError("Restore the copy that was kept before the upgrade; there is no other way back.")
