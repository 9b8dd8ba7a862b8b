"""What is planned before anything is played: the calendar, the cast, and how troubles keep out of each other's way."""

from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from bot.simulation import Program, Size, plan
from bot.simulation.calendar import Mondays
from bot.simulation.figures import reading


def test_ninety_days_have_thirteen_mondays_whatever_the_seed() -> None:
    assert {len(plan(Size(90, 1, 1), seed).mondays) for seed in range(40)} == {13}


def test_seeds_differ_in_zones_and_many_see_the_clocks_change() -> None:
    plans = [plan(Size(90, 2, 2), seed) for seed in range(40)]
    assert len({made.mondays.zone for made in plans}) > 5
    changing = [made for made in plans if len({at.hour for at in made.mondays.instants}) > 1]
    assert 10 < len(changing) < 40


def test_a_window_is_the_week_before_its_monday_also_where_clocks_change() -> None:
    mondays = Mondays.between(date(2026, 3, 18), 14, "Europe/Lisbon")
    assert mondays.instants == (datetime(2026, 3, 23, 9, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC))
    assert mondays.away(1, -7) == mondays.instants[0]
    assert [mondays.window(at) for at in mondays.instants] == [1, 2]
    assert mondays.standing(mondays.instants[0], mondays.instants[1]) == (0,)


def test_the_success_metric_keeps_ahead_of_its_line_unless_it_is_to_lag() -> None:
    line = {day: 10 + 12 * min(max(day - 30, 0), 60) / 60 for day in range(1, 120)}
    assert all(reading(day, 0) >= round(value, 2) for day, value in line.items())
    assert all(line[day] - reading(day, 25) == pytest.approx(3, abs=0.01) for day in line)


def test_troubles_of_one_workflow_that_touch_the_same_do_so_at_different_times() -> None:
    for seed in range(20):
        for one, other in combinations(plan(Size(90, 2, 4), seed).plants, 2):
            if one.course == other.course and set(one.lanes) & set(other.lanes):
                assert one.last < other.first or other.last < one.first, (seed, one, other)


def test_a_larger_program_has_a_team_for_each_name_and_a_workflow_for_each_trade() -> None:
    made: Program = plan(Size(90, 12, 40), 1)
    assert len({team.name for team in made.teams}) == 12
    assert len({course.name for course in made.courses}) == 40
    people = [each.handle for course in made.courses for each in course.people.values()]
    assert len(set(people)) == len(people) == 160
