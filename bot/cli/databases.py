"""`rollout db`: the tables, backups and their return."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show

if TYPE_CHECKING:
    from store.backup import Backup

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The database: migrated, saved, restored.")

BackupFile = Annotated[str, typer.Argument(metavar="FILE", help="The backup's file.")]


@command(app, "upgrade")
def upgrade(call: Call) -> None:
    """Make the tables, or bring them up to this version."""
    from bot.cli.desk import database_of, settings_of
    from store.migrating import upgrade as migrate

    with database_of(settings_of(call)) as database:
        show({"revision": migrate(database)})


@command(app, "backup")
def backup(call: Call, file: BackupFile) -> None:
    """Copy the database to a new file while it is in use."""
    from bot.cli.desk import database_of, settings_of
    from store.backup import take

    with database_of(settings_of(call)) as database:
        _show(take(database, Path(file)))


@command(app, "restore")
def restore(
    call: Call,
    file: BackupFile,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace all that the database holds.")] = False,
) -> None:
    """Put a backup back, once it has been checked; no bot may run meanwhile."""
    from bot.cli.desk import database_of, settings_of
    from store.backup import restore as put_back

    with database_of(settings_of(call)) as database:
        _show(put_back(database, Path(file), force=force))


def _show(found: "Backup") -> None:
    show({"file": str(found.file), "records": found.records, "head": {"seq": found.head.seq, "hash": found.head.hash}})
