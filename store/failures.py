"""Database errors as plain sentences: what happened, what became of the change, what to do next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from bot.domain.wording import capitalised
from store.errors import (
    ChangeRefused,
    Collision,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)

_FULL = "The disk that holds {place} is full; nothing was saved. Free some space and try again."
_READ_ONLY = (
    "{place} cannot be written (its file, folder or server is read-only); nothing was saved. "
    "Give this program the right to write there and try again."
)
_BUSY = "{place} was locked by another writer for too long; nothing was saved, try again."
_SLOW = "{place} took too long to answer; nothing was saved, try again."
_UNOPENED = "{place} cannot be opened; check that the file and its folder exist and may be read and written."
_DAMAGED = "{place} is damaged or not a database; restore a backup with `rollout db restore FILE`."
_DISK = "The disk that holds {place} reports an error; nothing was saved. Check the disk and try again."
_LOST = "The connection to {place} was lost; try again, and check that the database server runs."
_SHUT = "{place} cannot be reached; check that the database server runs and that the address is right."
_LOGIN = "{place} refuses the user name or the password; check ROLLOUT_DATABASE_URL."
_ABSENT = "{place} does not exist on its server; create it or correct ROLLOUT_DATABASE_URL."
_CROWDED = "{place} has no free connection; try again, or allow more connections on the server."
_CROSSED = "Two changes to {place} stood in each other's way; this one was not saved, try again."
_RIGHTS = "{place} does not let this user do that; give the user its rights on Rollout's tables."

_SQLITE: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreBusy, _BUSY),
    sqlite3.SQLITE_LOCKED: (StoreBusy, _BUSY),
    sqlite3.SQLITE_FULL: (StoreFull, _FULL),
    sqlite3.SQLITE_READONLY: (StoreReadOnly, _READ_ONLY),
    sqlite3.SQLITE_PERM: (StoreReadOnly, _READ_ONLY),
    sqlite3.SQLITE_CANTOPEN: (StoreReadOnly, _UNOPENED),
    sqlite3.SQLITE_IOERR: (StoreDamaged, _DISK),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, _DAMAGED),
    sqlite3.SQLITE_NOTADB: (StoreDamaged, _DAMAGED),
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; a class of two letters stands for all in it.
_POSTGRESQL: dict[str, tuple[type[StoreError], str]] = {
    "40": (Collision, _CROSSED),
    "55P03": (StoreBusy, _BUSY),
    "57014": (StoreBusy, _SLOW),
    "53100": (StoreFull, _FULL),
    "53300": (StoreUnreachable, _CROWDED),
    "25006": (StoreReadOnly, _READ_ONLY),
    "42501": (StoreReadOnly, _RIGHTS),
    "28": (StoreReadOnly, _LOGIN),
    "3D": (StoreReadOnly, _ABSENT),
    "08": (StoreUnreachable, _LOST),
    "57P": (StoreUnreachable, _LOST),
    "25P03": (StoreUnreachable, _LOST),
}


@contextmanager
def told_plainly(place: str) -> Iterator[None]:
    """Runs the block; what the database says against it comes out as a StoreError about `place`."""
    try:
        yield
    except exc.TimeoutError:
        raise StoreBusy(_CROWDED.format(place=place)) from None
    except exc.IntegrityError as error:
        # The server's own text quotes the row ("Key (handle)=(…) already exists"), so it is not passed on.
        raise ChangeRefused(_refusal(error)) from None
    except exc.DBAPIError as error:
        told = plainly(error, place)
        if told is None:
            raise
        raise told from error
    except exc.StatementError as error:
        if isinstance(error.orig, StoreError):
            raise error.orig from None
        raise


def plainly(error: exc.DBAPIError, place: str) -> StoreError | None:
    """The store's own error for one of the driver's, or None for a mistake in our SQL."""
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the primary code: https://www.sqlite.org/rescode.html
        found = _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    else:
        found = _of_server(getattr(error.orig, "sqlstate", None), lost=error.connection_invalidated)
        if found is None and isinstance(error, exc.OperationalError):
            found = _unconnected(str(error.orig))
    if found is None:
        return None
    kind, sentence = found
    text = sentence.format(place=place)
    return kind(capitalised(text))


def _of_server(state: str | None, *, lost: bool) -> tuple[type[StoreError], str] | None:
    if state is not None:
        for length in (5, 3, 2):
            if state[:length] in _POSTGRESQL:
                return _POSTGRESQL[state[:length]]
    return (StoreUnreachable, _LOST) if lost else None


def _unconnected(words: str) -> tuple[type[StoreError], str]:
    # A refused login carries no SQLSTATE in the client library, only the server's words.
    if "authentication failed" in words or "no password" in words or "role " in words:
        return (StoreReadOnly, _LOGIN)
    if "database " in words and "does not exist" in words:
        return (StoreReadOnly, _ABSENT)
    return (StoreUnreachable, _SHUT)


def _refusal(error: exc.IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is None:
        words = str(error.orig)
        own = words if words.endswith(".") else f"The database refused the change ({words})."
    elif getattr(error.orig, "sqlstate", None) == "23000":
        own = str(diagnosis.message_primary)
    else:
        own = f"The database refused the change (rule {diagnosis.constraint_name or diagnosis.column_name})."
    return own
