"""Where the demo may live: in databases that it made itself, and in none of anybody else's."""

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo import launch, making, premises
from bot.demo.cast import rollout_app
from bot.demo.premises import Premises, Standing
from bot.domain.errors import Refused, RolloutError, Unavailable
from bot.sandbox import memory
from store import Database
from store.migrating import upgrade
from tests.demo.conftest import rows
from tests.demo.promises import PROMISED, WEDNESDAY, promises


def start(url: str | None = None, *, fresh: bool = False, port: int | None = None) -> None:
    launch(port=port, at=WEDNESDAY, fresh=fresh, open_page=False, database_url=url)


def make(url: str) -> None:
    with closing(Premises.at(url)) as there:
        there.make(rollout_app(), WEDNESDAY)


def standing(url: str) -> Standing:
    with closing(Premises.at(url)) as there:
        return there.demand_ours()


def ordinary_sqlite(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE holidays (photo TEXT)")


def rollout_without_records(file: Path) -> None:
    with closing(Database(f"sqlite:///{file}")) as database:
        upgrade(database)


def words(file: Path) -> None:
    file.write_text("Dear diary, today nothing happened in the office at all.\n" * 40, "utf-8")


def folder(file: Path) -> None:
    file.mkdir()


FOREIGN = (ordinary_sqlite, rollout_without_records, words, folder)


@pytest.mark.parametrize("fresh", [False, True], ids=["going on", "--fresh"])
@pytest.mark.parametrize("put", FOREIGN)
def test_what_the_demo_did_not_make_is_refused_and_left_as_it_is(
    tmp_path: Path, put: Callable[[Path], None], fresh: bool
) -> None:
    file = tmp_path / "mine.db"
    put(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(Refused, match=r"mine\.db was not made by the demo.* --db"):
        start(f"sqlite:///{file}", fresh=fresh)
    assert (file.read_bytes() if file.is_file() else b"", sorted(tmp_path.iterdir())) == (before, [file])


def test_a_program_that_people_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/mine.db"
    monkeypatch.setattr(making, "CLAIM", "ana@laptop")
    make(url)
    with pytest.raises(Refused, match="was not made by the demo"):
        start(url, fresh=True)


def test_there_is_no_demo_in_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"There is no folder .*absent: make it"):
        start(f"sqlite:///{tmp_path}/absent/demo.db")


def test_a_port_that_was_asked_for_and_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"cannot listen at port {port} .*--port"):
            start(f"sqlite:///{tmp_path}/demo.db", port=port)


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "demo.db").touch()
    assert standing(f"sqlite:///{tmp_path}/demo.db") is Standing.NOTHING


def test_beginning_anew_leaves_one_program_and_nothing_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/demo.db"
    for _ in range(2):
        make(url)
    assert standing(url) is Standing.OURS
    assert rows(tmp_path / "demo.db", "SELECT count(*) FROM workflows") == [(6,)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["demo.db", "demo.db-workspace.jsonl"]
    assert memory.read(tmp_path / "demo.db-workspace.jsonl").messages


def test_a_beginning_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/demo.db"
    make(url)
    before = rows(tmp_path / "demo.db", "SELECT hash FROM audit")

    def fail(*_: object) -> None:
        raise Refused("The sample could not be made.")

    monkeypatch.setattr(premises, "make_program", fail)
    with pytest.raises(Refused, match="could not be made"):
        make(url)
    assert rows(tmp_path / "demo.db", "SELECT hash FROM audit") == before


@pytest.mark.parametrize("fresh", [False, True], ids=["going on", "--fresh"])
def test_two_demos_do_not_share_a_file(tmp_path: Path, fresh: bool) -> None:
    url = f"sqlite:///{tmp_path}/demo.db"
    make(url)
    with closing(Database(url)) as database, database.claim_as_bot(), pytest.raises(RolloutError, match="already runs"):
        start(url, fresh=fresh)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_on_a_server_the_demo_fills_an_empty_database_and_never_begins_anew(empty_url: str) -> None:
    with closing(Premises.at(empty_url)) as there:
        assert (there.demand_ours(), there.memory) == (Standing.NOTHING, None)
    make(empty_url)
    with closing(Premises.at(empty_url)) as there:
        assert (there.demand_ours(), promises(there.database, WEDNESDAY)) == (Standing.OURS, PROMISED)
    with pytest.raises(Refused, match="make an empty database"):
        start(empty_url, fresh=True)
