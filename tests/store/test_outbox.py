"""What must be told is claimed by one worker at a time, and settled only by whoever claimed it last."""

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.people import Told
from store import outbox
from store.engine import Database
from store.leases import database_now
from store.outbox import Letter, Posting
from store.tables.ledger import outbox as letters
from tests.store.samples import AT
from tests.store.together import together

LEASE_S = 120


def _letter(key: str, not_before: datetime = AT) -> Letter:
    return Letter("card", key, "C1", {"text": f"about {key}"}, not_before)


def _put(database: Database, *keys: str) -> None:
    with database.writing() as connection:
        for place, key in enumerate(keys):
            assert outbox.put(connection, _letter(key, AT + timedelta(seconds=place)), AT) is not None


def _claim(database: Database, owner: str = "one", now: datetime = AT + timedelta(hours=1)) -> Posting | None:
    with database.writing() as connection:
        return outbox.claim(connection, owner, now, LEASE_S)


def _claimed(database: Database, owner: str = "one") -> Posting:
    posting = _claim(database, owner)
    assert posting is not None
    return posting


def _find(database: Database, key: str) -> Posting:
    with database.reading() as connection:
        posting = outbox.find(connection, key)
    assert posting is not None
    return posting


def _run_out(database: Database, key: str) -> None:
    """Lets a lease run out, as if its time had passed."""
    with database.writing() as connection:
        past = database_now(connection) - timedelta(seconds=1)
        connection.execute(letters.update().where(letters.c.dedupe_key == key).values(lease_until=past))


def test_a_letter_is_put_once_whoever_puts_it_again(database: Database) -> None:
    with database.writing() as connection:
        first = outbox.put(connection, _letter("digest/leaders/2026-W10"), AT)
        again = outbox.put(connection, _letter("digest/leaders/2026-W10"), AT + timedelta(days=1))
        counts = outbox.counts(connection)
    assert (first is None, again, counts["pending"], sum(counts.values())) == (False, None, 1, 1)


def test_a_claimed_letter_comes_whole(database: Database) -> None:
    _put(database, "a")
    found = _claimed(database, "worker-1")
    assert found.lease_until is not None
    with database.reading() as connection:
        left = found.lease_until - database_now(connection)
    assert timedelta(seconds=LEASE_S - 60) < left <= timedelta(seconds=LEASE_S)
    assert found == Posting(
        id=found.id,
        kind="card",
        dedupe_key="a",
        target="C1",
        body={"text": "about a"},
        state="sending",
        not_before=AT,
        lease_until=found.lease_until,
        owner="worker-1",
        fence=1,
        attempt=1,
        first_at=AT + timedelta(hours=1),
        begun_at=None,
        result_channel=None,
        result_ts=None,
        error=None,
        created_at=AT,
    )


def test_what_the_use_cases_want_told_is_put_as_it_is(database: Database) -> None:
    told = Told("request_made", "U1", (("request", "r_1"), ("workflow", "w_1")), "request/r_1")
    with database.writing() as connection:
        outbox.tell(connection, told, AT)
    found = _find(database, "request/r_1")
    assert (found.kind, found.target, found.body, found.not_before) == (
        "request_made",
        "U1",
        {"request": "r_1", "workflow": "w_1"},
        AT,
    )


def test_letters_come_in_the_order_in_which_they_are_due_and_not_before(database: Database) -> None:
    _put(database, "first", "second", "third")
    keys = [_claim(database, now=AT + timedelta(seconds=1)) for _ in range(3)]
    assert [each.dedupe_key if each else None for each in keys] == ["first", "second", None]


def test_a_claimed_letter_is_nobody_elses_until_its_lease_runs_out(database: Database) -> None:
    _put(database, "a")
    first = _claimed(database, "one")
    assert _claim(database, "two", now=AT + timedelta(days=365)) is None
    _run_out(database, "a")
    second = _claimed(database, "two")
    assert (second.id, second.fence, second.attempt, second.owner) == (first.id, 2, 2, "two")
    assert second.first_at == first.first_at


def test_who_lost_the_fence_can_settle_nothing(database: Database) -> None:
    _put(database, "a")
    slow = _claimed(database, "slow")
    _run_out(database, "a")
    quick = _claimed(database, "quick")
    with database.writing() as connection:
        assert outbox.begin(connection, slow, AT, LEASE_S) is None
        assert not outbox.mark_posted(connection, slow, "C1", "1.1")
        assert not outbox.back_off(connection, slow, AT, "no")
        assert not outbox.hold(connection, slow, "no")
        assert not outbox.bury(connection, slow, "no")
        assert outbox.mark_posted(connection, quick, "C1", "2.2")
    with database.writing() as connection:
        assert not outbox.mark_posted(connection, quick, "C1", "3.3")
    found = _find(database, "a")
    assert (found.state, found.result_channel, found.result_ts, found.owner) == ("posted", "C1", "2.2", None)


def test_a_lease_can_be_renewed_by_its_holder(database: Database) -> None:
    _put(database, "a")
    claimed = _claimed(database)
    _run_out(database, "a")
    with database.writing() as connection:
        renewed = outbox.begin(connection, claimed, AT, LEASE_S)
    assert renewed is not None
    assert (renewed.fence, _claim(database, "two")) == (claimed.fence, None)


def test_a_letter_that_was_certainly_not_posted_waits_and_is_tried_again(database: Database) -> None:
    _put(database, "a")
    later = AT + timedelta(hours=3)
    with database.writing() as connection:
        claimed = outbox.claim(connection, "one", AT, LEASE_S)
        assert claimed is not None
        assert outbox.back_off(connection, claimed, later, "Slack asked us to wait.")
    found = _find(database, "a")
    assert (found.state, found.not_before, found.error) == ("pending", later, "Slack asked us to wait.")
    assert _claim(database, now=later - timedelta(seconds=1)) is None
    again = _claim(database, now=later)
    assert again is not None
    assert (again.attempt, again.first_at) == (2, AT)


@pytest.mark.parametrize(
    ("settle", "state"),
    [(outbox.hold, "held"), (outbox.miss, "missed"), (outbox.skip, "skipped"), (outbox.bury, "dead")],
)
def test_a_letter_that_is_not_sent_keeps_the_reason(database: Database, settle: object, state: str) -> None:
    _put(database, "a")
    with database.writing() as connection:
        claimed = outbox.claim(connection, "one", AT, LEASE_S)
        assert callable(settle)
        assert settle(connection, claimed, "The bot is not in #refunds.")
    found = _find(database, "a")
    assert (found.state, found.error, _claim(database)) == (state, "The bot is not in #refunds.", None)


def test_a_person_decides_about_what_is_held(database: Database) -> None:
    _put(database, "a", "b", "c")
    with database.writing() as connection:
        for _ in range(2):
            claimed = outbox.claim(connection, "one", AT + timedelta(hours=1), LEASE_S)
            assert claimed is not None
            outbox.hold(connection, claimed, "Is it there?")
    ids = {key: _find(database, key).id for key in ("a", "b", "c")}
    with database.writing() as connection:
        assert outbox.confirm_held(connection, ids["a"], "C1", "1.1")
        assert outbox.release_held(connection, ids["b"], AT)
        assert not outbox.release_held(connection, ids["c"], AT)
        assert not outbox.confirm_held(connection, ids["c"], "C1", "1.1")
    states = {key: _find(database, key).state for key in ids}
    assert states == {"a": "posted", "b": "pending", "c": "pending"}


def test_the_counts_name_every_state(database: Database) -> None:
    _put(database, "a", "b", "c")
    posted = _claimed(database)
    _claimed(database)
    with database.writing() as connection:
        outbox.mark_posted(connection, posted, "C1", "1.1")
    with database.reading() as connection:
        assert outbox.counts(connection) == {
            "pending": 1,
            "sending": 1,
            "posted": 1,
            "held": 0,
            "missed": 0,
            "skipped": 0,
            "dead": 0,
        }


def test_the_longest_wait_is_known(database: Database) -> None:
    with database.reading() as connection:
        assert outbox.oldest_due(connection, AT) is None
    _put(database, "a", "b")
    with database.reading() as connection:
        assert outbox.oldest_due(connection, AT + timedelta(days=1)) == AT
        assert outbox.oldest_due(connection, AT - timedelta(seconds=1)) is None


def test_what_was_posted_can_be_forgotten_and_is_still_never_sent_again(database: Database) -> None:
    _put(database, "a", "b")
    with database.writing() as connection:
        claimed = outbox.claim(connection, "one", AT, LEASE_S)
        assert claimed is not None
        outbox.mark_posted(connection, claimed, "C1", "1.1")
        assert outbox.forget(connection, AT + timedelta(days=400)) == 1
        assert outbox.put(connection, _letter("a"), AT) is None
    assert (_find(database, "a").body, _find(database, "b").body) == (None, {"text": "about b"})


def test_letters_raced_for_by_eight_workers_are_claimed_once_each(database: Database) -> None:
    keys = [f"k{number}" for number in range(40)]
    _put(database, *keys)
    claimed: list[str] = []

    def work(owner: str) -> None:
        while (posting := _claim(database, owner)) is not None:
            claimed.append(posting.dedupe_key)
            with database.writing() as connection:
                assert outbox.mark_posted(connection, posting, "C1", owner)

    together([partial(work, f"w{number}") for number in range(8)])
    assert Counter(claimed) == Counter(keys)


_WORK = """
import sys
from datetime import UTC, datetime
from store import outbox
from store.engine import Database

database = Database(sys.argv[1])
while True:
    with database.writing() as connection:
        claimed = outbox.claim(connection, sys.argv[2], datetime(2026, 3, 3, tzinfo=UTC), 120)
    if claimed is None:
        break
    print(claimed.dedupe_key)
"""


def test_letters_raced_for_by_three_processes_are_claimed_once_each(database: Database, database_url: str) -> None:
    keys = [f"k{number}" for number in range(60)]
    _put(database, *keys)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORK, database_url, f"w{number}"],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    claimed = [key for worker in workers for key in worker.communicate(timeout=60)[0].split()]
    assert (Counter(claimed), [worker.returncode for worker in workers]) == (Counter(keys), [0, 0, 0])


def test_a_letter_put_by_eight_threads_at_once_stands_once(database: Database) -> None:
    made: list[str | None] = []

    def put() -> None:
        with database.writing() as connection:
            made.append(outbox.put(connection, _letter("one"), AT))

    together([put] * 8)
    assert (len(made), sum(each is not None for each in made)) == (8, 1)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_worker_does_not_wait_for_what_another_is_just_claiming(database: Database) -> None:
    _put(database, "a", "b")
    with database.writing() as connection:
        first = outbox.claim(connection, "one", AT + timedelta(hours=1), LEASE_S)
        with database.writing() as other:
            other.execute(text("SET LOCAL lock_timeout = '10ms'"))
            second = outbox.claim(other, "two", AT + timedelta(hours=1), LEASE_S)
    assert first is not None
    assert second is not None
    assert (first.dedupe_key, second.dedupe_key) == ("a", "b")
