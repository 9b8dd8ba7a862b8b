"""What the store cannot do, each as a full sentence; `again` says whether trying once more may help."""

from bot.domain.errors import BadInput, Conflict, RolloutError, Unavailable


class StoreError(RolloutError):
    """The store could not do what it was asked."""

    again = False


class StoreUnavailable(StoreError, Unavailable):
    """The database cannot be used at this moment; nothing was saved."""


class StoreBusy(StoreUnavailable):
    """Another writer held the database for too long."""


class StoreFull(StoreUnavailable):
    """There is no space left for the database."""


class StoreReadOnly(StoreUnavailable):
    """The database may be read, but not written."""


class StoreMissing(StoreUnavailable):
    """There is no database where one was expected."""


class StoreReplaced(StoreUnavailable):
    """The database file was deleted or exchanged while it was in use."""


class StoreDamaged(StoreUnavailable):
    """The file is not a sound database."""


class StoreUnreachable(StoreUnavailable):
    """The database server does not answer, or the connection to it was lost."""

    again = True


class Collision(StoreUnavailable):
    """Two changes stood in each other's way; one of them was undone whole."""

    again = True


class Crossed(StoreError, Conflict):
    """Someone else changed the same row between the look at it and the write; nothing was saved."""


class ChangeRefused(StoreError):
    """A rule inside the database (a trigger, a check, a key) refused the change."""


class TextRefused(StoreError, BadInput):
    """A text holds something that not every database can keep."""


class AlreadyDone(StoreError, Conflict):
    """A request with this idempotency key was carried out before; nothing was changed now."""


class NestedWriting(StoreError):
    """One thread began to write while it was writing already."""


class BadDatabaseUrl(StoreError):
    """The address of the database cannot be used."""


class SchemaMismatch(StoreError):
    """The database's tables are older or newer than this program."""


class BotAlreadyRuns(StoreError):
    """Another bot process already runs on this SQLite file."""


class BackupRefused(StoreError):
    """A backup cannot be taken or restored as asked."""
