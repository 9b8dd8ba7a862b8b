"""Backups of a SQLite database while it is in use, and their return."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from store.audit import Head
from store.engine import Database
from store.errors import BackupRefused
from store.revisions import demand_known, revision_in
from store.verification import Verification, verify


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was taken or put back: where it lies, and the head to which its audit log is whole."""

    file: Path
    records: int
    head: Head


def take(database: Database, target: Path) -> Backup:
    """A whole copy of the database in a new file that only its owner may read; writers go on meanwhile."""
    source = _file_of(database, "pg_dump --format=custom --file=FILE")
    with database.reading():
        pass
    if target.exists():
        raise BackupRefused(f"{target} exists already; name a file that does not, nothing was overwritten.")
    copy_aside(source, target)
    found = _demand_sound(target)
    return Backup(target, found.records, found.head)


def restore(database: Database, source: Path, *, force: bool = False) -> Backup:
    """What was put back: the database's whole content is now that of `source`.

    The copy is first checked (pages, references, audit chain, revision). A database that holds anything is
    overwritten only with `force`, and never while a bot runs on it.
    """
    target = _file_of(database, "pg_restore --clean --dbname=URL FILE")
    if not source.is_file():
        raise BackupRefused(f"There is no backup at {source}; check the name of the file.")
    with _fresh_beside(target) as copy:
        _copy(source, copy)
        found = _demand_sound(copy)
        with database.claim_as_bot():
            if not force and _holds_anything(target):
                raise BackupRefused(
                    f"{target} is not empty, so nothing was restored; move it away, or restore with --force "
                    "to replace all that it holds."
                )
            _new_private(target, fresh=not target.exists())
            _copy(copy, target)
    return Backup(target, found.records, found.head)


def copy_aside(source: Path, target: Path) -> None:
    """Copies a database, as of one moment, to a file that only its owner may read; replaces that file."""
    with _fresh_beside(target) as copy:
        try:
            with closing(_open(source, "rw")) as connection:
                connection.execute("VACUUM INTO ?", (str(copy),))
        except sqlite3.Error as error:
            raise BackupRefused(
                f"{source} could not be copied to {target} ({error}); check the space and the rights there."
            ) from error
        _force_to_disk(copy)
        os.replace(copy, target)
        _force_to_disk(target.absolute().parent)


def _file_of(database: Database, instead: str) -> Path:
    if database.file is None:
        raise BackupRefused(
            f"For {database.place}, backup and restore are done by PostgreSQL's own tools; use `{instead}`."
        )
    return database.file


def _demand_sound(file: Path) -> Verification:
    """What verifying its audit log found; refuses a file that is damaged, broken or from a newer program."""
    try:
        with closing(_open(file, "ro")) as connection:
            damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise BackupRefused(f"The backup is not a sound database ({error}); use another one.") from error
    if damage != "ok" or astray is not None:
        what = damage if damage != "ok" else f"rows of {astray[0]} point at nothing in {astray[2]}"
        raise BackupRefused(f"The backup is damaged ({what}); use another one.")
    return _demand_verified(file)


def _demand_verified(file: Path) -> Verification:
    copy = Database(f"sqlite:///{file}")
    try:
        with copy.reading() as connection:
            found = revision_in(connection)
            if found is None:
                raise BackupRefused("The backup holds no tables of Rollout; use another file.")
            demand_known(found, "the backup")
            verification = verify(connection)
    finally:
        copy.close()
    if not verification.ok:
        raise BackupRefused(f"The backup's audit log is broken: {verification.why} Use another backup.")
    return verification


def _holds_anything(file: Path) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    try:
        with closing(_open(file, "rw")) as connection:
            return connection.execute("SELECT name FROM sqlite_master").fetchone() is not None
    except sqlite3.Error:
        return True


def _copy(source: Path, target: Path) -> None:
    """Copies page by page in one transaction: others who have the target open see all of it, or nothing."""
    try:
        with closing(_open(source, "rw")) as old, closing(_open(target, "rw")) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise BackupRefused(
            f"{source} could not be copied to {target} ({error}); nothing was changed. Check that both are "
            "databases, that there is space, and that no other program uses them."
        ) from error


@contextmanager
def _fresh_beside(target: Path) -> Iterator[Path]:
    copy = target.with_name(f"{target.name}-{os.getpid()}.part")
    _new_private(copy, fresh=True)
    try:
        yield copy
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                os.unlink(f"{copy}{suffix}")


def _new_private(file: Path, *, fresh: bool) -> None:
    if not fresh:
        return
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise BackupRefused(
            f"{file} cannot be made ({error.strerror}); check that its folder exists and may be written."
        ) from None


def _force_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode={mode}", uri=True, timeout=5.0)
