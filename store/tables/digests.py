"""The Monday digests: one row for each audience and ISO week, with what it says and what became of it."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from store.tables import metadata
from store.types import Canonical, Instant

digests = Table(
    "digests",
    metadata,
    Column("id", String, primary_key=True),
    Column("audience", String, nullable=False, comment="leaders, or team:<team id>"),
    Column("iso_year", Integer, nullable=False, comment="of its slot"),
    Column("iso_week", Integer, nullable=False, comment="of its slot"),
    Column("week", String, nullable=False, comment="the ISO week in which its window starts, as 2026-W10"),
    Column("slot_at", Instant, nullable=False, comment="when it is due, and the instant it is judged at"),
    Column("zone", String, nullable=False, comment="the zone that was used"),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("first", Boolean, nullable=False, comment="whether its audience had none before"),
    Column("known_at", Instant, nullable=False, comment="when it was noted, by the database's clock"),
    Column("inputs", Canonical, comment="what it was made from"),
    Column("inputs_sha256", String(64)),
    Column("messages", Canonical, comment="exactly what is sent: the channel's message, then the thread's"),
    Column("messages_sha256", String(64)),
    Column("frozen_at", Instant),
    Column("late", Boolean, nullable=False, comment="whether the message says that it is late"),
    Column("plain", Boolean, nullable=False, comment="whether Slack took only its words"),
    Column("plain_thread", Canonical, comment="of which messages of its thread Slack took only the words"),
    Column("holds", Integer, nullable=False, comment="how often it was held"),
    Column("cause", String, comment="why it is held"),
    Column("despite", String, comment="what an admin looked past"),
    Column("why", Text, comment="why it is held or was missed, in words"),
    Column("posted_at", Instant),
    Column("posted_channel", String),
    Column("posted_ts", String),
    Column("told", Canonical, comment="what it changes about what is known of findings, until it is posted"),
    CheckConstraint("state IN ('due', 'frozen', 'posted', 'held', 'missed', 'skipped')", name="known_state"),
    Index("one_digest_a_week", "audience", "iso_year", "iso_week", unique=True),
    Index("digests_by_week", "audience", "week"),
)

digest_audiences = Table(
    "digest_audiences",
    metadata,
    Column("audience", String, primary_key=True),
    Column("is_here", Boolean, nullable=False, comment="whether it is one at present, as a bot saw last"),
    Column("since", Instant, comment="when it came back; NULL where it was never gone"),
)
"""Who reads digests, so that nothing counts as missed that was due while an audience was none."""

digest_key = Table(
    "digest_key",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("secret", String(64), nullable=False, comment="what makes the marks of digests unguessable, and the same"),
    CheckConstraint("id = 1", name="one_row"),
)
"""One secret, made with the table: a digest's mark comes from it and the week, so that a restored backup knows it.

Ids of signals that are made from words are sealed with it too (`store.sealing`).
"""
