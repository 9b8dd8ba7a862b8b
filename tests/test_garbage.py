"""What is there when the bot is ready is passed over by every look for garbage after it."""

import gc
from collections.abc import Iterator

import pytest

from bot import garbage


class Loop:
    """Something that holds itself, so that only a look for garbage finds it."""

    def __init__(self, gone: list[str]) -> None:
        self.itself, self.gone = self, gone

    def __del__(self) -> None:
        self.gone.append("gone")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_there_is_passed_over_and_what_comes_later_is_not() -> None:
    early, late = list[str](), list[str]()
    Loop(early)
    garbage.pass_over_what_is_there()
    Loop(late)
    gc.collect()
    assert (early, late) == ([], ["gone"])


def test_looks_are_far_between_while_the_bot_starts() -> None:
    garbage.look_seldom()
    assert gc.get_threshold()[0] == 50_000
