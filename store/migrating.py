"""Bringing a database's tables up to this program: all steps in one transaction, or none.

Migrations lead up only, and so define no `downgrade`: a step back would have to make up what the older tables held.
Whoever wants to go back restores what was kept before: the copy beside a SQLite file, or a dump of PostgreSQL.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from store.backup import copy_aside
from store.engine import Database
from store.errors import SchemaMismatch, StoreMissing
from store.revisions import MIGRATIONS, demand_known, newest, revision, revision_in

# Any number will do as long as all replicas use the same: "ROLL" in ASCII.
_LOCK = 0x524F4C4C

_PATIENCE = (
    "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
)


def upgrade(database: Database, scripts: Path = MIGRATIONS) -> str:
    """The revision at which the database now is, with every migration applied that it lacked.

    A process killed on the way leaves the database as it was; of several that start at once, one migrates
    and the others find it done. A SQLite file with older tables is first copied to `FILE-before-REVISION`.
    """
    _keep_copy(database, scripts)
    with database.rebuilding() as connection:
        _wait_for_others(connection)
        demand_known(revision_in(connection), database.place, scripts)
        command.upgrade(_config(connection, scripts), "head")
        _demand_whole(connection)
    return newest(scripts)


def _config(connection: Connection, scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _keep_copy(database: Database, scripts: Path) -> None:
    try:
        found = revision(database)
    except StoreMissing:
        return
    demand_known(found, database.place, scripts)
    if database.file is not None and found not in {None, newest(scripts)}:
        copy_aside(database.file, database.file.with_name(f"{database.file.name}-before-{newest(scripts)}"))


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_PATIENCE)
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _demand_whole(connection: Connection) -> None:
    """Nothing; foreign keys were off on SQLite, so what a rebuilt table lost shows only here."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise SchemaMismatch(
            f"The migration would leave rows of {lost[0]} pointing at nothing in {lost[2]}, so it was "
            "undone. Run the version that was in use before, and report this."
        )
