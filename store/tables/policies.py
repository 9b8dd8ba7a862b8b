"""The registry of policies, and every version that was written of each."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.types import Instant

policies = Table(
    "policies",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False, unique=True, comment="the name in small letters"),
    Column("version", Integer, nullable=False, comment="the number of the version that counts"),
)

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("id", String, primary_key=True, comment="the policy's id, a slash and the number"),
    Column("policy_id", ForeignKey(policies.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("area", String, nullable=False),
    Column("text", ForeignKey(texts.c.id), comment="its words, where they stand here"),
    Column("link", ForeignKey(texts.c.id), comment="where its words stand, if not here"),
    Column("owner", ForeignKey(people.c.id), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("written_by", ForeignKey(people.c.id), nullable=False),
    Column("written_at", Instant, nullable=False),
    CheckConstraint("(text IS NULL) <> (link IS NULL)", name="text_or_link"),
    Index("versions_of_a_policy", "policy_id", "number"),
)
