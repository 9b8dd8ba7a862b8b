"""The database itself refuses to change the log, on both engines, whoever asks in SQL."""

import pytest
from sqlalchemy import text

from store import texts
from store.engine import Database
from store.errors import ChangeRefused
from tests.store.samples import AT, record

_LOG = "The audit log is never changed or deleted; record what is right as a new entry."
_HEAD = "The head of the audit log only moves on by one record at a time."
_TEXT = "A stored text is never changed or deleted; its words may only be erased."

_COPY = (
    "SELECT seq, real_at, effective_at, principal_kind, 'p_forged', claimed, through, fact, fact_version, subject,"
    " details, prev_hash, hash FROM audit WHERE seq = 2"
)

_ON_BOTH = [
    ("UPDATE audit SET principal = 'p_forged' WHERE seq = 2", _LOG),
    ("UPDATE audit SET seq = 9 WHERE seq = 2", _LOG),
    ("DELETE FROM audit WHERE seq = 3", _LOG),
    ("DELETE FROM audit", _LOG),
    (f"INSERT INTO audit {_COPY} ON CONFLICT (seq) DO UPDATE SET principal = 'p_forged'", _LOG),
    (f"INSERT INTO audit {_COPY} ON CONFLICT (hash) DO UPDATE SET principal = 'p_forged'", _LOG),
    ("UPDATE audit_head SET seq = 1", _HEAD),
    ("UPDATE audit_head SET hash = 'forged'", _HEAD),
    ("DELETE FROM audit_head", _HEAD),
    ("UPDATE texts SET body = 'other words'", _TEXT),
    ("UPDATE texts SET body = NULL", _TEXT),
    ("UPDATE texts SET body = NULL, nonce = NULL, sha256 = 'forged'", _TEXT),
    ("UPDATE texts SET body = NULL, nonce = NULL, author = 'p_forged'", _TEXT),
    ("DELETE FROM texts", _TEXT),
]
_ON_SQLITE = [
    (f"INSERT OR REPLACE INTO audit {_COPY}", _LOG),
    (f"REPLACE INTO audit {_COPY}", _LOG),
    (f"REPLACE INTO audit {_COPY.replace('seq, real_at', '17, real_at')}", _LOG),
    ("UPDATE OR REPLACE audit SET seq = 1 WHERE seq = 2", _LOG),
    ("REPLACE INTO audit_head VALUES (1, 0, 'forged')", _HEAD),
    ("REPLACE INTO texts (id, sha256, body, written_at) SELECT id, sha256, 'x', written_at FROM texts", _TEXT),
]
_ON_POSTGRESQL = [
    ("TRUNCATE audit", _LOG),
    ("TRUNCATE audit, audit_head CASCADE", _LOG),
    ("TRUNCATE audit_head", _HEAD),
    ("TRUNCATE texts CASCADE", _TEXT),
]
_TABLES = ("audit", "audit_head", "texts")


def _content(database: Database) -> list[list[tuple[object, ...]]]:
    with database.reading() as connection:
        return [[tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))] for table in _TABLES]


def _demand_refused(database: Database, statement: str, sentence: str) -> None:
    record(database, 3)
    with database.writing() as connection:
        texts.write(connection, "our words", None, AT)
    before = _content(database)
    with pytest.raises(ChangeRefused) as refusal, database.writing() as connection:
        connection.execute(text(statement))
    assert (str(refusal.value), _content(database)) == (sentence, before)


@pytest.mark.parametrize(("statement", "sentence"), _ON_BOTH, ids=[each for each, _ in _ON_BOTH])
def test_the_database_refuses(database: Database, statement: str, sentence: str) -> None:
    _demand_refused(database, statement, sentence)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(("statement", "sentence"), _ON_SQLITE, ids=[each for each, _ in _ON_SQLITE])
def test_sqlite_refuses_to_replace(database: Database, statement: str, sentence: str) -> None:
    _demand_refused(database, statement, sentence)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(("statement", "sentence"), _ON_SQLITE, ids=[each for each, _ in _ON_SQLITE])
def test_sqlite_refuses_to_replace_for_programs_that_do_not_ask_for_triggers(
    database: Database, statement: str, sentence: str
) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
    _demand_refused(database, statement, sentence)


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize(("statement", "sentence"), _ON_POSTGRESQL, ids=[each for each, _ in _ON_POSTGRESQL])
def test_postgresql_refuses_to_truncate(database: Database, statement: str, sentence: str) -> None:
    _demand_refused(database, statement, sentence)


def test_words_and_nonce_may_go_together_and_only_that(database: Database) -> None:
    with database.writing() as connection:
        stored = texts.write(connection, "our words", None, AT)
        texts.write(connection, "others", None, AT)
        assert texts.erase(connection, [stored.id]) == 1
    with database.reading() as connection:
        kept = connection.execute(text("SELECT sha256, nonce, body FROM texts WHERE body IS NULL")).one()
    assert tuple(kept) == (stored.sha256, None, None)
