"""The memory for signatures: what comes together is written together, and only one of two copies is new."""

import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.web.signatures import Signatures
from store import Database, replay
from tests.web.slack import NOON

TIMEOUT_S = 10


class Slow:
    """A store of signatures whose first writing waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[set[str]] = []
        self.begun, self.gate = threading.Event(), threading.Event()

    def write(self, seen: Mapping[str, datetime]) -> Collection[str]:
        before = set().union(*self.batches)
        self.batches.append(set(seen))
        self.begun.set()
        assert self.gate.wait(TIMEOUT_S)
        return set(seen) - before


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def signatures(slow: Slow) -> Iterator[Signatures]:
    working = Signatures(slow.write)
    working.start()
    yield working
    slow.gate.set()
    working.stop()


def test_signatures_that_come_while_others_are_written_are_written_together(slow: Slow, signatures: Signatures) -> None:
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(signatures.remember, "a", NOON)
        assert slow.begun.wait(TIMEOUT_S)
        later = [pool.submit(signatures.remember, name, NOON) for name in "bcbc"]
        while signatures.waiting < len(later):
            pass
        slow.gate.set()
        answers = sorted(each.result(TIMEOUT_S) for each in later)

    assert (first.result(), answers) == (True, [False, False, True, True])
    assert slow.batches == [{"a"}, {"b", "c"}]


def test_whoever_waits_for_a_writing_that_fails_is_told(slow: Slow) -> None:
    def fail(seen: Mapping[str, datetime]) -> Collection[str]:
        raise OSError(f"no disk for {len(seen)}")

    signatures = Signatures(fail)
    signatures.start()

    with pytest.raises(OSError, match="no disk for 1"):
        signatures.remember("a", NOON)
    with pytest.raises(OSError, match="no disk for 1"):
        signatures.remember("a", NOON)
    signatures.stop()


def test_the_database_knows_a_signature_for_ten_minutes(database: Database) -> None:
    def remembered(*names: str, minutes: int) -> frozenset[str]:
        at = NOON + timedelta(minutes=minutes)
        return database.retrying(lambda connection: replay.remember(connection, dict.fromkeys(names, at)))

    answers = [remembered("a", "b", minutes=0), remembered("b", "c", minutes=10), remembered("a", "b", minutes=11)]

    assert answers == [{"a", "b"}, {"c"}, {"a", "b"}]
