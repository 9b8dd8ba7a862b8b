"""What a grant's approval rests on of the agent's own history, and what there is no data for."""

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import requests
from bot.actions.grants.looking import dossier_of
from bot.domain.errors import Refused
from bot.domain.grants.backtest import Tally
from bot.domain.grants.dossier import Dossier
from bot.domain.grants.life import GrantState
from bot.domain.grants.precedents import NoData, Precedents
from bot.domain.playbook import PhaseName
from store import Database
from tests.grants_program import ATTENDED, DRAFT, REFUND, UNATTENDED, GrantsProgram, action, policy

REFUNDS = policy(action("issue_refund", max_amount_usd=25, per_day={"uses": 2}))


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    made = GrantsProgram(database)
    made.start()
    return made


def logged(number: int, name: str = "send_macro", **more: Any) -> dict[str, Any]:
    """One action as an agent logs it; each is a run of its own."""
    usual = {"type": "agent_action", "action": name, "outcome": "done", "reversed": False, "run_id": f"run {number}"}
    return {"id": f"{name} {number}", **usual, "facts": {"recipients": 1, "confidence_score": 0.97}, **more}


def log(program: GrantsProgram, right: int, of: int) -> None:
    """So many macros sent an hour ago, all but `right` of them taken back."""
    program.send(*(logged(number, reversed=number >= right) for number in range(of)))
    program.later(hours=1)


def dossier(program: GrantsProgram, request_id: str) -> Dossier:
    found = program.ask(
        lambda view: dossier_of(view, view.request(request_id), view.workflow(program.name), program.at)
    )
    assert found
    return found


def precedents(program: GrantsProgram, request_id: str) -> Precedents:
    found = dossier(program, request_id).precedents
    assert found
    return found


def seen(program: GrantsProgram) -> list[list[str]]:
    """What each approval of a grant says to have seen missing, by the audit log."""
    with program.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT details FROM audit WHERE fact = 'grant_activated' ORDER BY seq")
        return [json.loads(row.details).get("no_data_seen", []) for row in rows]


def test_without_history_an_approver_has_to_say_to_have_seen_that(program: GrantsProgram) -> None:
    request_id = program.asked(ATTENDED)
    assert precedents(program, request_id).no_data == (NoData.BACKTEST, NoData.CALIBRATION)
    before = program.facts()
    with pytest.raises(Refused, match="no send_macro was logged"):
        program.do("bea", requests.approve, request_id)
    assert program.facts() == before
    program.do("bea", requests.approve, request_id, saw_no_data=True)
    assert (program.states(), seen(program)) == ([GrantState.ACTIVE], [["backtest", "calibration"]])


def test_with_history_nothing_is_asked_and_nothing_is_said_to_have_been_seen(program: GrantsProgram) -> None:
    log(program, 970, 1000)
    request_id = program.asked(ATTENDED)
    found = precedents(program, request_id)
    (calibration,) = found.calibrations
    assert (found.no_data, found.refusals, dossier(program, request_id).bars) == ((), (), ())
    assert (calibration.right, calibration.actions, str(calibration.floor)) == (970, 1000, "0.90")
    assert (found.backtest.actions, found.backtest.allowed.count, found.backtest.reversed.count) == (1000, 1000, 30)
    program.do("bea", requests.approve, request_id, saw_no_data=True)
    assert seen(program) == [[]]


def test_a_confidence_below_the_floor_bars_the_approval_and_the_card_says_so_before(program: GrantsProgram) -> None:
    program.enter(PhaseName.SCALING)
    program.run()
    log(program, 46, 50)
    request_id = program.asked(UNATTENDED)
    told = (
        "At confidence_score 0.95 or above, 46 of 50 were right, which proves no more than 81.1 %, and the playbook "
        "wants 90 %: ask for a higher threshold, or wait for more history."
    )
    assert dossier(program, request_id).bars == (told,)
    assert told in program.barred(request_id)
    program.later(days=27, hours=22)
    program.run()
    request_id = program.asked(UNATTENDED)
    assert told in program.barred(request_id)
    program.later(hours=2)
    assert dossier(program, request_id).bars == ()
    assert precedents(program, request_id).no_data == (NoData.BACKTEST, NoData.CALIBRATION)


def test_history_below_the_threshold_leaves_the_calibration_without_data(program: GrantsProgram) -> None:
    program.send(logged(1, facts={"recipients": 1, "confidence_score": 0.5}))
    program.later(hours=1)
    request_id = program.asked(ATTENDED)
    assert precedents(program, request_id).no_data == (NoData.CALIBRATION,)
    with pytest.raises(Refused, match="no logged send_macro reached the confidence_score that it asks for"):
        program.do("bea", requests.approve, request_id)
    program.do("bea", requests.approve, request_id, saw_no_data=True)
    assert seen(program) == [["calibration"]]


def test_a_grant_without_a_confidence_has_only_a_back_test(program: GrantsProgram) -> None:
    program.send(logged(1, "draft_reply"))
    program.later(hours=1)
    request_id = program.asked(DRAFT)
    assert (precedents(program, request_id).calibrations, precedents(program, request_id).no_data) == ((), ())
    program.do("bea", requests.approve, request_id)
    assert program.states() == [GrantState.ACTIVE]


def test_amounts_are_summed_and_what_a_day_has_no_room_for_stands_apart(program: GrantsProgram) -> None:
    amounts = (20.5, 25.0, 10.0, 30.0)
    program.send(*(logged(n, "issue_refund", facts={"amount_usd": a}) for n, a in enumerate(amounts)))
    program.later(hours=1)
    found = precedents(program, program.asked(REFUNDS)).backtest
    assert (found.actions, found.allowed, found.beyond_day) == (4, Tally(2, Decimal("45.5")), Tally(1, Decimal(10)))
    assert precedents(program, program.asked(REFUND)).backtest.allowed == Tally(3, Decimal("55.5"))
