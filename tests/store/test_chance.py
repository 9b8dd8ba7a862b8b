"""Ids and salts: from the operating system, or the same each time where a seed is given."""

from threading import Thread

from store import chance
from store.recording.scene import new_id


def drawn() -> tuple[str, str, int]:
    """Some of what is drawn for a record."""
    return new_id("wf"), chance.token(16), chance.below(10**9)


def test_a_seed_gives_the_same_each_time_and_another_one_something_else() -> None:
    found = []
    for seed in ("one", "one", "two"):
        with chance.drawn_from(seed):
            found.append((drawn(), drawn()))
    assert found[0] == found[1]
    assert len({each for pair in found for each in pair}) == 4


def test_without_a_seed_nothing_repeats_not_even_after_one_or_beside_it() -> None:
    found = [drawn(), drawn()]
    with chance.drawn_from("one"):
        beside = Thread(target=lambda: found.append(drawn()))
        beside.start()
        beside.join()
        seeded = drawn()
    found.append(drawn())
    assert len({*found, seeded}) == 5


def test_what_is_drawn_has_the_length_that_was_asked_for() -> None:
    with chance.drawn_from("one"):
        assert [len(chance.token(count)) for count in (1, 16)] == [2, 32]
        assert {chance.below(1) for _ in range(9)} == {0}
