"""The ledger's tables: the audit chain, what stands outside it so that it can be erased, and the keys."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from store.tables import metadata
from store.types import Canonical, Instant, Serial

audit = Table(
    "audit",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=False),
    Column("real_at", Instant, nullable=False, comment="when it was written"),
    Column("effective_at", Instant, nullable=False, comment="when it counts as having happened (--at)"),
    Column("principal_kind", String, nullable=False),
    Column("principal", String, nullable=False, comment="a random person id, or an agent's or service's name"),
    Column("claimed", String, comment="the operating-system user and host behind a name given by hand"),
    Column("through", String, nullable=False),
    Column("fact", String, nullable=False),
    Column("fact_version", Integer, nullable=False),
    Column("subject", String, nullable=False, comment="the id of what it is about"),
    Column("details", Text, nullable=False, comment="canonical JSON, exactly as it was hashed"),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    CheckConstraint("principal_kind IN ('human', 'agent', 'service')", name="known_kind"),
    CheckConstraint("through IN ('slack', 'api', 'cli', 'scheduler', 'guard')", name="known_entrance"),
    Index("audit_of_a_subject", "subject", "seq"),
    Index("audit_of_a_principal", "principal", "seq"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Serial, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True, comment="random; all that the chain knows of a person"),
    Column("handle", String, unique=True, comment="Slack user id or os:NAME; NULL once erased"),
    Column("name", String, comment="NULL once erased"),
    Column("zone", String, comment="IANA time zone; NULL where unknown or erased"),
    Column("seen_at", Instant, nullable=False, comment="when the person was first met"),
    Column("erased_at", Instant),
)

texts = Table(
    "texts",
    metadata,
    Column("id", String, primary_key=True, comment="random"),
    Column(
        "sha256",
        String(64),
        nullable=False,
        comment="of nonce and body, so that a short text cannot be guessed",
    ),
    Column("nonce", String(32), comment="goes with the body"),
    Column("body", Text, comment="may only ever go to NULL"),
    Column("author", ForeignKey(people.c.id), index=True, comment="whose words they are"),
    Column("written_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("dedupe_key", String, nullable=False, unique=True),
    Column("target", String, nullable=False, comment="Slack channel or user id"),
    Column("body", Canonical, comment="NULL once forgotten"),
    Column("state", String, nullable=False),
    Column("not_before", Instant, nullable=False, comment="by the product's clock"),
    Column("lease_until", Instant, comment="by the database's clock"),
    Column("owner", String),
    Column("fence", Integer, nullable=False, comment="grows with every claim; an older claim may write nothing"),
    Column("attempt", Integer, nullable=False),
    Column("first_at", Instant, comment="first attempt, by the product's clock"),
    Column("begun_at", Instant, comment="since when nobody knows whether it was posted; NULL while that is certain"),
    Column("result_channel", String),
    Column("result_ts", String),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    CheckConstraint(
        "state IN ('pending', 'sending', 'posted', 'held', 'missed', 'skipped', 'dead')", name="known_state"
    ),
    Index("outbox_due", "state", "not_before"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("until", Instant, nullable=False, comment="by the database's clock"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

replayed = Table(
    "replayed",
    metadata,
    Column("signature_hash", String(64), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)
