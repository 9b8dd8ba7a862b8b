"""A request runs once, a captured one never again, and a lease has one holder."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from store import idempotency, leases, people, replay
from store.engine import Database
from store.errors import AlreadyDone
from store.tables.ledger import idempotency as keys
from store.tables.ledger import leases as leased
from store.tables.ledger import replayed
from tests.store.samples import AT
from tests.store.together import together


def test_a_key_of_a_change_that_failed_is_free_again(database: Database) -> None:
    def fails(connection: Connection) -> None:
        idempotency.claim(connection, "k", AT)
        raise LookupError

    with pytest.raises(LookupError):
        database.retrying(fails)
    with database.writing() as connection:
        idempotency.claim(connection, "k", AT)


def test_a_claimed_key_is_done_for_everyone_after(database: Database) -> None:
    with database.writing() as connection:
        idempotency.claim(connection, "k", AT)
    with pytest.raises(AlreadyDone, match="done already"), database.writing() as connection:
        idempotency.claim(connection, "k", AT)


def test_twenty_clicks_at_once_have_one_effect(database: Database) -> None:
    effects: list[str] = []
    told: list[str] = []

    def click() -> None:
        def change(connection: Connection) -> None:
            idempotency.claim(connection, "click", AT)
            effects.append(people.known(connection, "U1", AT))

        try:
            database.retrying(change)
        except AlreadyDone as done:
            told.append(str(done))

    together([click] * 20)
    assert (len(effects), len(told)) == (1, 19)


def test_keys_are_kept_for_seven_days(database: Database) -> None:
    with database.writing() as connection:
        idempotency.claim(connection, "old", AT - timedelta(days=7, seconds=1))
        idempotency.claim(connection, "young", AT - timedelta(days=7))
        assert idempotency.prune(connection, AT) == 1
        assert connection.scalars(select(keys.c.key)).all() == ["young"]


def test_a_signature_is_new_once_in_ten_minutes(database: Database) -> None:
    times = [timedelta(), timedelta(seconds=60), timedelta(seconds=299), timedelta(minutes=10, seconds=1)]
    with database.writing() as connection:
        news = [replay.remember(connection, {"sig": AT + later}) for later in times]
        assert news == [{"sig"}, frozenset(), frozenset(), {"sig"}]
        assert replay.remember(connection, {"other": AT, "sig": AT}) == {"other"}


def test_a_request_replayed_to_all_replicas_at_once_is_new_to_one(database: Database) -> None:
    fresh: list[bool] = []

    def receive() -> None:
        with database.writing() as connection:
            fresh.append(bool(replay.remember(connection, {"sig": AT})))

    together([receive] * 8)
    assert sorted(fresh) == [False] * 7 + [True]


def test_old_signatures_are_let_go(database: Database) -> None:
    with database.writing() as connection:
        replay.remember(connection, {"sig": AT})
        assert replay.prune(connection, AT + timedelta(minutes=10)) == 0
        assert replay.prune(connection, AT + timedelta(minutes=11)) == 1
        assert connection.execute(select(func.count()).select_from(replayed)).scalar_one() == 0


def _run_out(database: Database, name: str) -> None:
    with database.writing() as connection:
        past = leases.database_now(connection) - timedelta(seconds=1)
        connection.execute(leased.update().where(leased.c.name == name).values(until=past))


def test_a_lease_has_one_holder_until_it_runs_out(database: Database) -> None:
    with database.writing() as connection:
        assert leases.take(connection, "sweep", "one", 60) == 1
        assert leases.take(connection, "sweep", "two", 60) is None
        assert leases.take(connection, "sweep", "one", 60) == 1
        assert leases.take(connection, "other", "two", 60) == 1
    _run_out(database, "sweep")
    with database.writing() as connection:
        assert leases.take(connection, "sweep", "two", 60) == 2
        assert leases.take(connection, "sweep", "one", 60) is None


def test_a_lease_can_be_given_back_by_its_holder_alone(database: Database) -> None:
    with database.writing() as connection:
        fence = leases.take(connection, "sweep", "one", 60)
        assert fence is not None
        assert not leases.give_back(connection, "sweep", fence + 1)
        assert leases.give_back(connection, "sweep", fence)
        assert leases.take(connection, "sweep", "two", 60) == 2


def test_a_lease_raced_for_has_one_holder(database: Database) -> None:
    fences: list[int | None] = []

    def take(owner: str) -> None:
        with database.writing() as connection:
            fences.append(leases.take(connection, "sweep", owner, 60))

    together([partial(take, f"w{number}") for number in range(8)])
    assert sorted(fences, key=str) == [1] + [None] * 7
