"""A team without a channel: what its agent asks, what waits for a decision, and alarms reach people directly."""

import io
import json
from typing import Any

import pytest

from bot.actions import signals, workflows
from bot.actions.decisions import SPIKE, Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.escrow import Asking
from bot.domain.workflows import Role
from bot.intake import lines_of
from bot.ports import unsaved
from tests.grants_program import violation
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.granting import granted, policy
from tests.slack.office import Case, Office
from tests.slack.test_questions import BOT, FACTS

ITEM = "Choose a workflow of clear value"


@pytest.fixture
def case(office: Office) -> Case:
    """A workflow that Ana started in her direct message with the bot, so that its team has no channel."""
    ana, name = office.person(ANA), office.fresh()
    ana.writes_to_the_bot("/rollout start").fills(name=name, purpose="Proposes refunds.").submits()
    ana.sees(f"{name} is on day 1 of 90")
    office.settle()
    with office.desk.reading() as view:
        workflow = view.workflow(name)
    assert workflow.team.channel is None
    return Case(office, workflow.id, name, ana.direct)


def give(office: Office, case: Case, role: Role, to: str) -> None:
    person = unsaved(office.desk.directory.account(to))
    office.desk.do(Asked(office.desk.actor(ANA)), workflows.give_role, case.workflow, role, person)


def asks(office: Office, case: Case, key: str) -> None:
    granted(office, case, policy(case, "max_amount_usd: 100", action="propose_refund"))
    asking = Asking(key, f"refund for order {key} by {case.name}")
    decide(office.desk, Asked(BOT), Inquiry(case.id, "propose_refund", FACTS, asking=asking))
    office.settle()


def send(office: Office, case: Case, entry: dict[str, Any]) -> None:
    at = office.clock.now().isoformat()
    line = json.dumps({"source": "ci", "id": f"{case.id} {at}", "at": at, "workflow": case.name, **entry})
    assert not signals.take_in(office.desk, Asked(office.desk.actor(CHIDI)), lines_of(io.StringIO(line))).rejected
    office.settle()


def away(office: Office, who: str, deputy: str | None = None) -> None:
    """Someone away from today on."""
    someone = office.person(who).types("/rollout away", in_=office.room())
    someone.fills(until=office.day_after(3).isoformat(), **({"deputy": deputy} if deputy else {})).submits()
    someone.sees("You are away until")
    office.settle()


def back(office: Office, who: str) -> None:
    office.person(who).types("/rollout away", in_=office.room()).clicks("I am back").sees("You are here again")


def test_a_question_comes_to_steward_and_owner_who_answer_it_there(office: Office, case: Case) -> None:
    give(office, case, Role.STEWARD, BO)
    bo, ana = office.person(BO), office.person(ANA)
    bo.room, ana.room = bo.direct, ana.direct
    asks(office, case, "8812")
    for each in (bo, ana):
        each.sees(f"Questions of {case.name} today: 1 open, 0 answered")
        each.sees("refund for order 8812", "[Approve] [Edit…] [Reject…]")
    office.passes(minutes=15)
    office.settle()
    bo.sees("1 question of", "waits for an answer")
    bo.clicks("Approve", beside="refund for order 8812")
    for each in (bo, ana):
        each.sees("refund for order 8812", "Approved by Bo Lindqvist").sees("0 open, 1 answered")
        each.sees_no("[Approve]")


def test_a_question_comes_to_who_stands_in_and_answers_it(office: Office, case: Case) -> None:
    away(office, ANA, BO)
    bo = office.person(BO)
    bo.room = bo.direct
    asks(office, case, "8813")
    bo.clicks("Approve", beside="refund for order 8813").sees("Approved by Bo Lindqvist")
    back(office, ANA)


def test_where_nobody_holds_the_roles_the_lead_is_asked_and_alarmed(office: Office, case: Case) -> None:
    give(office, case, Role.STEWARD, BO)
    give(office, case, Role.OWNER, BO)
    away(office, BO)
    ana = office.person(ANA)
    ana.room = ana.direct
    asks(office, case, "8814")
    ana.sees("refund for order 8814", "[Approve] [Edit…] [Reject…]")
    send(office, case, violation())
    ana.sees(case.name, "the red line no_pii was violated")
    back(office, BO)


def test_alarms_come_to_steward_and_owner(office: Office, case: Case) -> None:
    give(office, case, Role.STEWARD, BO)
    bo, ana = office.person(BO), office.person(ANA)
    bo.room, ana.room = bo.direct, ana.direct
    send(office, case, violation())
    for _ in range(SPIKE):
        decide(office.desk, Asked(BOT), Inquiry(case.id, "send_note", {}))
    office.settle()
    for each in (bo, ana):
        each.sees(case.name, "the red line no_pii was violated")
        each.sees(case.name, "was refused send_note at least 20 times")


def test_a_request_comes_to_an_approver_and_its_answer_to_who_asked(office: Office, case: Case) -> None:
    mei, ana = office.person(MEI), office.person(ANA)
    mei.room = mei.direct
    ana.types(f"/rollout checklist {case.name}", in_=office.room())
    ana.picks("Skip…", beside=ITEM).fills(reason="Agreed last year.").submits()
    office.settle()
    mei.sees("asks to skip", case.name, "[Approve]").clicks("Approve", beside=case.name)
    office.settle()
    ana.sees("Approved: you may skip", case.name, in_=ana.direct)
