"""Who may know of what is found by its words, kept beside them."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MEMOS = """
    UPDATE search_entries SET at = memos.decided_at, visibility = memos.visibility, team_id = memos.team_id,
        workflow_id = memos.workflow_id, insiders = '|' || memos.owner || '|' || memos.filed_by || '|',
        is_restricted = (memos.category = 'security_posture' AND title.body IS NOT NULL)
    FROM memos JOIN texts title ON title.id = memos.title
    WHERE search_entries.kind = 'memo' AND search_entries.object_id = memos.id
"""
_DOCUMENTS = """
    UPDATE search_entries SET workflow_id = documents.workflow_id,
        is_restricted = (documents.kind = 'redteam' AND title.body IS NOT NULL)
    FROM documents JOIN document_versions v ON v.document_id = documents.id AND v.number = documents.version
        LEFT JOIN texts title ON title.id = v.title
    WHERE search_entries.kind = 'document' AND search_entries.object_id = documents.id
"""
_AUTHORS = "SELECT DISTINCT document_id, coalesce(author, agent) AS author FROM document_versions ORDER BY 1, 2"
_NAME = (
    "UPDATE search_entries SET insiders = coalesce(insiders, '|') || :author || '|' "
    "WHERE kind = 'document' AND object_id = :document_id"
)


def upgrade() -> None:
    for column in _columns():
        op.add_column("search_entries", column)
    op.create_index("search_entries_newest", "search_entries", ["kind", "at"])
    connection = op.get_bind()
    connection.execute(sa.text(_MEMOS))
    connection.execute(sa.text(_DOCUMENTS))
    for row in connection.execute(sa.text(_AUTHORS)).all():
        connection.execute(sa.text(_NAME), {"document_id": row.document_id, "author": row.author})


def _columns() -> tuple[sa.Column[object], ...]:
    only_title = "of what stands in it, only the title is for all"
    return (
        sa.Column("at", Instant(), comment="when a memo was decided"),
        sa.Column("visibility", sa.String(), comment="NULL where everyone may know of it"),
        sa.Column("team_id", sa.String(), comment="a memo's own; a document's is its workflow's"),
        sa.Column("workflow_id", sa.String()),
        sa.Column("is_restricted", sa.Boolean(), nullable=False, server_default=sa.false(), comment=only_title),
        sa.Column("insiders", sa.String(), comment="who wrote it or answers for it: random ids, each between bars"),
    )
