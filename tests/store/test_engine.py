"""Reading and writing in whole transactions: what is saved, what is undone, and how trouble is told."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, func, select, text

from store.engine import Database
from store.errors import (
    BadDatabaseUrl,
    BotAlreadyRuns,
    ChangeRefused,
    Collision,
    NestedWriting,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    StoreReplaced,
    StoreUnreachable,
)
from store.failures import told_plainly
from store.tables.ledger import people
from tests.memory import quick_folder
from tests.postgres import Server
from tests.store.samples import AT
from tests.store.together import together

only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])
only_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"])


def _meet(connection: Connection, name: str) -> None:
    connection.execute(people.insert().values(id=name, handle=name, seen_at=AT))


def _count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(people)).scalar_one())


def test_what_was_written_together_is_saved_together_or_not_at_all(database: Database) -> None:
    with database.writing() as connection:
        _meet(connection, "ana")

    def fails(connection: Connection) -> None:
        _meet(connection, "rui")
        raise LookupError

    with pytest.raises(LookupError):
        database.retrying(fails)
    assert _count(database) == 1


def test_a_reading_sees_one_state_however_often_it_looks(database: Database) -> None:
    everyone = select(func.count()).select_from(people)
    with database.reading() as connection:
        before = connection.execute(everyone).scalar_one()
        with database.writing() as other:
            _meet(other, "ana")
        assert (before, connection.execute(everyone).scalar_one()) == (0, 0)
    assert _count(database) == 1


def test_a_reading_cannot_write(database: Database) -> None:
    with pytest.raises(StoreReadOnly, match="cannot be written"), database.reading() as connection:
        _meet(connection, "ana")
    assert _count(database) == 0


def test_a_broken_rule_is_told_without_the_row_that_broke_it(database: Database) -> None:
    with database.writing() as connection:
        _meet(connection, "canary")
    with pytest.raises(ChangeRefused) as refusal, database.writing() as connection:
        _meet(connection, "canary")
    assert "database refused the change" in str(refusal.value)
    assert "canary" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_errors_do_not_quote_the_values_of_a_statement(database: Database) -> None:
    with pytest.raises(Exception, match="nowhere") as error, database.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "canary"})
    assert "canary" not in str(error.value)


def test_no_empty_database_is_made_by_looking_for_one(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/nowhere.db")) as absent:
        for opened in (absent.reading(), absent.writing()):
            with pytest.raises(StoreMissing, match="rollout db upgrade"), opened:
                pass
    assert list(tmp_path.iterdir()) == []


@only_sqlite
def test_a_thread_that_writes_may_not_begin_again(database: Database) -> None:
    with database.writing(), pytest.raises(NestedWriting), database.writing():
        pass


def test_eight_threads_write_without_one_being_turned_away(database: Database) -> None:
    def write(thread: int) -> None:
        for number in range(25):
            with database.writing() as connection:
                _meet(connection, f"{thread}-{number}")

    together([partial(write, thread) for thread in range(8)])
    assert _count(database) == 200


@only_postgresql
def test_a_lock_held_for_too_long_is_told_plainly(database: Database) -> None:
    with database.writing() as connection:
        _meet(connection, "ana")
        connection.execute(text("LOCK TABLE people"))
        with database.writing() as other:
            other.execute(text("SET LOCAL lock_timeout = '10ms'"))
            with pytest.raises(StoreBusy, match="nothing was saved, try again"), told_plainly(database.place):
                _meet(other, "rui")


@only_postgresql
def test_a_collision_between_serializable_changes_is_told_as_one(database: Database) -> None:
    with pytest.raises(Collision, match="stood in each other's way"), database.writing() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'could not serialize' USING ERRCODE = 'serialization_failure'; END $$"
        )


@only_postgresql
@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"])
def test_every_connection_has_limits(database: Database, setting: str) -> None:
    limits = {
        "lock_timeout": "2s",
        "statement_timeout": "10s",
        "idle_in_transaction_session_timeout": "30s",
    }
    for opened in (database.reading(), database.writing()):
        with opened as connection:
            assert connection.execute(text(f"SHOW {setting}")).scalar_one() == limits[setting]


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    unreachable = Database("postgresql://rollout:canary@127.0.0.1:1/rollout")
    with pytest.raises(StoreUnreachable, match="cannot be reached") as error, unreachable.reading():
        pass
    assert "canary" not in f"{error.value} {error.value.__cause__}"
    assert "postgresql://rollout:***@127.0.0.1:1/rollout" in str(error.value)


def test_a_database_that_is_not_on_the_server_is_told_plainly(postgres: Server) -> None:
    absent = Database(postgres.url("nowhere"))
    with pytest.raises(StoreReadOnly, match="does not exist on its server"), absent.reading():
        pass


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://root:canary@127.0.0.1/x", "kind mysql are not supported"),
        ("canary", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(url: str, why: str) -> None:
    with pytest.raises(BadDatabaseUrl, match=why) as error:
        Database(url)
    assert "canary" not in str(error.value)


@only_sqlite
def test_a_sqlite_database_is_opened_safely(database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1}
    with database.writing() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
    assert found == wanted


@only_sqlite
def test_another_process_that_writes_for_too_long_is_told_plainly(database_url: str) -> None:
    with closing(Database(database_url, wait_s=0.05)) as patient:
        with closing(sqlite3.connect(str(patient.file), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="nothing was saved, try again"), patient.writing():
                pass
            other.execute("COMMIT")
        with patient.writing() as connection:
            _meet(connection, "ana")
        assert _count(patient) == 1


@only_sqlite
def test_a_full_disk_refuses_the_change_and_lets_one_read_on(database: Database) -> None:
    with database.writing() as connection:
        _meet(connection, "ana")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreFull, match="Free some space"), database.writing() as connection:
        _meet(connection, "r" * 100_000)
    assert _count(database) == 1
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        _meet(connection, "rui")
    assert _count(database) == 2


@contextmanager
def _as_nobody() -> Iterator[None]:
    """A while without the rights of root, who may write to anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@only_sqlite
def test_a_file_that_may_only_be_read_is_told_plainly(database_url: str, tmp_path: Path) -> None:
    everyones = quick_folder() or Path(tempfile.gettempdir())
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(everyones) and folder != everyones:
            folder.chmod(0o755)
    with closing(Database(database_url)) as closed, closed.reading():
        pass
    (tmp_path / "rollout.db").chmod(0o444)
    opened = Database(database_url)
    with _as_nobody(), pytest.raises(StoreReadOnly, match=r"rollout\.db"), opened.writing() as connection:
        _meet(connection, "ana")
    opened.close()


@only_sqlite
@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_file_that_is_not_the_same_any_more_is_noticed(database: Database, what: str) -> None:
    assert database.file is not None
    assert _count(database) == 0
    kept = database.file.read_bytes()
    database.file.rename(database.file.with_name("elsewhere"))
    if what == "replaced":
        database.file.write_bytes(kept)
    for opened in (database.reading(), database.writing(), database.rebuilding()):
        with pytest.raises(StoreReplaced, match="nothing more is saved"), opened:
            pass
    assert database.file.exists() == (what == "replaced")


def test_a_file_that_is_no_database_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    letter = Database(f"sqlite:///{tmp_path}/letter.db")
    with pytest.raises(StoreDamaged, match="not a database"), letter.reading():
        pass


@only_sqlite
def test_only_the_owner_may_read_the_files(database_url: str, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/new.db")) as fresh:
        with fresh.rebuilding() as connection:
            connection.exec_driver_sql("CREATE TABLE x (y)")
        modes = {file.name: oct(file.stat().st_mode & 0o777) for file in tmp_path.glob("new.db*")}
    assert modes == {"new.db": "0o600", "new.db-wal": "0o600", "new.db-shm": "0o600"}


@only_sqlite
def test_a_second_bot_on_one_file_is_refused_and_the_command_line_is_not(database_url: str) -> None:
    with closing(Database(database_url)) as first, closing(Database(database_url)) as second:
        with first.claim_as_bot():
            with pytest.raises(BotAlreadyRuns, match=f"process {os.getpid()}"), second.claim_as_bot():
                pass
            with second.writing() as connection:
                _meet(connection, "ana")
        with second.claim_as_bot():
            assert _count(first) == 1


@only_postgresql
def test_several_bots_may_share_one_server(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    with closing(first), closing(second), first.claim_as_bot(), second.claim_as_bot():
        assert _count(first) == _count(second) == 0


def test_each_error_is_a_sentence_that_says_what_to_do(database: Database) -> None:
    with pytest.raises(StoreError) as error, database.reading() as connection:
        _meet(connection, "ana")
    assert str(error.value)[0].isupper()
    assert str(error.value).endswith(".")


def test_a_glance_sees_what_was_committed_last_and_nothing_of_what_was_not(database: Database) -> None:
    query = select(people.c.handle, people.c.id).where(people.c.id == bindparam("name"))
    with database.writing() as connection:
        connection.execute(people.insert().values(id="p_ana", handle="UANA", seen_at=AT))
        assert database.glance(query, name="p_ana") is None
    assert database.glance(query, name="p_ana") == ("UANA", "p_ana")
    assert database.glance(query, name="p_bo") is None


def test_a_glance_for_what_no_database_can_hold_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match="NUL"):
        database.glance(select(people.c.id).where(people.c.id == bindparam("name")), name="a\0b")
