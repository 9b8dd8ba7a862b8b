"""Tokens of programs, by the hash of their secret; the secret itself is kept nowhere."""

from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.ledger import people
from store.types import Canonical, Instant

_IN_USE = sql("revoked_at IS NULL")

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False, comment="agent or service"),
    Column("sha256", String(64), nullable=False, unique=True, comment="of the secret"),
    Column("scopes", Canonical, nullable=False),
    Column("workflows", Canonical, nullable=False, comment="ids of those it is bound to; empty for all"),
    Column("made_by", ForeignKey(people.c.id), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("last_used_at", Instant, comment="to the minute"),
    Column("revoked_at", Instant),
    Index("one_token_of_a_name", "name", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
)
