"""Words that people type into signals, where they can be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None

_TYPED = sa.text("words IS NOT NULL")


def upgrade() -> None:
    _add_text("signals", "words", "what a person typed into it, as a JSON object")
    op.create_index("signals_with_words", "signals", ["workflow_id"], sqlite_where=_TYPED, postgresql_where=_TYPED)


def _add_text(table: str, column: str, comment: str) -> None:
    """A column that names a text; said in words of both engines, so that SQLite need not copy the table."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR CONSTRAINT fk_{table}_{column}_texts REFERENCES texts (id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")
