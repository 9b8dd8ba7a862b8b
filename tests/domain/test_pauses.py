"""A paused workflow's clock stands still: its days, its due days, its lateness."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Refused
from bot.domain.workflows import Workflow, demand_open, paused_for
from tests.domain.samples import DAY_1, item, judged, on_day, paused, playbook, team, workflow

QUICKLY = settings(max_examples=60, deadline=None, derandomize=True)
BOOK = playbook(item("first", 3), item("second", 10), production=(item("third", 40),))


def due_dates(of: Workflow, day: int) -> tuple[date, ...]:
    """When everything is due, seen on a day."""
    return tuple(row.due_on for row in judged(BOOK, on_day(day), of=of).rows)


def test_while_paused_the_day_stays_the_one_on_which_it_stopped() -> None:
    stopped = paused(DAY_1 + timedelta(days=9))
    assert [stopped.day(on_day(day)) for day in (10, 11, 40)] == [10, 10, 10]
    assert stopped.today(on_day(40)) == DAY_1 + timedelta(days=9)


def test_a_workflow_goes_on_with_the_day_on_which_it_stopped() -> None:
    stopped = paused(DAY_1 + timedelta(days=9))
    assert paused_for(stopped, on_day(17)) == 7
    going_on = workflow(paused_days=7)
    assert [going_on.day(on_day(day)) for day in (17, 18)] == [10, 11]


@QUICKLY
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 30)), max_size=5), st.integers(1, 30))
def test_after_several_pauses_the_day_is_what_was_lived_between_them(spans: list[tuple[int, int]], last: int) -> None:
    lived, calendar_day, of = 1, 1, workflow()
    for working, standing in spans:
        lived, calendar_day = lived + working, calendar_day + working
        stopped = paused(DAY_1 + timedelta(days=calendar_day - 1), paused_days=of.paused_days)
        calendar_day += standing
        assert stopped.day(on_day(calendar_day)) == lived
        of = workflow(paused_days=of.paused_days + paused_for(stopped, on_day(calendar_day)))
        assert of.day(on_day(calendar_day)) == lived
    assert of.day(on_day(calendar_day + last)) == lived + last


@QUICKLY
@given(st.integers(1, 60), st.integers(1, 60))
def test_every_due_date_moves_by_the_length_of_the_pause(stopped_on: int, length: int) -> None:
    before, after = due_dates(workflow(), stopped_on), due_dates(workflow(paused_days=length), stopped_on + length)
    assert [moved - stood for moved, stood in zip(after, before, strict=True)] == [timedelta(days=length)] * 3


@QUICKLY
@given(st.integers(1, 60), st.integers(0, 60))
def test_a_pause_makes_nothing_later_than_it_was(stopped_on: int, length: int) -> None:
    def late(of: Workflow, day: int) -> tuple[tuple[str, int], ...]:
        found = judged(BOOK, on_day(day), of=of)
        return tuple((row.item.id, row.days_late(found.today)) for row in found.late)

    before = late(workflow(), stopped_on)
    during = late(paused(DAY_1 + timedelta(days=stopped_on - 1)), stopped_on + length)
    after = late(workflow(paused_days=length), stopped_on + length)
    assert (during, after) == (before, before)


def test_a_pause_counts_the_dates_of_the_teams_zone() -> None:
    # 23:30 on the 2nd in Lisbon is 12:30 on the 3rd in Auckland, so an hour apart may be no day, or one.
    stopped = paused(date(2026, 3, 3), team=team("Pacific/Auckland"))
    assert paused_for(stopped, on_day(1, 23)) == 0
    assert paused_for(paused(date(2026, 3, 2)), on_day(2, 0)) == 1


def test_a_pause_that_ends_on_its_own_day_moves_nothing_and_none_runs_backwards() -> None:
    stopped = paused(DAY_1 + timedelta(days=9))
    assert (paused_for(stopped, on_day(10, 23)), paused_for(stopped, on_day(4))) == (0, 0)


def test_what_is_not_paused_cannot_go_on() -> None:
    with pytest.raises(Refused, match="refunds_agent is not paused, so there is nothing to resume"):
        paused_for(workflow(), on_day(3))


def test_what_was_never_closed_is_open() -> None:
    demand_open(workflow())
