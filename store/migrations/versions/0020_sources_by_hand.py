"""What of sources is mapped to workflows by hand."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_mappings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "place", sa.String(), nullable=False, comment="the name or key of a repository, project, team or service"
        ),
        sa.Column("place_key", sa.String(), nullable=False, comment="the place in small letters"),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_source_mappings_made_by_people")),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f("fk_source_mappings_workflow_id_workflows")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_mappings")),
    )
    with op.batch_alter_table("source_mappings", schema=None) as batch_op:
        batch_op.create_index(
            "one_mapping_of_a_place",
            ["source", "place_key", "workflow_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
