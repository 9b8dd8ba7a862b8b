"""Absences: who is away, until when, and who stands in."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="the last day away, by the person's own calendar"),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.CheckConstraint("deputy <> person", name=op.f("ck_absences_never_oneself")),
        sa.ForeignKeyConstraint(["deputy"], ["people.id"], name=op.f("fk_absences_deputy_people")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_absences_person_people")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_deputy"), ["deputy"], unique=False)
