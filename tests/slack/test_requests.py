"""Asking and deciding: a card in the channel and to an approver, one outcome, and everyone hears of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from bot.actions import requests
from bot.actions.desk import Asked
from bot.domain.items import ItemState
from bot.domain.people import Through
from bot.domain.requests import Request, RequestState
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, MEI, RUI
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office

CHOOSE = "Choose a workflow of clear value"
REASON = "Two teams agreed on the workflow last year."


def asked(office: Office, case: Case, reason: str = REASON) -> Someone:
    """Ana, who has asked to skip the first item."""
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    return ana.picks("Skip…", beside=CHOOSE).fills(reason=reason).submits()


def request_of(office: Office, case: Case) -> Request:
    """The one request that waits about a workflow."""
    with office.desk.reading() as view:
        (found,) = view.requests(case.id)
    return found


def now(office: Office, request: Request) -> Request:
    """The same request as it stands now."""
    with office.desk.reading() as view:
        return view.request(request.id)


def test_a_skip_is_asked_for_on_a_card_in_the_channel_and_to_the_first_approver(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    ana = asked(office, case).sees("asks to skip", CHOOSE, REASON, "Mei Tanaka, Chidi Okafor or Rui Alves")
    ana.sees("[Approve] [Decline…] [Withdraw]")
    mei.sees("asks to skip", CHOOSE, REASON, "[Approve]", in_=mei.direct)
    assert case.row("choose_workflow").state is ItemState.OPEN


def test_nobody_decides_their_own_request_and_the_refusal_names_who_can(office: Office) -> None:
    case = office.case(approvers=(ANA, MEI))
    ana = asked(office, case)
    with office.nothing_changes():
        ana.clicks("Approve", beside="asks to skip")
        ana.sees("You can't decide this: you asked for it. Mei Tanaka, Chidi Okafor or Rui Alves can.")
        ana.clicks("Decline…", beside="asks to skip")
    assert ana.windows == []


def test_a_member_who_is_no_approver_is_refused_before_typing(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO)
    asked(office, case)
    bo.room = case.room
    with office.nothing_changes():
        bo.clicks("Approve", beside="asks to skip").sees("You can't decide this request", "Mei Tanaka")
        bo.clicks("Decline…", beside="asks to skip")
    assert bo.windows == []


def test_an_approved_skip_is_carried_out_and_every_card_says_who_decided(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    ana = asked(office, case)
    mei.room = mei.direct
    mei.clicks("Approve", beside="asks to skip").sees("✓ Approved by Mei Tanaka")
    for room in (case.room, mei.direct):
        mei.sees("✓ Approved by Mei Tanaka", "member of group S0APPROVERS", in_=room)
        mei.sees_no("[Approve]", in_=room)
    ana.sees("Approved", CHOOSE, "Mei Tanaka", in_=ana.direct)
    row = case.row("choose_workflow")
    assert row.record
    assert (row.state, row.record.until) == (ItemState.SKIPPED, office.day_after(30))
    ana.types(f"/rollout checklist {case.name}").sees("– Choose a workflow", "skipped until", "Mei Tanaka")


def test_a_skip_is_never_counted_as_done_and_opens_again_after_its_day(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    asked(office, case)
    mei.room = case.room
    mei.clicks("Approve", beside="asks to skip").sees("✓ Approved by")
    mei.types(f"/rollout status {case.name}").sees("0 done · 1 skipped")
    office.passes(days=31)
    assert case.row("choose_workflow").state is ItemState.OPEN


def test_two_approvers_at_once_make_one_decision_and_the_other_is_told(office: Office) -> None:
    mei, chidi = office.person(MEI), office.person(CHIDI)
    case = office.case()
    asked(office, case)
    request = request_of(office, case)
    approve = mei.finds("Approve", beside="asks to skip", in_=case.room)
    mei.room = chidi.room = case.room
    with ThreadPoolExecutor(2) as both:
        clicks = [forgery.press(office, user, approve) for user in (MEI, CHIDI)]
        list(both.map(lambda one: office.forges("interactive", one), clicks))
    office.settle()
    settled = now(office, request)
    assert settled.state is RequestState.APPROVED
    assert settled.decided_by
    winner, loser = (mei, chidi) if settled.decided_by.handle == MEI else (chidi, mei)
    loser.sees(f"already approved by {settled.decided_by.name}", "nothing changed")
    winner.sees_no("already approved")
    winner.sees(f"✓ Approved by {settled.decided_by.name}").sees_no("[Approve]")
    with office.desk.reading() as view:
        facts = [entry.fact for entry in view.history(f"{case.id}/choose_workflow")]
    assert facts == ["request_made", "item_skipped"]


def test_a_declined_request_says_why_and_changes_nothing_else(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    ana = asked(office, case)
    request = request_of(office, case)
    mei.room = mei.direct
    mei.clicks("Decline…", beside="asks to skip").fills(reason="It is two hours of work; please do it.").submits()
    mei.sees("✗ Declined by Mei Tanaka", "It is two hours of work")
    mei.sees("✗ Declined by Mei Tanaka", "It is two hours of work", in_=case.room).sees_no("[Approve]", in_=case.room)
    ana.sees("Declined", "It is two hours of work", in_=ana.direct)
    assert now(office, request).state is RequestState.DECLINED
    assert case.row("choose_workflow").state is ItemState.OPEN


def test_a_decline_without_a_reason_is_refused_beside_the_field(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    asked(office, case)
    mei.room = case.room
    mei.clicks("Decline…", beside="asks to skip").fills(reason="   ")
    with office.nothing_changes():
        mei.tries_to_submit().sees_error("reason", "why not")


def test_whoever_asked_can_withdraw_and_nobody_else(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = asked(office, case)
    request = request_of(office, case)
    mei.room = case.room
    with office.nothing_changes():
        mei.clicks("Withdraw", beside="asks to skip").sees("Only Ana Duarte", "can take this request back")
    ana.clicks("Withdraw", beside="asks to skip").sees("Withdrawn").sees_no("[Approve]")
    assert now(office, request).state is RequestState.WITHDRAWN


def test_one_item_has_one_request_at_a_time(office: Office) -> None:
    case = office.case()
    ana = asked(office, case)
    ana.types(f"/rollout checklist {case.name}").picks("Skip…", beside=CHOOSE)
    ana.fills(reason="Asking again.")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("reason", "Ana Duarte asked to skip this item already")
    assert ana.typed("reason") == "Asking again."


def test_a_skip_cannot_end_in_the_past(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room).picks("Skip…", beside=CHOOSE)
    ana.fills(reason=REASON, until=office.day_after(-1).isoformat())
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("until", "later day than today")


def test_a_request_that_nobody_decides_lapses_and_says_so(office: Office) -> None:
    case = office.case()
    ana = asked(office, case)
    request = request_of(office, case)
    office.passes(days=7, minutes=1)
    ana.sees("Lapsed").sees_no("[Approve]").sees("lapsed", CHOOSE, in_=ana.direct)
    assert now(office, request).state is RequestState.LAPSED


def test_a_decision_after_the_item_was_done_is_refused_and_says_by_whom(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = asked(office, case)
    ana.types(f"/rollout checklist {case.name}").clicks("Done…", beside=CHOOSE)
    ana.fills(evidence="https://wiki.example.org").submits().sees(f"✓ {CHOOSE}")
    mei.room = case.room
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to skip").sees("is done already: Ana Duarte")


def test_a_late_start_date_is_asked_for_and_moves_the_due_days_once_approved(office: Office) -> None:
    rui, case = office.person(RUI), office.case(day=20)
    was = case.workflow.start_on
    ana = office.person(ANA).types(f"/rollout edit {case.name}", in_=case.room).sees("day 15")
    ana.fills(start_on=(was + timedelta(days=7)).isoformat(), reason="The pilot began a week later.").submits()
    ana.sees("asks to move the start date", "The pilot began a week later.", "[Approve]")
    assert case.workflow.start_on == was
    due = case.row("choose_workflow").due_on
    rui.room = case.room
    rui.clicks("Approve", beside="move the start date").sees("✓ Approved by Rui Alves", "named as admin")
    assert case.workflow.start_on == was + timedelta(days=7)
    assert case.row("choose_workflow").due_on == due + timedelta(days=7)


def test_a_late_start_date_needs_a_reason(office: Office) -> None:
    case = office.case(day=20)
    ana = office.person(ANA).types(f"/rollout edit {case.name}", in_=case.room)
    ana.fills(start_on=office.day_after(-3).isoformat())
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("reason", "Give the reason")


def test_what_waits_is_listed_with_its_card(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    asked(office, case)
    mei.types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("asks to skip", CHOOSE, case.name, "[Approve]").clicks("Approve", beside=case.name)
    mei.sees("✓ Approved by Mei Tanaka")
    assert case.row("choose_workflow").state is ItemState.SKIPPED


def test_the_list_says_what_kind_how_old_and_who_is_asked_and_the_asker_takes_one_back(office: Office) -> None:
    case, mei = office.case(approvers=(MEI,)), office.person(MEI)
    ana = asked(office, case)
    request = request_of(office, case)
    office.passes(days=1, hours=2)
    ana.types(f"/rollout requests {case.name}")
    ana.sees("1 request waits", "You asked to skip", "Skip · waits 26 hours · asked: Mei Tanaka and Chidi Okafor")
    mei.types(f"/rollout requests {case.name}", in_=case.room).sees("Ana Duarte asks to skip").sees_no("[Withdraw]\n[")
    ana.clicks("Withdraw", beside="You asked to skip")
    office.settle()
    assert now(office, request).state is RequestState.WITHDRAWN


def test_closing_a_workflow_takes_back_what_waited(office: Office) -> None:
    case = office.case()
    ana = asked(office, case)
    request = request_of(office, case)
    ana.types(f"/rollout close {case.name}").fills(outcome="stopped", reason="No budget.").submits()
    ana.sees(f"{case.name} is closed as stopped").sees("Withdrawn").sees_no("[Approve]")
    assert now(office, request).state is RequestState.WITHDRAWN


def test_a_card_says_who_decided_when_and_why_they_could_and_that_it_was_at_the_command_line(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    ana = asked(office, case).sees("asks to skip", CHOOSE)
    actor = replace(office.desk.actor(MEI), through=Through.CLI, claimed="mei@laptop")
    office.desk.do(Asked(actor), requests.approve, request_of(office, case).id)
    ana.sees("✓ Approved by Mei Tanaka", "(member of group S0APPROVERS, at the command line)", "Asked")
    mei.sees("at the command line", in_=mei.direct).sees_no("[Approve]", in_=mei.direct)
