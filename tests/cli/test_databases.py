"""The database behind the command line: made where something is written, asked for where something is read."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.revisions import newest
from tests.cli.conftest import Rollout

READING = ("status", "checklist x", "requests", "team list", "audit verify", "audit export", "db backup b.db")
ADD = "team add Support --channel C1 --lead ULEAD --timezone UTC"


@pytest.mark.parametrize("line", READING)
def test_who_reads_where_there_is_no_database_is_told_how_to_make_one(
    anywhere: Rollout, tmp_path: Path, line: str
) -> None:
    refused = anywhere(line)
    assert (refused.status, refused.out, refused.err) == (
        1,
        "",
        f"There is no database at {tmp_path}/rollout.db yet; make it with `rollout db upgrade`.\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_reads_an_empty_server_is_told_how_to_make_the_tables(anywhere: Rollout, empty_url: str) -> None:
    refused = anywhere(f"status --db {empty_url}")
    assert (refused.status, "make them with `rollout db upgrade`" in refused.err) == (1, True)


def test_who_writes_first_makes_the_database_and_says_so_once(anywhere: Rollout, empty_url: str) -> None:
    first = anywhere(f"{ADD} --db {empty_url}")
    second = anywhere(f"team add Sales --channel C2 --lead ULEAD --timezone UTC --db {empty_url}")
    assert (first.status, second.status, second.err) == (0, 0, "")
    assert first.err.startswith("There was none yet, so it was made: the database")


def test_the_database_of_the_environment_gives_way_to_the_one_named(
    anywhere: Rollout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ROLLOUT_DATABASE_URL", "sqlite:///env.db")
    anywhere(f"--db sqlite:///before.db {ADD}")
    anywhere(f"{ADD} --db sqlite:///after.db")
    anywhere(ADD)
    anywhere(f"--db sqlite:///before.db {ADD} --db sqlite:///both.db")
    assert {file.name for file in tmp_path.glob("*.db")} == {"before.db", "after.db", "env.db", "both.db"}


def test_upgrading_answers_with_the_revision_however_often(anywhere: Rollout, empty_url: str) -> None:
    for _ in range(2):
        assert anywhere(f"db upgrade --db {empty_url}").answer == {"revision": newest()}
    assert anywhere(f"audit verify --db {empty_url}").answer == {
        "ok": True,
        "records": 0,
        "erased_texts": 0,
        "first_broken": None,
        "why": None,
        "head": {"seq": 0, "hash": "0" * 64},
    }


def test_tables_of_a_newer_version_are_left_alone(anywhere: Rollout) -> None:
    anywhere("db upgrade")
    with closing(sqlite3.connect("rollout.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for line in ("status", ADD, "db upgrade"):
        refused = anywhere(line)
        assert (refused.status, "a newer version made it" in refused.err) == (1, True)


def test_a_file_that_is_no_database_is_named(anywhere: Rollout, tmp_path: Path) -> None:
    (tmp_path / "rollout.db").write_text("These are the accounts of 2019, not a database at all. " * 40)
    refused = anywhere("status")
    assert (refused.status, f"The database file {tmp_path}/rollout.db is damaged or not a database" in refused.err) == (
        1,
        True,
    )


def test_a_server_that_does_not_answer_is_named_without_the_password(anywhere: Rollout) -> None:
    refused = anywhere("status --db postgresql://ana:hidden@127.0.0.1:1/rollout")
    assert (refused.status, refused.out, "hidden" in refused.err) == (1, "", False)


def test_a_broken_log_is_named_by_its_first_broken_record(anywhere: Rollout) -> None:
    anywhere(ADD)
    anywhere("team add Sales --channel C2 --lead ULEAD --timezone UTC")
    with closing(sqlite3.connect("rollout.db")) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit SET subject = 'team_other' WHERE seq = 1")
    broken = anywhere("audit verify")
    assert (broken.status, broken.answer["ok"], broken.answer["first_broken"]) == (1, False, 1)
    assert broken.err == f"The audit log is broken: {broken.answer['why']}\n"


def test_a_head_noted_elsewhere_is_held_against_the_log(anywhere: Rollout) -> None:
    anywhere(ADD)
    head = anywhere("audit verify").answer["head"]
    assert anywhere(f"audit verify --head {head['seq']}:{head['hash']}").status == 0
    other = anywhere(f"audit verify --head 1:{'0' * 64}")
    assert (other.status, other.answer["first_broken"]) == (1, 1)


def test_a_backup_is_never_written_over(anywhere: Rollout) -> None:
    anywhere(ADD)
    anywhere("db backup monday.db")
    refused = anywhere("db backup monday.db")
    assert (refused.status, refused.err) == (
        1,
        "monday.db exists already; name a file that does not, nothing was overwritten.\n",
    )


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_server_is_saved_by_its_own_tools(anywhere: Rollout, database_url: str) -> None:
    refused = anywhere(f"db backup monday.dump --db {database_url}")
    assert (refused.status, "pg_dump" in refused.err) == (1, True)


def test_all_problems_of_the_settings_come_at_once(anywhere: Rollout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_TIMEZONE", "Lisbon")
    monkeypatch.setenv("ROLLOUT_ADMINS", "ana")
    refused = anywhere("status")
    assert (refused.status, refused.out) == (2, "")
    assert ["ROLLOUT_ADMINS" in refused.err, "ROLLOUT_TIMEZONE" in refused.err] == [True, True]
