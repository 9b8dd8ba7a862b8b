"""When a request lapses is kept with it; decisions are guarded, and those to be forgotten are found by an index."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_REQUESTS = sa.table("requests", sa.column("id"), sa.column("asked_at", Instant()), sa.column("lapses_at", Instant()))


def upgrade() -> None:
    _keep_when_requests_lapse()
    remembered = sa.text("facts IS NOT NULL")
    for table, at in (("decisions", "at"), ("questions", "asked_at")):
        op.create_index(
            f"{table}_with_facts",
            table,
            ["grant_id", at],
            unique=False,
            sqlite_where=remembered,
            postgresql_where=remembered,
        )
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _keep_when_requests_lapse() -> None:
    """Until now every request lapsed after seven days, whatever its playbook said."""
    kept: sa.Column[object] = sa.Column(
        "lapses_at", Instant(), nullable=True, comment="by the playbook that held when it was made"
    )
    op.add_column("requests", kept)
    asked = op.get_bind().execute(sa.select(_REQUESTS.c.id, _REQUESTS.c.asked_at)).all()
    for row in asked:
        lapses_at = row.asked_at + timedelta(days=7)
        op.execute(sa.update(_REQUESTS).where(_REQUESTS.c.id == row.id).values(lapses_at=lapses_at))
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.alter_column("lapses_at", existing_type=Instant(), nullable=False)


_GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions WHEN NOT (NEW.seq = OLD.seq "
            "AND NEW.id = OLD.id AND NEW.batch = OLD.batch AND NEW.workflow_id = OLD.workflow_id AND "
            "NEW.action = OLD.action AND NEW.at = OLD.at AND NEW.principal_kind = OLD.principal_kind "
            "AND NEW.principal = OLD.principal AND NEW.through = OLD.through AND NEW.outcome = "
            "OLD.outcome AND NEW.codes = OLD.codes AND NEW.reasons = OLD.reasons AND NEW.facts IS NULL "
            "AND NEW.facts_hash = OLD.facts_hash AND NEW.kept_hash = OLD.kept_hash AND "
            "coalesce(NEW.grant_id, '') = coalesce(OLD.grant_id, '') AND coalesce(NEW.grant_hash, '') = "
            "coalesce(OLD.grant_hash, '') AND coalesce(NEW.reported_hash, '') = "
            "coalesce(OLD.reported_hash, '') AND coalesce(NEW.approval, '') = coalesce(OLD.approval, "
            "'') AND NEW.dry_run = OLD.dry_run) BEGIN SELECT RAISE(ABORT, 'A decision in the log is "
            "never changed or deleted; its facts may only be forgotten.'); END"
        ),
        (
            "CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'A "
            "decision in the log is never changed or deleted; its facts may only be forgotten.'); END"
        ),
        (
            "CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM "
            "decisions WHERE seq = NEW.seq OR id = NEW.id) BEGIN SELECT RAISE(ABORT, 'A decision in the "
            "log is never changed or deleted; its facts may only be forgotten.'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions FOR EACH ROW WHEN (NOT "
            "(NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.batch = OLD.batch AND NEW.workflow_id = "
            "OLD.workflow_id AND NEW.action = OLD.action AND NEW.at = OLD.at AND NEW.principal_kind = "
            "OLD.principal_kind AND NEW.principal = OLD.principal AND NEW.through = OLD.through AND "
            "NEW.outcome = OLD.outcome AND NEW.codes = OLD.codes AND NEW.reasons = OLD.reasons AND "
            "NEW.facts IS NULL AND NEW.facts_hash = OLD.facts_hash AND NEW.kept_hash = OLD.kept_hash "
            "AND coalesce(NEW.grant_id, '') = coalesce(OLD.grant_id, '') AND coalesce(NEW.grant_hash, "
            "'') = coalesce(OLD.grant_hash, '') AND coalesce(NEW.reported_hash, '') = "
            "coalesce(OLD.reported_hash, '') AND coalesce(NEW.approval, '') = coalesce(OLD.approval, "
            "'') AND NEW.dry_run = OLD.dry_run)) EXECUTE FUNCTION refuse_change('A decision in the log "
            "is never changed or deleted; its facts may only be forgotten.')"
        ),
        (
            "CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions FOR EACH ROW EXECUTE "
            "FUNCTION refuse_change('A decision in the log is never changed or deleted; its facts may "
            "only be forgotten.')"
        ),
        (
            "CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change('A decision in the log is never changed or deleted; its "
            "facts may only be forgotten.')"
        ),
    ),
}
