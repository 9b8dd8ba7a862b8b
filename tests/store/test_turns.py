"""Writers come to their turn in the order in which they asked."""

import threading
from pathlib import Path

import pytest

from store.errors import NestedWriting, StoreBusy
from store.turns import Turns, turns_of
from tests.store.together import together


def _queue_up(turns: Turns, order: list[int], number: int) -> threading.Thread:
    """A thread that waits for its turn, and certainly waits already."""

    def wait() -> None:
        with turns.turn(30):
            order.append(number)

    thread = threading.Thread(target=wait)
    thread.start()
    while len(turns._waiting) <= number:
        pass
    return thread


def test_who_came_first_writes_first() -> None:
    turns, order = Turns(), list[int]()
    with turns.turn(1):
        waiting = [_queue_up(turns, order, number) for number in range(12)]
    for thread in waiting:
        thread.join(30)
    assert order == list(range(12))


def test_one_writes_at_a_time() -> None:
    turns, inside, most = Turns(), list[int](), list[int]()

    def write() -> None:
        for _ in range(200):
            with turns.turn(30):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    together([write] * 6)
    assert (max(most), len(most)) == (1, 1200)


def test_who_waits_too_long_is_told_and_does_not_hold_up_the_others() -> None:
    turns, order = Turns(), list[int]()

    def give_up() -> None:
        with pytest.raises(StoreBusy, match=r"over 0\.01 seconds"), turns.turn(0.01):
            order.append(-1)

    with turns.turn(1):
        together([give_up, give_up])
        waiting = _queue_up(turns, order, 0)
    waiting.join(30)
    assert order == [0]


def test_what_is_left_of_the_wait_is_told() -> None:
    turns = Turns()
    with turns.turn(5) as left_s:
        assert 0 < left_s <= 5


def test_a_turn_inside_ones_own_turn_is_refused() -> None:
    turns = Turns()
    with turns.turn(1), pytest.raises(NestedWriting), turns.turn(1):
        pass


def test_a_turn_ends_though_its_work_failed() -> None:
    turns = Turns()
    for _ in range(2):
        with pytest.raises(LookupError), turns.turn(0.01):
            raise LookupError


def test_all_who_open_one_file_share_its_turns(tmp_path: Path) -> None:
    first = turns_of(tmp_path / "a.db")
    assert (turns_of(tmp_path / "a.db"), turns_of(tmp_path / "b.db") is first) == (first, False)
