"""Questions of agents in Slack: one message a day, a card under it, an answer in one click, and no noise."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from bot import playbooks
from bot.actions.decisions import Answered, Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.escrow import Asking, Question
from bot.domain.people import Actor, PrincipalKind, Through
from bot.domain.workflows import Role
from bot.slack.screens.questions import NOTE
from tests.slack.cast import ANA, BO, MEI, RUI
from tests.slack.granting import granted, policy
from tests.slack.office import Case, Office
from tests.slack.reading import Json

BOT = Actor(PrincipalKind.AGENT, "agent:macros", "macros", Through.API)
FACTS: dict[str, object] = {"amount_usd": 42, "confidence_score": Decimal("0.97"), "order": "8812"}


def asking(office: Office, steward: str = BO, more: Sequence[str] = ()) -> Case:
    """A workflow of Ana's whose agent asks each time it wants to propose a refund; Bo is its steward."""
    case = office.case(approvers=(MEI,), roles={Role.STEWARD: steward})
    conditions = "".join(f"      - {each}\n" for each in more)
    terms = policy(case, "max_amount_usd: 100", action="propose_refund").replace("logging:", f"{conditions}logging:")
    granted(office, case, terms)
    return case


def decided(office: Office, case: Case, facts: Any = FACTS, **more: Any) -> Answered:
    found = decide(office.desk, Asked(BOT), Inquiry(case.id, "propose_refund", facts, **more))
    office.settle()
    return found


def asks(office: Office, case: Case, key: str = "8812") -> Question:
    found = decided(
        office, case, asking=Asking(key, f"refund for order {key} by {case.name}", "https://desk.example.com/HC-4471")
    )
    assert found.question
    return found.question


def uses(office: Office, case: Case, question: Question, facts: Any = FACTS) -> str:
    return str(decided(office, case, facts, approval=question.id).decision.outcome)


def in_thread(messages: Sequence[Json]) -> list[Json]:
    """Those that stand under another one."""
    return [one for one in messages if one.get("thread_ts") not in (None, one["ts"])]


def test_a_card_stands_under_the_message_of_the_day_and_is_answered_in_one_click(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    question = asks(office, case)
    bo.sees(f"Questions of {case.name} today: 1 open, 0 answered")
    bo.sees("propose_refund", "$42.00", "refund for order 8812", "confidence score 0.97", "and 1 other that it doesn't")
    bo.sees("Why a person", "[Approve] [Edit…] [Reject…]")
    (card,) = in_thread(bo.messages())
    bo.clicks("Approve", beside="refund for order 8812")
    bo.sees("Approved by", "Not used yet.").sees("today: 0 open, 1 answered")
    assert uses(office, case, question) == "allow"
    bo.sees("Approved by", "Used ")
    assert uses(office, case, question) == "deny"
    assert [one["ts"] for one in in_thread(bo.messages())] == [card["ts"]]


def test_an_edit_has_a_field_for_each_named_fact_and_refusals_stand_beside_it(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    question = asks(office, case)
    bo.clicks("Edit…", beside="refund for order 8812")
    bo.fills(amount_usd="$20").tries_to_submit().sees_error("amount_usd", "is no number")
    bo.fills(amount_usd="101").tries_to_submit().sees_error("amount_usd", "can't be let through")
    bo.fills(amount_usd="42.0").tries_to_submit().sees_error("amount_usd", "Nothing was changed")
    bo.fills(amount_usd="20", **{NOTE: "Half of it."}).submits()
    bo.sees("Edited and approved by", "Half of it.", "amount $20.00")
    assert uses(office, case, question) == "deny"
    assert uses(office, case, question, {**FACTS, "amount_usd": 20}) == "allow"


def test_an_edit_changes_nothing_that_nobody_touched_however_long_it_is_and_whatever_it_is_called(
    office: Office,
) -> None:
    texts = {"note": " As agreed.\nAna ", "reply": "word " * 700, "order": ""}
    case = asking(office, more=tuple(f'{name} != "-"' for name in texts))
    bo = office.person(BO)
    bo.room = case.room
    facts = {**FACTS, **texts}
    question = decided(office, case, facts, asking=Asking("8812", "refund for order 8812")).question
    assert question
    bo.clicks("Edit…", beside="refund for order 8812")
    bo.sees("Stays as asked, since no field holds it: reply.")
    bo.tries_to_submit().sees_error("amount_usd", "Nothing was changed")
    bo.fills(amount_usd="20", note=" As agreed.\r\nAna", **{NOTE: "Half of it."}).submits()
    bo.sees("Edited and approved by", "Half of it.", "amount $20.00")
    assert uses(office, case, question, {**facts, "amount_usd": 20}) == "allow"


def test_an_edit_takes_a_fact_called_note(office: Office) -> None:
    case = asking(office, more=('note != "-"',))
    bo = office.person(BO)
    bo.room = case.room
    facts = {**FACTS, "note": "As agreed."}
    question = decided(office, case, facts, asking=Asking("8812", "refund for order 8812")).question
    assert question
    bo.clicks("Edit…", beside="refund for order 8812")
    bo.fills(note="As agreed on Monday.", **{NOTE: "Name the day."}).submits()
    bo.sees("Edited and approved by", "As agreed on Monday.", "Name the day.")
    assert uses(office, case, question, {**facts, "note": "As agreed on Monday."}) == "allow"


def test_a_rejection_says_why_in_place(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    question = asks(office, case)
    bo.clicks("Reject…", beside="refund for order 8812").fills(note="Wrong order.").submits()
    bo.sees("Rejected by", "Wrong order.").sees_no("[Approve]")
    assert uses(office, case, question) == "deny"


def test_whoever_may_not_answer_is_refused_before_typing(office: Office) -> None:
    case = asking(office, ANA)
    bo = office.person(BO)
    bo.room = case.room
    asks(office, case, "8813")
    with office.nothing_changes():
        for label in ("Approve", "Edit…", "Reject…"):
            bo.clicks(label, beside="refund for order 8813")
            bo.sees("You can't answer this agent's question")
    assert bo.windows == []


def test_after_fifteen_minutes_those_who_may_answer_are_mentioned_once(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    asks(office, case)
    office.passes(minutes=5)
    asks(office, case, "8813")
    office.passes(minutes=10)
    office.settle()
    bo.sees("2 questions of", "wait for an answer, the oldest since")
    office.passes(minutes=10)
    asks(office, case, "8814")
    office.passes(minutes=15)
    office.settle()
    assert len([one for one in bo.messages() if "wait for an answer" in bo.read(one)]) == 1
    office.passes(hours=4)
    office.settle()
    bo.sees("Expired, nobody answered.").sees("0 open, 0 answered, 3 expired")


def test_a_deputy_is_mentioned_in_the_place_of_whoever_is_away(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO).types("/rollout away", in_=case.room)
    bo.fills(until=office.day_after(3).isoformat(), deputy=RUI).submits().sees("You are away until")
    asks(office, case)
    office.passes(minutes=15)
    office.settle()
    bo.sees("Rui Alves and Ana Duarte: 1 question of", "waits for an answer")
    bo.types("/rollout away").clicks("I am back").sees("You are here again")


def test_an_answer_that_was_not_used_is_void_in_place(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    asks(office, case)
    bo.clicks("Approve", beside="refund for order 8812").sees("Not used yet.")
    office.passes(minutes=15)
    office.settle()
    bo.sees("Approved by", "Not used in 15 minutes: void.")
    bo.sees_no("wait for an answer")


def test_within_how_many_minutes_it_can_be_used_is_the_playbooks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = playbooks.shipped_text("ninety_day").replace("use_minutes: 15", "use_minutes: 20")
    with monkeypatch.context() as patch:
        patch.setattr(playbooks, "shipped_text", lambda _: ours)
        case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    asks(office, case)
    bo.sees("can be done once, within 20 minutes.").clicks("Approve", beside="refund for order 8812")
    bo.sees("Not used yet.")
    office.passes(minutes=20)
    office.settle()
    bo.sees("Approved by", "Not used in 20 minutes: void.")


def test_questions_are_reached_from_the_home_and_from_the_list_of_requests(office: Office) -> None:
    case = asking(office)
    asks(office, case)
    bo = office.person(BO)
    bo.opens_home().sees("propose_refund", "refund for order 8812")
    bo.clicks("Look", beside=f"order 8812 by {case.name}").sees("Why a person").clicks("Approve").sees("Approved by")
    asks(office, case, "8813")
    ana = office.person(ANA).types(f"/rollout requests {case.name}", in_=case.room)
    ana.sees("1 question of agents waits for an answer.").clicks("Look at them").sees("refund for order 8813", "Look")
    ana.clicks("Look", beside="refund for order 8813").sees("[Approve] [Edit…] [Reject…]")


def test_sixty_questions_disturb_nobody(office: Office) -> None:
    case = asking(office)
    bo = office.person(BO)
    bo.room = case.room
    office.tolerates_problem("ratelimited", "rate")
    for number in range(60):
        decide(
            office.desk,
            Asked(BOT),
            Inquiry(case.id, "propose_refund", FACTS, asking=Asking(str(number), f"order {number}")),
        )
    office.settle()
    bo.sees("60 open, 0 answered")
    loose = [one for one in bo.messages() if one not in in_thread(bo.messages())]
    assert len(loose) == 1
    assert len(in_thread(bo.messages())) == 60
    office.passes(minutes=15)
    office.settle()
    bo.sees("60 questions of")
    assert len(in_thread(bo.messages())) == 61
