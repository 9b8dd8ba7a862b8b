"""A backup taken under load is whole, and comes back only where nothing is lost by it."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from store import audit, backup, outbox, texts
from store.backup import Backup
from store.engine import Database
from store.errors import BackupRefused, BotAlreadyRuns, SchemaMismatch, StoreMissing
from store.outbox import Letter
from store.verification import verify
from tests.store.samples import AT, entry, record, unguarded

only_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Database]:
    """An address where there is no database yet."""
    (tmp_path / "other").mkdir()
    with closing(Database(f"sqlite:///{tmp_path}/other/rollout.db")) as opened:
        yield opened


def _records(database: Database) -> int:
    with database.reading() as connection:
        found = verify(connection)
    assert found.ok
    return found.records


@only_sqlite
def test_a_backup_comes_back_whole(database: Database, target: Database, tmp_path: Path) -> None:
    record(database, 5)
    with database.writing() as connection:
        words = texts.write(connection, "our words", None, AT).id
        outbox.put(connection, Letter("digest", "2026-W10", "C1", {"a": 1}, AT), AT)
        head = audit.head(connection)
    file = tmp_path / "copy.db"
    assert backup.take(database, file) == Backup(file, 5, head)
    assert target.file is not None
    assert backup.restore(target, file) == Backup(target.file, 5, head)
    with target.reading() as connection:
        assert texts.read(connection, [words]) == {words: "our words"}
        assert outbox.counts(connection)["pending"] == 1
    with target.writing() as connection:
        assert audit.append(connection, entry(6)).seq == 6


@only_sqlite
def test_a_backup_taken_under_load_holds_all_that_was_saved_before_it_began(
    database: Database, target: Database, tmp_path: Path
) -> None:
    record(database, 50)
    stop = threading.Event()

    def write() -> None:
        for number in count(1):
            if stop.is_set():
                return
            with database.writing() as connection:
                audit.append(connection, entry(number))

    with ThreadPoolExecutor(3) as threads:
        writers = [threads.submit(write) for _ in range(3)]
        try:
            for number in range(4):
                with database.reading() as connection:
                    saved = audit.head(connection).seq
                taken = backup.take(database, tmp_path / f"copy-{number}.db")
                assert taken.records >= saved
                restored = backup.restore(target, taken.file, force=True)
                assert (restored.records, _records(target)) == (taken.records, taken.records)
        finally:
            stop.set()
    assert [writer.result() for writer in writers] == [None] * 3
    assert _records(database) > 50


@only_sqlite
def test_only_the_owner_may_read_what_was_copied(database: Database, target: Database, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        taken = backup.take(database, tmp_path / "copy.db")
        restored = backup.restore(target, taken.file)
    finally:
        os.umask(before)
    modes = {oct(file.stat().st_mode & 0o777) for file in (taken.file, restored.file)}
    assert modes == {"0o600"}
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.db"]


@only_sqlite
def test_a_backup_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("something dear")
    with pytest.raises(BackupRefused, match="exists already"):
        backup.take(database, tmp_path / "copy.db")
    with pytest.raises(BackupRefused, match="its folder exists"):
        backup.take(database, tmp_path / "nowhere" / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "something dear"


def test_there_is_no_backup_of_what_is_not_there(target: Database, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        backup.take(target, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@only_sqlite
def test_a_restore_overwrites_only_when_told_to(database: Database, tmp_path: Path) -> None:
    record(database, 2)
    taken = backup.take(database, tmp_path / "copy.db")
    record(database, 3)
    with pytest.raises(BackupRefused, match="not empty, so nothing was restored"):
        backup.restore(database, taken.file)
    assert _records(database) == 5
    backup.restore(database, taken.file, force=True)
    assert _records(database) == 2


@only_sqlite
def test_a_restore_under_a_running_bot_is_refused(database: Database, tmp_path: Path) -> None:
    taken = backup.take(database, tmp_path / "copy.db")
    record(database, 1)
    with database.claim_as_bot(), pytest.raises(BotAlreadyRuns):
        backup.restore(database, taken.file, force=True)
    assert _records(database) == 1


@only_sqlite
def test_a_backup_whose_log_was_changed_is_refused(database: Database, target: Database, tmp_path: Path) -> None:
    record(database, 5)
    taken = backup.take(database, tmp_path / "copy.db")
    with closing(Database(f"sqlite:///{taken.file}")) as copy, copy.writing() as connection:
        unguarded(connection, "UPDATE audit SET subject = 'forged' WHERE seq = 3")
    with pytest.raises(BackupRefused, match="audit log is broken: Record 3 was changed"):
        backup.restore(target, taken.file)
    assert target.file is not None
    assert not target.file.exists()


@only_sqlite
def test_a_backup_with_rows_that_point_at_nothing_is_refused(
    database: Database, target: Database, tmp_path: Path
) -> None:
    taken = backup.take(database, tmp_path / "copy.db")
    with closing(sqlite3.connect(taken.file)) as copy:
        copy.execute("INSERT INTO texts (id, sha256, author, written_at) VALUES ('t', 'x', 'p_nobody', 'x')")
        copy.commit()
    with pytest.raises(BackupRefused, match="rows of texts point at nothing in people"):
        backup.restore(target, taken.file)


@only_sqlite
def test_a_damaged_backup_is_refused(database: Database, target: Database, tmp_path: Path) -> None:
    record(database, 200)
    taken = backup.take(database, tmp_path / "copy.db")
    pages = bytearray(taken.file.read_bytes())
    pages[len(pages) // 2 : len(pages) // 2 + 6000] = b"\xff" * 6000
    taken.file.write_bytes(pages)
    with pytest.raises(BackupRefused, match=r"[Dd]amaged|not a sound database|could not be copied"):
        backup.restore(target, taken.file)


@only_sqlite
def test_a_backup_of_a_newer_program_is_refused(database: Database, target: Database, tmp_path: Path) -> None:
    taken = backup.take(database, tmp_path / "copy.db")
    with closing(sqlite3.connect(taken.file)) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.commit()
    with pytest.raises(SchemaMismatch, match="The backup is at revision 9999, which this program does not know"):
        backup.restore(target, taken.file)


@pytest.mark.parametrize(("content", "why"), [(b"Dear Sir or Madam, " * 99, "could not be copied"), (b"", "no tables")])
def test_what_is_no_backup_is_refused(target: Database, tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "letter").write_bytes(content)
    with pytest.raises(BackupRefused, match=why):
        backup.restore(target, tmp_path / "letter")
    with pytest.raises(BackupRefused, match="There is no backup at"):
        backup.restore(target, tmp_path / "nowhere")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_on_postgresql_its_own_tools_are_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="use `pg_dump"):
        backup.take(database, tmp_path / "copy")
    with pytest.raises(BackupRefused, match="use `pg_restore"):
        backup.restore(database, tmp_path / "copy")
