"""Which tables a database has, and whether this program knows them; needs no migration tool."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.domain.wording import capitalised
from store.engine import Database
from store.errors import SchemaMismatch

MIGRATIONS = Path(__file__).parent / "migrations"


def newest(scripts: Path = MIGRATIONS) -> str:
    """The revision that this program needs."""
    return known(scripts)[-1]


def known(scripts: Path = MIGRATIONS) -> tuple[str, ...]:
    """Every revision that this program can bring a database to, oldest first.

    A migration's file is named for its revision: `0001_first.py` makes revision 0001.
    """
    return tuple(sorted(script.name.partition("_")[0] for script in (scripts / "versions").glob("[0-9]*.py")))


def revision(database: Database) -> str | None:
    """The revision of the database's tables; None when it holds none of ours."""
    with database.reading() as connection:
        return revision_in(connection)


def revision_in(connection: Connection) -> str | None:
    """The revision of the tables that this connection sees; None when there are none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def demand_current(database: Database, scripts: Path = MIGRATIONS) -> None:
    """Nothing; SchemaMismatch says whether the database is empty, older or newer than this program."""
    found = revision(database)
    demand_known(found, database.place, scripts)
    if found is None:
        raise SchemaMismatch(
            f"{capitalised(database.place)} holds no tables of Rollout yet; make them with `rollout db upgrade`."
        )
    if found != newest(scripts):
        raise SchemaMismatch(
            f"{capitalised(database.place)} is at revision {found}, older than this program, which needs "
            f"{newest(scripts)}; bring it up with `rollout db upgrade`."
        )


def demand_known(found: str | None, place: str, scripts: Path = MIGRATIONS) -> None:
    """Nothing; SchemaMismatch when `found` is a revision of a newer program than this."""
    if found is not None and found not in known(scripts):
        raise SchemaMismatch(
            f"{capitalised(place)} is at revision {found}, which this program does not know (its newest is "
            f"{newest(scripts)}): a newer version made it. Run that version instead."
        )
