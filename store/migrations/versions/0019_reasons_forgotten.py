"""Reasons of decisions can be forgotten, like the facts that they may tell; the chain then goes by their hash."""

import sqlalchemy as sa
from alembic import op

from store.types import Canonical

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SENTENCE = "A decision in the log is never changed or deleted; its facts and reasons may only be forgotten."
_ALLOWED = (
    "NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.batch = OLD.batch AND NEW.workflow_id = OLD.workflow_id"
    " AND NEW.action = OLD.action AND NEW.at = OLD.at AND NEW.principal_kind = OLD.principal_kind"
    " AND NEW.principal = OLD.principal AND NEW.through = OLD.through AND NEW.outcome = OLD.outcome"
    " AND NEW.codes = OLD.codes AND NEW.facts IS NULL AND (coalesce(NEW.reasons, '') = coalesce(OLD.reasons, '')"
    " OR (NEW.reasons IS NULL AND OLD.reasons_hash IS NOT NULL))"
    " AND coalesce(NEW.reasons_hash, '') = coalesce(OLD.reasons_hash, '')"
    " AND NEW.facts_hash = OLD.facts_hash AND NEW.kept_hash = OLD.kept_hash"
    " AND coalesce(NEW.grant_id, '') = coalesce(OLD.grant_id, '')"
    " AND coalesce(NEW.grant_hash, '') = coalesce(OLD.grant_hash, '')"
    " AND coalesce(NEW.reported_hash, '') = coalesce(OLD.reported_hash, '')"
    " AND coalesce(NEW.approval, '') = coalesce(OLD.approval, '') AND NEW.dry_run = OLD.dry_run"
)
_REFUSE = {
    "sqlite": f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END",
    "postgresql": f"EXECUTE FUNCTION refuse_change('{_SENTENCE}')",
}
_GUARDS = {
    "sqlite": {
        "no_update": f"BEFORE UPDATE ON decisions WHEN NOT ({_ALLOWED})",
        "no_delete": "BEFORE DELETE ON decisions",
        "no_replace": (
            "BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE seq = NEW.seq OR id = NEW.id)"
        ),
    },
    "postgresql": {
        "no_update": f"BEFORE UPDATE ON decisions FOR EACH ROW WHEN (NOT ({_ALLOWED}))",
        "no_delete": "BEFORE DELETE ON decisions FOR EACH ROW",
        "no_truncate": "BEFORE TRUNCATE ON decisions FOR EACH STATEMENT",
    },
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name in _GUARDS[dialect]:
        op.execute(f"DROP TRIGGER decisions_{name}{' ON decisions' if dialect == 'postgresql' else ''}")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.alter_column(
            "reasons",
            existing_type=Canonical(),
            nullable=True,
            comment="NULL once the retention is over; they may tell values of facts",
        )
        batch_op.add_column(
            sa.Column(
                "reasons_hash",
                sa.String(length=64),
                nullable=True,
                comment="SHA-256 of the reasons; NULL where the chain vouches for themselves, so that they stay",
            )
        )
    for name, when in _GUARDS[dialect].items():
        op.execute(f"CREATE TRIGGER decisions_{name} {when} {_REFUSE[dialect]}")
