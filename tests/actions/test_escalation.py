"""A request that nobody decides is carried on: after one working day to the next approver, after two to all."""

from datetime import timedelta

import pytest

from bot import playbooks
from bot.actions import requests
from bot.domain.requests import RequestState
from tests.cast import SCHEDULER
from tests.program import Program

ITEM = "choose_operating_model"
CARDS = {"CSUPPORT", "UBEA"}


def asked_in_person(program: Program) -> set[str]:
    return {posted.target for posted in program.posted() if posted.kind == "request_card"}


def tick(program: Program) -> tuple[int, ...]:
    return tuple(fact.step for fact in program.do(SCHEDULER, requests.escalate))


def test_nobody_else_is_asked_before_a_whole_working_day_has_passed(refunds: Program) -> None:
    refunds.ask_skip(ITEM)
    refunds.later(hours=9, seconds=-1)

    assert (tick(refunds), asked_in_person(refunds)) == ((), CARDS)


def test_after_one_working_day_the_next_approver_is_asked_and_after_two_all_are(refunds: Program) -> None:
    refunds.ask_skip(ITEM)
    refunds.later(hours=9)
    assert (tick(refunds), asked_in_person(refunds)) == ((1,), {*CARDS, "UCEM"})

    refunds.later(days=1)
    assert (tick(refunds), asked_in_person(refunds)) == ((2,), {*CARDS, "UCEM", "UAPO", "UADA"})


def test_a_weekend_is_no_working_day(refunds: Program) -> None:
    refunds.later(days=4, hours=6)
    refunds.ask_skip(ITEM)
    refunds.later(days=3, seconds=-1)
    assert tick(refunds) == ()

    refunds.later(seconds=1)
    assert tick(refunds) == (1,)


def test_ticking_twice_asks_nobody_twice(refunds: Program) -> None:
    refunds.ask_skip(ITEM)
    refunds.later(days=2)

    assert (tick(refunds), tick(refunds)) == ((2,), ())
    assert len([posted for posted in refunds.posted() if posted.kind == "request_card"]) == 5


def test_what_is_decided_is_carried_no_further(refunds: Program) -> None:
    request_id = refunds.ask_skip(ITEM)
    refunds.approve(request_id)
    refunds.later(days=2)

    assert tick(refunds) == ()
    assert (refunds.request(request_id).state, refunds.request(request_id).escalated) == (RequestState.APPROVED, 0)


def test_an_asker_is_never_asked(refunds: Program) -> None:
    refunds.ask_skip(ITEM, "bea")
    refunds.later(days=2)
    tick(refunds)

    assert "UBEA" not in asked_in_person(refunds)
    assert refunds.at - refunds.ask(lambda view: view.requests())[0].asked_at == timedelta(days=2)


def test_a_playbook_says_itself_how_long_a_request_waits_for_the_next_approver(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = "next_approver_working_days: 1, all_approvers_working_days: 2"
    patient = "next_approver_working_days: 3, all_approvers_working_days: 4"
    shipped = playbooks.shipped_text("ninety_day")
    assert usual in shipped
    with monkeypatch.context() as changed:
        changed.setattr(playbooks, "shipped_text", lambda _: shipped.replace(usual, patient))
        program.start()
    program.ask_skip(ITEM)
    steps = []
    for _ in range(4):
        program.later(days=1)
        steps.append(tick(program))
    assert steps == [(), (), (1,), (2,)]
