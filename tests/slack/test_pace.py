"""Nobody who clicks meets the bounds on how fast one may go; a stuck script does, and keeps nobody waiting."""

import threading

import pytest

from bot.slack.pace import AT_ONCE, PER_S, WATCHED, Pace, TooFast
from tests.slack.cast import ANA, BO
from tests.slack.office import Office


class Watch:
    """A clock of seconds that stands until it is moved."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Flood:
    """A script that asks again and again in one person's name."""

    def __init__(self, pace: Pace, user: str) -> None:
        self.pace, self.user, self.refused = pace, user, 0

    def until(self, over: threading.Event) -> None:
        """Asks until that happens."""
        while not over.is_set():
            try:
                self.pace.demand(self.user)
            except TooFast:
                self.refused += 1
                over.wait(0.001)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pace(watch: Watch) -> Pace:
    return Pace(watch)


def spend(pace: Pace, user: str) -> None:
    for _ in range(AT_ONCE):
        pace.demand(user)


def test_whoever_has_used_up_their_turns_is_told_when_to_go_on(pace: Pace) -> None:
    spend(pace, "USCRIPT")
    with pytest.raises(TooFast, match="so nothing was done"):
        pace.demand("USCRIPT")


def test_turns_come_back_with_time_and_never_more_than_there_were(pace: Pace, watch: Watch) -> None:
    spend(pace, "USCRIPT")
    watch.now_s += 1 / PER_S
    pace.demand("USCRIPT")
    with pytest.raises(TooFast):
        pace.demand("USCRIPT")
    watch.now_s += 3600
    spend(pace, "USCRIPT")
    with pytest.raises(TooFast):
        pace.demand("USCRIPT")


def test_a_refusal_costs_no_turn(pace: Pace, watch: Watch) -> None:
    spend(pace, "USCRIPT")
    for _ in range(100):
        with pytest.raises(TooFast):
            pace.demand("USCRIPT")
    watch.now_s += 1 / PER_S
    pace.demand("USCRIPT")


def test_one_who_clicks_five_times_a_second_for_an_hour_never_meets_it(pace: Pace, watch: Watch) -> None:
    for _ in range(5 * 3600):
        watch.now_s += 1 / 5
        pace.demand("UEAGER")


def test_the_haste_of_one_is_not_that_of_another(pace: Pace) -> None:
    spend(pace, "USCRIPT")
    pace.demand("UANA")


def test_whoever_went_too_fast_is_not_forgotten_for_those_who_come_after(pace: Pace, watch: Watch) -> None:
    for number in range(WATCHED - 1):
        pace.demand(f"U{number}")
    watch.now_s += 1
    spend(pace, "USCRIPT")
    pace.demand("UANA")
    with pytest.raises(TooFast):
        pace.demand("USCRIPT")


def test_a_script_that_types_for_someone_is_told_so_and_another_person_is_answered_as_ever(office: Office) -> None:
    case, bo, ana = office.case(day=2), office.person(BO), office.person(ANA)
    over, flood = threading.Event(), Flood(office.pace, BO)
    script = threading.Thread(target=flood.until, args=(over,))
    script.start()
    try:
        office.until(lambda: flood.refused, "a refusal")
        bo.types(f"/rollout status {case.name}", in_=case.room).sees("You are faster than Rollout", "Try again in 1 s")
        ana.types(f"/rollout status {case.name}", in_=case.room).sees("PILOT · day 2 of 90")
    finally:
        over.set()
        script.join()
