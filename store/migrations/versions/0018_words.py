"""Words that people type into signals and deviations, where they can be erased."""

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_TYPED = sa.text("words IS NOT NULL")
_KNOWN = "UPDATE deviations SET policy_id = (SELECT id FROM policies WHERE policies.name = deviations.policy)"
_NAMED = "SELECT id, policy, opened_by, opened_at FROM deviations WHERE policy IS NOT NULL AND policy_id IS NULL"
_WRITE = """
    INSERT INTO texts (id, sha256, nonce, body, author, written_at)
    VALUES (:text_id, :sha256, :nonce, :body, :author, :at)
"""
_NAME = "UPDATE deviations SET policy_words = :text_id WHERE id = :id"


def upgrade() -> None:
    _add("signals", "words", "texts", "what a person typed into it, as a JSON object")
    op.create_index("signals_with_words", "signals", ["workflow_id"], sqlite_where=_TYPED, postgresql_where=_TYPED)
    _add("deviations", "policy_id", "policies", "the entry that was breached, if it is one of the registry")
    _add("deviations", "policy_words", "texts", "how it was named, if it is none")
    op.execute(_KNOWN)
    connection = op.get_bind()
    for row in connection.execute(sa.text(_NAMED)).all():
        text = _text(row.policy)
        connection.execute(sa.text(_WRITE), {**text, "author": row.opened_by, "at": row.opened_at})
        connection.execute(sa.text(_NAME), {"text_id": text["text_id"], "id": row.id})
    op.execute("ALTER TABLE deviations DROP COLUMN policy")


def _add(table: str, column: str, to: str, comment: str) -> None:
    """A column that names a row of another table; in words of both engines, so that SQLite need not copy the table."""
    name = f"fk_{table}_{column}_{to}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR CONSTRAINT {name} REFERENCES {to} (id)")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")


def _text(body: str) -> dict[str, str]:
    nonce = secrets.token_hex(16)
    sha256 = hashlib.sha256(f"{nonce}\n{body}".encode()).hexdigest()
    return {"text_id": f"t_{secrets.token_hex(10)}", "sha256": sha256, "nonce": nonce, "body": body}
