"""Documents as they stand, and every version that was written of them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import workflows
from store.types import Instant

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False, comment="the number of the version that counts"),
    Column("submitted_by", ForeignKey(people.c.id)),
    Column("decided_by", ForeignKey(people.c.id)),
    Column("decided_at", Instant),
    Column("because", String),
    Column("answer", ForeignKey(texts.c.id)),
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("id", String, primary_key=True, comment="the document's id, a slash and the number"),
    Column("document_id", ForeignKey(documents.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", ForeignKey(texts.c.id), comment="NULL while it has none"),
    Column("body", ForeignKey(texts.c.id), nullable=False),
    Column("incident", String, comment="the key of a postmortem's incident"),
    Column("author", ForeignKey(people.c.id)),
    Column("agent", String, comment="an agent's or service's name, where no person wrote it"),
    Column("written_at", Instant, nullable=False),
    Column("model", String, comment="which language model wrote it"),
    Column("prompt", String, comment="after which prompt, with its version"),
    CheckConstraint("(author IS NULL) <> (agent IS NULL)", name="one_author"),
    Index("versions_of_a_document", "document_id", "number"),
    Index("postmortems_of_an_incident", "incident"),
)
