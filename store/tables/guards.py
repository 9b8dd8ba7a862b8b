"""Triggers by which the database itself refuses to change what must stay, on SQLite and PostgreSQL."""

from dataclasses import dataclass

FUNCTION = "refuse_change"

FUNCTION_BODY = """
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """What the database refuses on one table.

    `keys` are its unique columns: INSERT OR REPLACE could overwrite a row through each of them.
    `allowed` is a condition on OLD and NEW, in words of both engines, under which an UPDATE may pass.
    """

    table: str
    keys: tuple[str, ...]
    sentence: str
    allowed: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger of a guard, with the statement that makes it."""

    name: str
    table: str
    sql: str


GUARDS = (
    Guard(
        table="audit",
        keys=("seq", "hash"),
        sentence="The audit log is never changed or deleted; record what is right as a new entry.",
    ),
    Guard(
        table="audit_head",
        keys=("id",),
        sentence="The head of the audit log only moves on by one record at a time.",
        allowed="NEW.id = OLD.id AND NEW.seq = OLD.seq + 1",
    ),
    Guard(
        table="texts",
        keys=("id",),
        sentence="A stored text is never changed or deleted; its words may only be erased.",
        allowed=(
            "NEW.id = OLD.id AND NEW.sha256 = OLD.sha256 AND NEW.written_at = OLD.written_at"
            " AND coalesce(NEW.author, '') = coalesce(OLD.author, '')"
            " AND NEW.body IS NULL AND NEW.nonce IS NULL"
        ),
    ),
    Guard(
        table="memos",
        keys=("id", "supersedes"),
        sentence="A filed memo is never changed or deleted; file a new one that supersedes it.",
    ),
    Guard(
        table="document_versions",
        keys=("id",),
        sentence="A version of a document is never changed or deleted; write the next one.",
    ),
    Guard(
        table="policy_versions",
        keys=("id",),
        sentence="A version of a policy is never changed or deleted; write the next one.",
    ),
    Guard(
        table="verdicts",
        keys=("id",),
        sentence="A gate's verdict is never changed or deleted; judge the gate again.",
    ),
    Guard(
        table="decisions",
        keys=("seq", "id"),
        sentence="A decision in the log is never changed or deleted; its facts and reasons may only be forgotten.",
        allowed=(
            "NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.batch = OLD.batch AND NEW.workflow_id = OLD.workflow_id"
            " AND NEW.action = OLD.action AND NEW.at = OLD.at AND NEW.principal_kind = OLD.principal_kind"
            " AND NEW.principal = OLD.principal AND NEW.through = OLD.through AND NEW.outcome = OLD.outcome"
            " AND NEW.codes = OLD.codes AND NEW.facts IS NULL"
            " AND (coalesce(NEW.reasons, '') = coalesce(OLD.reasons, '')"
            " OR (NEW.reasons IS NULL AND OLD.reasons_hash IS NOT NULL))"
            " AND coalesce(NEW.reasons_hash, '') = coalesce(OLD.reasons_hash, '')"
            " AND NEW.facts_hash = OLD.facts_hash AND NEW.kept_hash = OLD.kept_hash"
            " AND coalesce(NEW.grant_id, '') = coalesce(OLD.grant_id, '')"
            " AND coalesce(NEW.grant_hash, '') = coalesce(OLD.grant_hash, '')"
            " AND coalesce(NEW.reported_hash, '') = coalesce(OLD.reported_hash, '')"
            " AND coalesce(NEW.approval, '') = coalesce(OLD.approval, '') AND NEW.dry_run = OLD.dry_run"
        ),
    ),
)
"""Every guarded table. A migration keeps its own copy of the statements; `verify` compares with these."""


def sqlite_triggers(guard: Guard) -> tuple[Trigger, ...]:
    """The triggers of one guard for SQLite."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_quoted(guard.sentence)}'); END"
    when = f" WHEN NOT ({guard.allowed})" if guard.allowed else ""
    taken = " OR ".join(f"{key} = NEW.{key}" for key in guard.keys)
    replaces = f" WHEN EXISTS (SELECT 1 FROM {guard.table} WHERE {taken})"
    return tuple(
        Trigger(name, guard.table, f"CREATE TRIGGER {name} BEFORE {act} ON {guard.table}{condition} {refuse}")
        for name, act, condition in (
            (f"{guard.table}_no_update", "UPDATE", when),
            (f"{guard.table}_no_delete", "DELETE", ""),
            (f"{guard.table}_no_replace", "INSERT", replaces),
        )
    )


def postgresql_triggers(guard: Guard) -> tuple[Trigger, ...]:
    """The triggers of one guard for PostgreSQL; they call the function of `postgresql_function`."""
    refuse = f"EXECUTE FUNCTION {FUNCTION}('{_quoted(guard.sentence)}')"
    when = f"WHEN (NOT ({guard.allowed})) " if guard.allowed else ""
    return tuple(
        Trigger(name, guard.table, f"CREATE TRIGGER {name} BEFORE {act} ON {guard.table} {scope} {refuse}")
        for name, act, scope in (
            (f"{guard.table}_no_update", "UPDATE", f"FOR EACH ROW {when}".rstrip()),
            (f"{guard.table}_no_delete", "DELETE", "FOR EACH ROW"),
            (f"{guard.table}_no_truncate", "TRUNCATE", "FOR EACH STATEMENT"),
        )
    )


def postgresql_function() -> str:
    """The statement that makes the function which all PostgreSQL triggers of the guards call."""
    return f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard${FUNCTION_BODY}$guard$"


def statements(dialect: str) -> tuple[str, ...]:
    """Every statement that puts the guards up on a database of that dialect."""
    if dialect == "postgresql":
        made = (trigger.sql for guard in GUARDS for trigger in postgresql_triggers(guard))
        return (postgresql_function(), *made)
    return tuple(trigger.sql for guard in GUARDS for trigger in sqlite_triggers(guard))


def _quoted(sentence: str) -> str:
    return sentence.replace("'", "''")
