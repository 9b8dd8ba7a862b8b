"""What was made of the program is kept while the program and the five minutes are the same."""

from datetime import UTC, datetime, timedelta

from bot.actions.looks import Looks
from store import View

AT = datetime(2026, 3, 9, 18, 15, tzinfo=UTC)
"""In Kathmandu, at +05:45, it is midnight."""


class Standing(View):
    """A view of which only the mark is asked."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def mark(self) -> str:
        return self._mark


def test_a_second_look_at_the_same_program_in_the_same_five_minutes_recalls_what_was_made() -> None:
    looks = Looks()
    looks.at(Standing("head 1"), AT).recall("status", lambda: "made first")

    again = looks.at(Standing("head 1"), AT + timedelta(minutes=4, seconds=59)).recall("status", lambda: "made again")

    assert again == "made first"


def test_after_a_record_everything_is_made_anew() -> None:
    looks = Looks()
    looks.at(Standing("head 1"), AT).recall("status", lambda: "before the tick")

    assert looks.at(Standing("head 2"), AT).recall("status", lambda: "after the tick") == "after the tick"


def test_at_midnight_anywhere_everything_is_made_anew() -> None:
    looks = Looks()
    looks.at(Standing("head 1"), AT - timedelta(seconds=1)).recall("status", lambda: "day 44")

    assert looks.at(Standing("head 1"), AT).recall("status", lambda: "day 45") == "day 45"


def test_whoever_still_sees_the_program_of_before_does_not_put_it_in_place_of_the_newer() -> None:
    looks = Looks()
    older = looks.at(Standing("head 1"), AT)
    newer = looks.at(Standing("head 2"), AT)
    older.recall("status", lambda: "before the tick")

    assert newer.recall("status", lambda: "after the tick") == "after the tick"
