"""What is found by its words."""

import json

import sqlalchemy as sa
from alembic import op

from bot.domain.searching import words_in

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MEMOS = """
    SELECT memos.id, title.body AS title, decision.body AS decision, context.body AS context, options.body AS options,
        memos.category, workflows.name AS workflow, memos.changes
    FROM memos JOIN texts title ON title.id = memos.title JOIN texts decision ON decision.id = memos.decision
    LEFT JOIN texts context ON context.id = memos.context LEFT JOIN texts options ON options.id = memos.options
    LEFT JOIN workflows ON workflows.id = memos.workflow_id
    ORDER BY memos.decided_at
"""
_DOCUMENTS = """
    SELECT documents.id, title.body AS title, body.body AS body
    FROM documents JOIN document_versions v ON v.document_id = documents.id AND v.number = documents.version
    JOIN texts body ON body.id = v.body LEFT JOIN texts title ON title.id = v.title
    ORDER BY v.written_at
"""
_POLICIES = """
    SELECT policies.id, policies.name, v.area, text.body AS text, link.body AS link
    FROM policies JOIN policy_versions v ON v.policy_id = policies.id AND v.number = policies.version
    LEFT JOIN texts text ON text.id = v.text LEFT JOIN texts link ON link.id = v.link
    ORDER BY v.written_at
"""
_ENTRY = "INSERT INTO search_entries (kind, object_id) VALUES (:kind, :object_id) RETURNING seq"
_WORDS = {
    "sqlite": "INSERT INTO search_words (rowid, title, body) VALUES (:seq, :title, :body)",
    "postgresql": (
        "INSERT INTO search_words (seq, words) VALUES (:seq, setweight(to_tsvector('simple', :title), 'A') || "
        "setweight(to_tsvector('simple', :body), 'D'))"
    ),
}
_CHARACTERS = 200_000


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.UniqueConstraint("kind", "object_id", name=op.f("uq_search_entries_kind_object_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE search_words (seq BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX search_words_words ON search_words USING gin (words)")
    else:
        tokens = "tokenize = 'unicode61 remove_diacritics 0'"
        op.execute(f"CREATE VIRTUAL TABLE search_words USING fts5(title, body, {tokens})")
    _take_in()


def _take_in() -> None:
    """What was written before there was a search."""
    connection = op.get_bind()
    for row in connection.execute(sa.text(_MEMOS)).all():
        parts = (row.decision, row.context, row.options, row.category, row.workflow, *json.loads(row.changes))
        _write("memo", row.id, row.title, "\n".join(part for part in parts if part))
    for row in connection.execute(sa.text(_DOCUMENTS)).all():
        _write("document", row.id, row.title, row.body)
    for row in connection.execute(sa.text(_POLICIES)).all():
        _write("policy", row.id, row.name, "\n".join(part for part in (row.area, row.text, row.link) if part))


def _write(kind: str, object_id: str, title: str | None, body: str | None) -> None:
    connection = op.get_bind()
    seq = connection.scalar(sa.text(_ENTRY), {"kind": kind, "object_id": object_id})
    words = {"title": " ".join(words_in(title or "")), "body": " ".join(words_in((body or "")[:_CHARACTERS]))}
    connection.execute(sa.text(_WORDS[connection.dialect.name]), {"seq": seq, **words})
