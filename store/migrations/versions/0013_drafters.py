"""Which model wrote a version of a document, and after which prompt."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("model", sa.String(), nullable=True, comment="which language model wrote it"))
        batch_op.add_column(
            sa.Column("prompt", sa.String(), nullable=True, comment="after which prompt, with its version")
        )
