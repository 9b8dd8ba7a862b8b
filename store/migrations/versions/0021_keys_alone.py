"""Of a request that came once only its key is kept: whoever comes again looks at how things stand."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.drop_column("digest")
        batch_op.drop_column("reply")
