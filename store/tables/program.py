"""The program's own tables: teams, workflows, roles, items, proofs and requests as they stand now."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy import text as sql

from store.tables import metadata
from store.tables.ledger import people, texts
from store.types import Instant

teams = Table(
    "teams",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False, unique=True, comment="the name folded, so that Support is support"),
    Column("channel", String, unique=True, comment="Slack channel id"),
    Column("lead", ForeignKey(people.c.id), nullable=False),
    Column("zone", String, nullable=False, comment="IANA time zone"),
    Column("hours", String, nullable=False, comment="working hours, as 9-18"),
    Column("digest_since", Instant, comment="since when it has a Monday digest of its own; NULL without"),
    Column("version", Integer, nullable=False),
)

team_approvers = Table(
    "team_approvers",
    metadata,
    Column("team_id", ForeignKey(teams.c.id), primary_key=True),
    Column("person", ForeignKey(people.c.id), primary_key=True),
    Column("place", Integer, nullable=False, comment="the order in which they are asked"),
)

playbook_texts = Table(
    "playbook_texts",
    metadata,
    Column("hash", String, primary_key=True, comment="SHA-256 of the canonical content"),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
)

workflows = Table(
    "workflows",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("purpose", ForeignKey(texts.c.id), nullable=False),
    Column("team_id", ForeignKey(teams.c.id), nullable=False, index=True),
    Column("playbook_hash", ForeignKey(playbook_texts.c.hash), nullable=False),
    Column("phase", String, nullable=False),
    Column("phase_since", Instant, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("domain", String, nullable=False),
    Column("paused_on", Date, comment="local date on which the clock stopped; NULL while it runs"),
    Column("paused_at", Instant),
    Column("paused_by", ForeignKey(people.c.id)),
    Column("pause_reason", ForeignKey(texts.c.id)),
    Column("paused_days", Integer, nullable=False, comment="days of finished pauses"),
    Column("outcome", String, comment="how it ended; NULL while it runs"),
    Column("closed_at", Instant),
    Column("close_reason", ForeignKey(texts.c.id)),
    Column("started_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("workflow_id", ForeignKey(workflows.c.id), primary_key=True),
    Column("role", String, primary_key=True),
    Column("person", ForeignKey(people.c.id), primary_key=True),
    Column("since", Instant, nullable=False),
    Index("one_holder_a_role", "workflow_id", "role", unique=True, sqlite_where=sql("role <> 'reviewer'"),
          postgresql_where=sql("role <> 'reviewer'")),
    Index("roles_of_a_person", "person"),
)  # fmt: skip

evidence = Table(
    "evidence",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("item", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("text_id", ForeignKey(texts.c.id), nullable=False),
    Column("given_by", ForeignKey(people.c.id), nullable=False),
    Column("given_at", Instant, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("workflow_id", ForeignKey(workflows.c.id), primary_key=True),
    Column("item", String, primary_key=True, comment="its id in the playbook, with #2, #3 … where it recurs"),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_by", ForeignKey(people.c.id), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("assignee", ForeignKey(people.c.id)),
    Column("note", ForeignKey(texts.c.id)),
    Column("until", Date, comment="when a skip ends"),
    Column("evidence_id", ForeignKey(evidence.c.id)),
    Column("before_state", String, comment="what restore gives back"),
    Column("before_until", Date),
    Column("before_evidence_id", ForeignKey(evidence.c.id)),
    Column("before_note", ForeignKey(texts.c.id)),
    Index("items_of_an_assignee", "assignee"),
)

proofs = Table(
    "proofs",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("kind", String, nullable=False, comment="a done_when of the playbook"),
    Column("seen_at", Instant, nullable=False),
    Column("summary", ForeignKey(texts.c.id), nullable=False),
    Column("url", ForeignKey(texts.c.id)),
)

requests = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("workflow_id", ForeignKey(workflows.c.id), nullable=False, index=True),
    Column("item", String),
    Column("terms", Text, nullable=False, comment="what it would change, as canonical JSON"),
    Column("reason", ForeignKey(texts.c.id), comment="NULL where the verdict of a gate is reason enough"),
    Column("asked_by", ForeignKey(people.c.id), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("lapses_at", Instant, nullable=False, comment="by the playbook that held when it was made"),
    Column("state", String, nullable=False),
    Column("escalated", Integer, nullable=False, comment="0, 1 or 2: after how many working days more were asked"),
    Column("decided_by", ForeignKey(people.c.id)),
    Column("decided_at", Instant),
    Column("because", String),
    Column("answer", ForeignKey(texts.c.id)),
    CheckConstraint("state NOT IN ('approved', 'declined') OR decided_by <> asked_by", name="never_ones_own"),
    Index("requests_waiting", "workflow_id", sqlite_where=sql("state = 'waiting'"),
          postgresql_where=sql("state = 'waiting'")),
)  # fmt: skip
