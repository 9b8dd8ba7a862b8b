"""What a commit waits for on SQLite: the disk, unless the file is one whose loss is no loss."""

from contextlib import closing
from pathlib import Path

import pytest

from store.engine import Database
from store.migrating import upgrade


@pytest.mark.parametrize(("is_durable", "waits"), [(True, 2), (False, 0)])
def test_only_what_is_made_up_does_not_wait_for_the_disk(is_durable: bool, waits: int, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'rollout.db'}", is_durable=is_durable)) as database:
        upgrade(database)
        for way in (database.reading, database.writing):
            with way() as connection:
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == waits
