"""Drafts of what people began to type."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(), nullable=False, comment="random; the window that it is typed in remembers it"),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="of which window"),
        sa.Column("given", sa.Text(), nullable=False, comment="what stands in its fields, as a JSON object of texts"),
        sa.Column("saved_at", Instant(), nullable=False, comment="by the product's clock"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_drafts_person_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index("drafts_of_someone", ["person", "kind", "saved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_saved_at"), ["saved_at"], unique=False)
