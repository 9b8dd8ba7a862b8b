"""Tables are brought up in one step or not at all, whoever is killed, and whoever else starts meanwhile."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, event, inspect, text
from sqlalchemy.exc import PendingRollbackError

from store.engine import Database
from store.errors import SchemaMismatch
from store.migrating import upgrade
from store.revisions import MIGRATIONS, demand_current, known, newest, revision
from store.tables import all_tables
from store.tables.search import WORDS
from store.verification import verify
from tests.store.samples import record
from tests.store.together import together

_SECOND = '''"""Rebuilds a table that others point at, and adds one."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("parents", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
    op.create_table(
        "children",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent", sa.Integer, sa.ForeignKey("parents.id", ondelete="CASCADE", name="fk_children_parent")),
    )
    op.execute("INSERT INTO parents VALUES (1, 'a'), (2, 'b')")
    op.execute("INSERT INTO children VALUES (1, 1), (2, 2), (3, 2)")
    with op.batch_alter_table("parents") as parents:
        parents.alter_column("name", nullable=False, existing_type=sa.String)
        parents.add_column(sa.Column("zone", sa.String, nullable=False, server_default="UTC"))
    {more}
'''


@pytest.fixture
def later_scripts(tmp_path: Path) -> Path:
    """The migrations with one more on top, as a later version of the program would have them."""
    return _scripts(tmp_path, "")


def _scripts(tmp_path: Path, more: str) -> Path:
    scripts = tmp_path / "migrations"
    (scripts / "versions").mkdir(parents=True)
    for file in (Path("env.py"), *(Path("versions") / each.name for each in (MIGRATIONS / "versions").glob("0*.py"))):
        (scripts / file).write_text((MIGRATIONS / file).read_text())
    later = f"{int(newest()) + 1:04}"
    second = _SECOND.format(revision=later, down=newest(), more=more)
    (scripts / "versions" / f"{later}_later.py").write_text(second)
    return scripts


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """A database without tables."""
    with closing(Database(empty_url)) as opened:
        yield opened


def _children(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(text("SELECT id FROM children ORDER BY id")))


def _is_no_index_of_words(name: str | None, *_: object) -> bool:
    """Whether it is anything but the full-text index, which each engine keeps in its own way."""
    return not (name or "").startswith(WORDS)


def test_the_migrated_tables_are_those_that_the_program_uses(database: Database) -> None:
    with database.rebuilding() as connection:
        asked = {"compare_type": True, "compare_server_default": True, "include_name": _is_no_index_of_words}
        context = MigrationContext.configure(connection, opts=asked)
        assert compare_metadata(context, all_tables()) == []


def test_the_migrated_tables_have_every_check(database: Database) -> None:
    wanted = {
        table.name: {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in all_tables().sorted_tables
    }
    with database.reading() as connection:
        inspector = inspect(connection)
        found = {table: {check["name"] for check in inspector.get_check_constraints(table)} for table in wanted}
    assert found == wanted


def test_the_guards_stand_after_the_migrations(database: Database) -> None:
    record(database, 1)
    with database.reading() as connection:
        assert verify(connection).ok


def test_the_names_of_the_files_are_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert ([each.revision for each in scripts.walk_revisions()][::-1], scripts.get_heads()) == (
        list(known()),
        [newest()],
    )


def test_an_empty_database_says_what_to_do_and_then_is_current(empty: Database) -> None:
    if empty.file is None:
        with pytest.raises(SchemaMismatch, match="holds no tables of Rollout yet"):
            demand_current(empty)
    assert (upgrade(empty), revision(empty)) == (newest(), newest())
    demand_current(empty)
    assert upgrade(empty) == newest()


def test_tables_older_than_the_program_are_refused(database: Database, later_scripts: Path) -> None:
    with pytest.raises(SchemaMismatch, match=f"at revision {newest()}, older than this program.*rollout db upgrade"):
        demand_current(database, later_scripts)


def test_tables_newer_than_the_program_are_refused_and_left_alone(database: Database, later_scripts: Path) -> None:
    later = upgrade(database, later_scripts)
    for act in (demand_current, upgrade):
        with pytest.raises(SchemaMismatch, match=f"at revision {later}, which this program does not know"):
            act(database)
    assert revision(database) == later


def test_rebuilding_a_table_loses_none_of_what_points_at_it(database: Database, later_scripts: Path) -> None:
    upgrade(database, later_scripts)
    assert _children(database) == [1, 2, 3]
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM parents WHERE id = 2")
    assert _children(database) == [1]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_migration_that_leaves_rows_pointing_at_nothing_is_undone(database: Database, tmp_path: Path) -> None:
    scripts = _scripts(tmp_path, 'op.execute("DELETE FROM parents WHERE id = 2")')
    with pytest.raises(SchemaMismatch, match="rows of children pointing at nothing in parents, so it was undone"):
        upgrade(database, scripts)
    assert revision(database) == newest()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_copy_is_kept_before_the_tables_change(database: Database, later_scripts: Path) -> None:
    record(database, 3)
    assert database.file is not None
    later = upgrade(database, later_scripts)
    kept = database.file.with_name(f"rollout.db-before-{later}")
    with closing(Database(f"sqlite:///{kept}")) as copy, copy.reading() as connection:
        assert (revision(copy), verify(connection).records) == (newest(), 3)
    assert oct(kept.stat().st_mode & 0o777) == "0o600"


class _Killed(BaseException):
    """Stands for the end of the process."""


@contextmanager
def _dying_at(database: Database, statement: int) -> Iterator[list[str]]:
    """Ends whatever is going on before the given statement is sent."""
    sent: list[str] = []

    def note(connection: Connection, cursor: object, words: str, *others: object) -> None:
        sent.append(words)
        if len(sent) == statement:
            raise _Killed

    engine = database._server.writer
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _rounds(database: Database, scripts: Path, step: int = 1) -> Iterator[int]:
    """Migrates over and over, dying `step` statements later each time, until it comes to its end."""
    for statement in count(1, step):
        with _dying_at(database, statement):
            try:
                upgrade(database, scripts)
            except (_Killed, PendingRollbackError):
                # The second comes from Alembic, which tidies up on a connection that is gone.
                yield statement
                continue
        return


def test_a_first_migration_killed_at_some_statement_leaves_nothing_and_completes_at_the_next_start(
    empty: Database,
) -> None:
    rounds = 0
    for statement in _rounds(empty, MIGRATIONS, step=7 if empty.file else 17):
        assert revision(empty) is None
        rounds = statement
    assert rounds > 300
    demand_current(empty)
    record(empty, 1)
    with empty.reading() as connection:
        assert verify(connection).ok


def test_a_later_migration_killed_at_any_statement_leaves_the_tables_as_they_were(
    database: Database, later_scripts: Path
) -> None:
    record(database, 2)
    rounds = 0
    for statement in _rounds(database, later_scripts, step=1 if database.file else 4):
        with database.reading() as connection:
            assert (revision(database), inspect(connection).has_table("parents")) == (newest(), False)
        rounds = statement
    assert rounds > 10
    assert _children(database) == [1, 2, 3]


_DIE = """
import os, sys
from sqlalchemy import event
from store.engine import Database
from store.migrating import upgrade

database = Database(sys.argv[1])

@event.listens_for(database._server.writer, "before_cursor_execute")
def die(connection, cursor, statement, *others):
    if "CREATE TABLE workflows" in statement:
        os.kill(os.getpid(), 9)

upgrade(database)
"""


def test_a_process_really_killed_leaves_a_database_that_the_next_one_completes(empty: Database, empty_url: str) -> None:
    died = subprocess.run([sys.executable, "-c", _DIE, empty_url], check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == -signal.SIGKILL
    assert revision(empty) is None
    upgrade(empty)
    demand_current(empty)


def test_of_four_replicas_that_start_at_once_one_migrates(empty_url: str) -> None:
    def start() -> None:
        with closing(Database(empty_url)) as replica:
            upgrade(replica)
            demand_current(replica)

    together([start] * 4)


_START = (
    "import sys; from store.engine import Database; from store.migrating import upgrade; upgrade(Database(sys.argv[1]))"
)


def test_of_two_processes_that_start_at_once_one_migrates(empty: Database, empty_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", _START, empty_url], cwd=Path(__file__).parents[2]) for _ in range(2)
    ]
    assert [each.wait(60) for each in started] == [0, 0]
    demand_current(empty)
