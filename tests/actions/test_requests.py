"""Requests: asked, decided by someone else, taken back, left to lapse; what is approved is carried out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions import requests
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.domain.people import Through
from bot.domain.requests import RequestKind, RequestState
from bot.domain.workflows import Role
from tests.cast import MONDAY
from tests.program import Program

ITEM = "choose_operating_model"
MOMENT = timedelta(microseconds=1)


def test_a_skip_waits_until_someone_else_approves_and_then_is_carried_out(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM, days=10, reason="The vendor decides.")
    waiting = refunds.request(asked)
    assert (waiting.kind, waiting.item, waiting.terms, waiting.reason, waiting.asked_by.name, waiting.state) == (
        RequestKind.SKIP,
        ITEM,
        (("until", "2026-03-12"),),
        "The vendor decides.",
        "Ana",
        RequestState.WAITING,
    )
    assert (refunds.row(ITEM).state, refunds.status().waiting) == ("open", (waiting,))
    refunds.later(hours=2)
    refunds.approve(asked)
    decided = refunds.request(asked)
    assert (decided.state, decided.decided_by and decided.decided_by.name, decided.decided_at, decided.because) == (
        RequestState.APPROVED,
        "Bea",
        MONDAY + timedelta(hours=2),
        "approver of Support",
    )
    row = refunds.row(ITEM)
    assert row.record is not None
    assert (row.state, row.record.until, row.record.note, row.record.changed_by.name) == (
        "skipped",
        date(2026, 3, 12),
        "The vendor decides.",
        "Bea",
    )
    assert (refunds.checklist().progress.done, refunds.checklist().progress.skipped) == (0, 1)


def test_a_declined_request_changes_nothing_and_says_why(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    with pytest.raises(BadInput, match="Please say why not"):
        refunds.decline(asked, reason=" ")
    refunds.decline(asked, "ada", "It is needed for the audit.")
    decided = refunds.request(asked)
    assert (decided.state, decided.answer, refunds.row(ITEM).record) == (
        "declined",
        "It is needed for the audit.",
        None,
    )


def test_only_the_asker_takes_a_request_back(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    for other in ("stu", "bea", "ada"):
        with pytest.raises(NotAllowed, match="Only Ana, who asked for it, can take this request back"):
            refunds.withdraw(asked, other)
    refunds.withdraw(asked)
    assert refunds.request(asked).state == "withdrawn"


@pytest.mark.parametrize(("again", "by"), [("approve", "cem"), ("decline", "cem"), ("withdraw", "ana")])
def test_a_request_is_decided_once(refunds: Program, again: str, by: str) -> None:
    asked = refunds.ask_skip(ITEM)
    refunds.approve(asked)
    with pytest.raises(Conflict, match="already approved by Bea on 2 Mar 2026 at 09:00 UTC, so nothing changed"):
        getattr(refunds, again)(asked, by)
    assert refunds.facts().count("item_skipped") == 1


@pytest.mark.parametrize("act", ["approve", "decline", "withdraw"])
def test_a_request_can_be_decided_for_seven_days_to_the_moment(refunds: Program, act: str) -> None:
    asked, other = refunds.ask_skip(ITEM), refunds.ask_skip("measure_today")
    refunds.later(days=7)
    refunds.clock.at -= MOMENT
    assert refunds.lapse() == ()
    getattr(refunds, act)(asked)
    refunds.clock.at += MOMENT
    with pytest.raises(Conflict, match="This request lapsed after seven days without a decision"):
        getattr(refunds, act)(other)
    assert refunds.status().waiting == ()
    assert refunds.lapse() == (other,)
    assert refunds.lapse() == ()
    lapsed = refunds.request(other)
    assert (lapsed.state, lapsed.decided_by, lapsed.decided_at) == ("lapsed", None, MONDAY + timedelta(days=7))
    assert refunds.chain()[-1]["principal"] == "service:scheduler"


def test_an_item_is_asked_about_once_at_a_time(refunds: Program) -> None:
    first = refunds.ask_skip(ITEM)
    with pytest.raises(Conflict, match="Ana asked to skip this item already; that request waits for a decision"):
        refunds.ask_skip(ITEM, "stu")
    refunds.ask_skip("measure_today", "stu")
    refunds.withdraw(first)
    again = refunds.ask_skip(ITEM, "stu")
    refunds.later(days=7)
    assert refunds.request(again).state == "waiting"
    refunds.ask_skip(ITEM)


def test_what_was_done_meanwhile_is_not_skipped_and_the_request_goes_on_waiting(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    refunds.check(ITEM)
    with pytest.raises(Conflict, match="is done already: Ana marked it"):
        refunds.approve(asked)
    assert (refunds.request(asked).state, refunds.row(ITEM).state) == ("waiting", "done")
    refunds.reopen(ITEM)
    refunds.approve(asked)
    assert refunds.row(ITEM).state == "skipped"


def test_what_was_blocked_meanwhile_is_skipped_and_restoring_gives_the_block_back(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    refunds.block(ITEM, reason="No access.")
    refunds.approve(asked)
    assert refunds.row(ITEM).state == "skipped"
    refunds.restore(ITEM)
    row = refunds.row(ITEM)
    assert (row.state, row.record and row.record.note, row.record and row.record.until) == (
        "blocked",
        "No access.",
        None,
    )


def test_a_skip_whose_last_day_came_before_the_decision_is_not_approved(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM, days=2)
    refunds.later(days=2)
    with pytest.raises(Conflict, match=r"asked for until 2026-03-04 and that day has come: decline it; Ana may ask"):
        refunds.approve(asked)
    assert refunds.request(asked).state == "waiting"


def test_while_paused_a_skip_still_ends_on_a_day_to_come(refunds: Program) -> None:
    refunds.pause()
    refunds.later(days=20)
    with pytest.raises(BadInput, match="A skip ends on a later day than today"):
        refunds.ask_skip(ITEM, days=-10)
    refunds.approve(refunds.ask_skip(ITEM, days=3))
    assert refunds.row(ITEM).state == "skipped"


def test_closing_takes_back_what_waits_and_it_cannot_be_approved_any_more(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    refunds.close("lea")
    with pytest.raises(Conflict, match="This request was already withdrawn by Lea on"):
        refunds.approve(asked)
    assert refunds.facts()[-2:] == ("workflow_closed", "request_withdrawn")


def test_a_late_start_date_moves_every_due_day_once_approved(refunds: Program) -> None:
    refunds.later(days=20)
    asked = refunds.ask_start(date(2026, 3, 9), "max", "We began a week later.")
    assert refunds.request(asked).terms == (("start_on", "2026-03-09"),)
    assert (refunds.status().day, refunds.workflow().start_on) == (21, date(2026, 3, 2))
    refunds.approve(asked, "apo")
    assert (refunds.status().day, refunds.row("choose_workflow").due_on) == (14, date(2026, 3, 10))
    assert refunds.chain()[-1]["details"]["before"] == [["start_on", "2026-03-02"]]


def test_a_start_date_approved_after_another_change_of_the_workflow_still_stands(refunds: Program) -> None:
    refunds.later(days=20)
    asked = refunds.ask_start(date(2026, 3, 9))
    refunds.edit(purpose="Drafts and sends.")
    refunds.give(Role.GATEKEEPER, "gil")
    refunds.approve(asked)
    of = refunds.workflow()
    assert (of.start_on, of.purpose, of.version) == (date(2026, 3, 9), "Drafts and sends.", 3)


def test_a_request_that_does_not_exist_is_not_found(refunds: Program) -> None:
    with pytest.raises(NotFound, match="There is no request 'req_nothing'"):
        refunds.approve("req_nothing")


def test_requests_wait_in_the_order_in_which_they_were_asked(refunds: Program) -> None:
    asked = []
    for item in (ITEM, "measure_today", "map_decisions"):
        asked.append(refunds.ask_skip(item))
        refunds.later(minutes=1)
    assert refunds.ask(lambda view: [request.id for request in view.requests()]) == asked


def test_a_decision_at_the_command_line_keeps_whose_terminal_it_was(refunds: Program) -> None:
    asked, declined = refunds.ask_skip(ITEM), refunds.ask_skip("plan_review")
    at_a_terminal = replace(refunds.actor("bea"), through=Through.CLI, claimed="bea@laptop")
    refunds.do(at_a_terminal, requests.approve, asked)
    refunds.decline(declined)
    assert (refunds.request(asked).claimed, refunds.request(declined).claimed) == ("bea@laptop", None)
