"""Requests: who may decide, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import Conflict, NotAllowed
from bot.domain.people import Person
from bot.domain.requests import (
    Patience,
    Request,
    RequestKind,
    RequestState,
    asked_by_now,
    demand_another,
    demand_waiting,
    step_due,
)
from tests.domain.samples import ANA, BEN, LEA, actor, on_day, team

ASKED = Request(
    id="req_1",
    kind=RequestKind.SKIP,
    workflow_id="wf_1",
    workflow="refunds_agent",
    item="plain",
    terms=(("until", "2026-05-01"),),
    reason="Not needed here.",
    asked_by=ANA,
    asked_at=on_day(1),
    state=RequestState.WAITING,
)
WEEK, MOMENT = timedelta(days=7), timedelta(microseconds=1)


def test_a_request_waits_for_seven_days_to_the_moment() -> None:
    assert ASKED.lapses_at == on_day(1) + WEEK
    assert [ASKED.waits(on_day(1) + after) for after in (timedelta(), WEEK - MOMENT, WEEK)] == [True, True, False]
    demand_waiting(ASKED, on_day(1) + WEEK - MOMENT)
    with pytest.raises(Conflict, match="lapsed after seven days without a decision; ask again"):
        demand_waiting(ASKED, on_day(1) + WEEK)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (RequestState.APPROVED, "already approved by Ben on 3 Mar 2026 at 12:00 UTC, so nothing changed"),
        (RequestState.DECLINED, "already declined by Ben on"),
        (RequestState.WITHDRAWN, "already withdrawn by Ben on"),
        (RequestState.LAPSED, "already left to lapse by Ben on"),
    ],
)
def test_what_is_settled_is_not_decided_again(state: RequestState, said: str) -> None:
    settled = replace(ASKED, state=state, decided_by=BEN, decided_at=on_day(2))
    assert not settled.waits(on_day(2))
    with pytest.raises(Conflict, match=said):
        demand_waiting(settled, on_day(2))


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((), "Nobody else can yet: an approver has to be named for this team."),
        ((BEN,), "Ben can."),
        ((BEN, LEA), "Ben or Lea can."),
        ((BEN, LEA, Person("p", "UX", "Xi")), "Ben, Lea or Xi can."),
    ],
)
def test_nobody_decides_their_own_request_and_is_told_who_can(others: tuple[Person, ...], said: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        demand_another(ASKED, actor("ana", admin_because="named as admin in the settings"), others)
    assert str(refusal.value) == f"You can't decide this: you asked for it. {said}"


def test_someone_else_may_decide_also_when_the_asker_was_erased() -> None:
    demand_another(ASKED, actor("ben"), ())
    demand_another(replace(ASKED, asked_by=Person("p_ana", None, "someone erased")), actor("ana"), ())


def test_a_request_names_what_it_would_change() -> None:
    assert ASKED.term("until") == "2026-05-01"


@pytest.mark.parametrize(
    ("patience", "days", "step"),
    [
        (Patience(), 0, 0),
        (Patience(), 1, 1),
        (Patience(), 2, 2),
        (Patience(2, 4), 1, 0),
        (Patience(2, 4), 2, 1),
        (Patience(2, 4), 4, 2),
    ],
)
def test_a_request_is_carried_on_after_as_many_working_days_as_its_playbook_says(
    patience: Patience, days: int, step: int
) -> None:
    asked = replace(ASKED, asked_at=on_day(1, 9))
    assert step_due(asked, team(), on_day(1 + days, 9), patience) == step


def test_one_more_is_asked_at_the_first_step_and_all_at_the_second() -> None:
    able = (ANA, BEN, LEA)
    assert [asked_by_now(step, able) for step in (0, 1, 2)] == [(ANA,), (ANA, BEN), able]


def test_every_kind_of_request_has_a_name_in_words() -> None:
    assert all(kind.label and "_" not in kind.label for kind in RequestKind)
