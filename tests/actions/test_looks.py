"""What was made of a workflow is kept while its marks are the same, for five minutes of one day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.actions.looks import KEPT, Looks
from store import Marks

AT = datetime(2026, 3, 9, 18, 15, tzinfo=UTC)
"""In Kathmandu, at +05:45, it is midnight."""

BEFORE = Marks("wf_1", "team_1", "Asia/Kathmandu", of_workflow=7, of_team=7, of_program=7)
OTHERS = (
    replace(BEFORE, of_workflow=8),
    replace(BEFORE, of_team=8),
    replace(BEFORE, of_program=8),
    replace(BEFORE, team_id="team_2"),
)


def test_a_second_look_at_the_same_marks_within_five_minutes_recalls_what_was_made() -> None:
    looks = Looks()
    looks.at(BEFORE, AT).keep("status", "made first")

    again = looks.at(BEFORE, AT + timedelta(minutes=4, seconds=59)).known("status")

    assert again == "made first"


def test_whatever_mark_moved_everything_is_made_anew() -> None:
    for after in OTHERS:
        looks = Looks()
        looks.at(BEFORE, AT).keep("status", "before the tick")

        assert looks.at(after, AT).known("status") is None


def test_what_was_made_of_one_workflow_outlives_a_change_of_another() -> None:
    looks = Looks()
    looks.at(BEFORE, AT).keep("status", "made first")
    looks.at(Marks("wf_2", "team_1", "Asia/Kathmandu", of_workflow=99, of_team=7, of_program=7), AT)

    assert looks.at(BEFORE, AT).known("status") == "made first"


def test_after_five_minutes_and_before_it_was_made_everything_is_made_anew() -> None:
    for at in (AT + timedelta(minutes=5), AT - timedelta(seconds=1)):
        looks = Looks()
        looks.at(BEFORE, AT).keep("status", "made first")

        assert looks.at(BEFORE, at).known("status") is None


def test_at_midnight_where_the_team_is_everything_is_made_anew() -> None:
    looks = Looks()
    looks.at(BEFORE, AT - timedelta(seconds=1)).keep("status", "day 44")

    assert looks.at(BEFORE, AT).known("status") is None


def test_whoever_still_sees_the_workflow_of_before_does_not_put_it_in_place_of_the_newer() -> None:
    looks = Looks()
    older = looks.at(BEFORE, AT)
    newer = looks.at(OTHERS[0], AT)
    older.keep("status", "before the tick")

    assert newer.known("status") is None


def test_only_so_much_is_kept() -> None:
    looks = Looks()
    looks.at(BEFORE, AT).keep("status", "made first")
    for number in range(KEPT):
        looks.at(replace(BEFORE, workflow_id=f"other_{number}"), AT)

    assert looks.at(BEFORE, AT).known("status") is None
