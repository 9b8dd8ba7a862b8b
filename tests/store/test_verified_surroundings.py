"""The walk along the log also looks at the texts that records vouch for, and at the guards themselves."""

import pytest
from sqlalchemy import text

from store import audit, texts
from store.audit import AuditEntry
from store.engine import Database
from store.verification import Verification, verify
from tests.store.samples import AT, entry, record, unguarded

_EMPTIED: dict[str, object] = {"digest_ids": []}


def _verify(database: Database) -> Verification:
    with database.reading() as connection:
        return verify(connection)


def _tamper(database: Database, *statements: str) -> None:
    with database.writing() as connection:
        unguarded(connection, *statements)


def _with_texts(database: Database) -> tuple[str, str]:
    """Two ids of texts that records 2 and 3 vouch for."""
    with database.writing() as connection:
        audit.append(connection, entry(1))
        stored = [texts.write(connection, body, None, AT) for body in ("no", "because of the audit")]
        for text_ in stored:
            audit.append(connection, AuditEntry(AT, AT, "human", "p_1", "slack", "made", "w", texts=(text_,)))
    return stored[0].id, stored[1].id


def test_erased_texts_are_counted_and_leave_the_log_whole(database: Database) -> None:
    first, _ = _with_texts(database)
    with database.writing() as connection:
        texts.erase(connection, [first])
        erasure = AuditEntry(AT, AT, "human", "p_admin", "slack", "person_erased", "p_1", details=_EMPTIED)
        audit.append(connection, erasure)
    found = _verify(database)
    assert (found.ok, found.records, found.erased_texts) == (True, 4, 1)


@pytest.mark.parametrize("erased", [(), ("p_2",)])
def test_words_that_went_without_their_author_are_a_fault(database: Database, erased: tuple[str, ...]) -> None:
    _, second = _with_texts(database)
    with database.writing() as connection:
        for person in erased:
            audit.append(
                connection, AuditEntry(AT, AT, "human", "p_admin", "slack", "person_erased", person, details=_EMPTIED)
            )
        texts.erase(connection, [second])
    found = _verify(database)
    assert (found.ok, found.first_broken) == (False, 3)
    assert f"Text {second} (record 3) lost its words" in str(found.why)


def test_words_that_came_after_an_erasure_may_not_go_with_it(database: Database) -> None:
    with database.writing() as connection:
        audit.append(
            connection, AuditEntry(AT, AT, "human", "p_admin", "slack", "person_erased", "p_1", details=_EMPTIED)
        )
    first, _ = _with_texts(database)
    with database.writing() as connection:
        texts.erase(connection, [first])
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE texts SET body = 'yes' WHERE id = '{id}'",
        "UPDATE texts SET nonce = NULL WHERE id = '{id}'",
        "UPDATE texts SET sha256 = 'forged' WHERE id = '{id}'",
        "UPDATE texts SET body = NULL, nonce = NULL, sha256 = 'forged' WHERE id = '{id}'",
        "DELETE FROM texts WHERE id = '{id}'",
        "UPDATE texts SET id = 't_other' WHERE id = '{id}'",
    ],
)
def test_a_text_that_is_not_what_a_record_vouches_for_is_named(database: Database, statement: str) -> None:
    _, second = _with_texts(database)
    _tamper(database, statement.format(id=second))
    found = _verify(database)
    assert (found.ok, found.first_broken) == (False, 3)
    assert second in str(found.why)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_text_that_cannot_be_read_is_told(database: Database) -> None:
    _, second = _with_texts(database)
    _tamper(database, f"UPDATE texts SET body = CAST(X'ff' AS TEXT) WHERE id = '{second}'")
    assert (_verify(database).ok, "bytes that are no text" in str(_verify(database).why)) == (False, True)


def test_a_text_exchanged_with_its_hash_is_named(database: Database) -> None:
    _, second = _with_texts(database)
    forged = texts.salted_hash("n", "other words")
    _tamper(database, f"UPDATE texts SET body = 'other words', nonce = 'n', sha256 = '{forged}' WHERE id = '{second}'")
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 3)


@pytest.mark.parametrize("trigger", ["audit_no_update", "audit_no_delete", "audit_head_no_update", "texts_no_delete"])
def test_a_guard_that_was_taken_away_is_named(database: Database, engine_name: str, trigger: str) -> None:
    record(database, 2)
    table = trigger.partition("_no_")[0]
    on_table = f" ON {table}" if engine_name == "postgresql" else ""
    with database.writing() as connection:
        connection.execute(text(f"DROP TRIGGER {trigger}{on_table}"))
    found = _verify(database)
    assert (found.ok, found.first_broken) == (False, None)
    assert f"its trigger {trigger} is missing, changed or switched off" in str(found.why)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_guard_that_refuses_nothing_is_named(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_replace")
        connection.exec_driver_sql("CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit BEGIN SELECT 1; END")
    assert "audit_no_replace" in str(_verify(database).why)


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE audit DISABLE TRIGGER audit_no_truncate",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER audit_no_truncate ON audit;; CREATE TRIGGER audit_no_truncate BEFORE UPDATE ON audit FOR EACH ROW"
        " WHEN (false) EXECUTE FUNCTION refuse_change('no')",
    ],
    ids=["switched off", "function emptied", "condition added"],
)
def test_a_guard_made_harmless_on_postgresql_is_named(database: Database, statement: str) -> None:
    with database.writing() as connection:
        for each in statement.split(";; "):
            connection.exec_driver_sql(each)
    assert "is missing, changed or switched off" in str(_verify(database).why)
