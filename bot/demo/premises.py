"""Where a demo lives: a database that the demo made itself, and beside it what its workspace remembers."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.demo.cast import company
from bot.demo.conversation import conversation
from bot.demo.making import CLAIM, make_program
from bot.domain.errors import Refused, Unavailable
from bot.domain.wording import capitalised
from bot.sandbox import memory
from bot.sandbox.memory import Remembered
from bot.sandbox.slack_app import SlackApp
from store import Database, audit
from store.errors import StoreDamaged
from store.migrating import upgrade
from store.revisions import revision_in

DATABASE_URL = "sqlite:///rollout-demo.db"


class Standing(Enum):
    """What there is at the address of a database."""

    NOTHING = auto()
    OURS = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Premises:
    """A demo's database, and the file of its workspace's memory (None where the database is no file)."""

    url: str
    database: Database

    @classmethod
    def at(cls, url: str | None) -> "Premises":
        """The premises at a database's address, in the current folder where there is none."""
        return cls(url or DATABASE_URL, Database(url or DATABASE_URL))

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()

    @property
    def memory(self) -> Path | None:
        """The file in which the workspace keeps what was said."""
        file = self.database.file
        return file.with_name(f"{file.name}-workspace.jsonl") if file else None

    @property
    def remembered(self) -> Remembered:
        """What the workspace remembers from before."""
        return memory.read(self.memory) if self.memory else Remembered()

    @property
    def reached(self) -> datetime | None:
        """The latest instant that anything here belongs to; a clock must not go behind it."""
        with self.database.reading() as connection:
            latest = [datetime.fromisoformat(str(record["effective_at"])) for record in audit.export(connection)]
        said = self.remembered.latest
        return max([*latest, *([said] if said else [])], default=None)

    def demand_ours(self) -> Standing:
        """NOTHING or OURS; a refusal where somebody else's data are, which the demo never touches."""
        standing = self._standing()
        if standing is Standing.FOREIGN:
            raise Refused(
                f"{capitalised(self.database.place)} was not made by the demo, so the demo leaves it alone: "
                "name another one with --db, such as sqlite:///another-demo.db."
            )
        return standing

    def _standing(self) -> Standing:
        file = self.database.file
        if file is not None and (not file.exists() or (file.is_file() and not file.stat().st_size)):
            return Standing.NOTHING
        if file is not None and not file.is_file():
            return Standing.FOREIGN
        try:
            with self.database.reading() as connection:
                if revision_in(connection) is None:
                    return Standing.NOTHING if file is None else Standing.FOREIGN
                first = next(audit.export(connection), None)
        except StoreDamaged:
            return Standing.FOREIGN
        return Standing.OURS if first and first["claimed"] == CLAIM else Standing.FOREIGN

    def make(self, app: SlackApp, at: datetime) -> None:
        """The sample program, in place of the one that was here; a kill on the way leaves what was here before.

        Look at the database through new Premises afterwards: these here know the file that was.
        """
        cast = company(app, at)
        file = self.database.file
        if file is None:
            upgrade(self.database)
            make_program(self.database, cast, at)
            return
        assert self.memory
        self.database.close()
        with _folder_beside(file) as folder:
            with closing(Database(f"sqlite:///{folder / file.name}")) as fresh:
                upgrade(fresh)
                make_program(fresh, cast, at)
            for rest in ("-wal", "-shm"):
                file.with_name(file.name + rest).unlink(missing_ok=True)
            os.replace(folder / file.name, file)
        memory.write(self.memory, Remembered(messages=conversation(cast.team_id, at)))


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    # In the same folder, since a file can be put in another's place at once only within one file system.
    try:
        with TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise Unavailable(
            f"The demo cannot write in {file.parent} ({error.strerror or error}): "
            "start it in a folder of yours, or name a file with --db."
        ) from error


def demand_folder(file: Path | None) -> None:
    """Nothing; a refusal where a database's folder does not exist."""
    if file is not None and not file.parent.is_dir():
        raise Unavailable(f"There is no folder {file.parent}: make it, or name another file with --db.")
