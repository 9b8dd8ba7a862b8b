"""Twice, too late, all at once: one thing happens, and everyone is told which."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.items import ItemState
from bot.domain.requests import RequestState
from bot.domain.workflows import Role
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.office import Case, Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
LINK = "https://wiki.example.org/refunds"


def facts(office: Office, case: Case, item: str = "choose_workflow") -> list[str]:
    """What was recorded about an item, in order."""
    with office.desk.reading() as view:
        return [entry.fact for entry in view.history(f"{case.id}/{item}")]


def test_a_modal_sent_after_its_item_changed_says_who_and_when_and_keeps_the_text(office: Office) -> None:
    case = office.case(roles={Role.OWNER: CHIDI})
    ana, chidi = office.reader(case), office.reader(case, CHIDI)
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed on Tuesday.")
    chidi.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error(
            "evidence", "changed while you were", "Chidi Okafor marked it done", "9 Mar at"
        )
    assert (ana.typed("evidence"), ana.typed("note")) == (LINK, "Agreed on Tuesday.")
    assert facts(office, case) == ["item_done"]


@pytest.mark.parametrize(
    ("choice", "field", "answer"), [("Block…", "note", "x"), ("Skip…", "reason", "x"), ("Assign…", "person", BO)]
)
def test_every_window_about_an_item_notices_that_it_changed(
    office: Office, choice: str, field: str, answer: str
) -> None:
    case = office.case(roles={Role.OWNER: CHIDI})
    ana, chidi = office.reader(case), office.reader(case, CHIDI)
    ana.picks(choice, beside=CHOOSE)
    ana.fills(**{field: answer})
    chidi.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    with office.nothing_changes():
        ana.tries_to_submit()
    assert "Chidi Okafor marked it done" in str(ana.errors)


@pytest.mark.parametrize("choice", ["Block…", "Skip…", "Assign…", "Reopen"])
def test_a_stale_row_is_refused_before_one_types_and_nothing_changes(office: Office, choice: str) -> None:
    case = office.case(roles={Role.OWNER: CHIDI})
    ana, chidi = office.reader(case), office.reader(case, CHIDI)
    if choice == "Reopen":
        chidi.picks("Block…", beside=CHOOSE).fills(note="Later.").submits().sees("Later.")
        ana.types(f"/rollout checklist {case.name}")
    shown, menu = ana.finds("⋯", beside=CHOOSE)
    chidi.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    with office.nothing_changes():
        ana.presses(shown, menu, selected_option=menu.choices[choice]).sees("Chidi Okafor marked it done")
    assert ana.windows == []


def test_a_stale_done_button_says_that_it_is_done_and_by_whom(office: Office) -> None:
    case = office.case(roles={Role.OWNER: CHIDI})
    ana, chidi = office.reader(case), office.reader(case, CHIDI)
    chidi.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    with office.nothing_changes():
        ana.clicks("Done…", beside=CHOOSE).sees("Chidi Okafor marked it done")
    assert ana.windows == []


def test_a_window_from_two_days_ago_about_a_closed_workflow_says_so(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed on Tuesday.")
    office.passes(days=2)
    mei = office.person(MEI).types(f"/rollout close {case.name}", in_=case.room)
    mei.fills(outcome="stopped", reason="No budget.").submits()
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("evidence", f"{case.name} was closed as stopped")
    assert ana.typed("note") == "Agreed on Tuesday."


def test_a_button_from_last_month_is_answered_and_changes_nothing_it_should_not(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    shown, menu = ana.finds("⋯", beside=CHOOSE)
    ana.types(f"/rollout checklist {case.name}").picks("Reopen", beside=CHOOSE).sees(f"○ {CHOOSE}")
    office.passes(days=30)
    with office.nothing_changes():
        ana.presses(shown, menu, selected_option=menu.choices["Reopen"]).sees("Look at it again")


def test_two_people_on_one_item_at_once_lose_nothing(office: Office) -> None:
    case = office.case(roles={Role.OWNER: CHIDI})
    ana, chidi = office.reader(case), office.reader(case, CHIDI)
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="From Ana.")
    chidi.picks("Block…", beside=CHOOSE).fills(note="From Chidi.")
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: one.tries_to_submit(), (ana, chidi)))
    office.settle()
    winner, loser = (ana, chidi) if not ana.errors else (chidi, ana)
    assert "changed while you were" in str(loser.errors)
    assert facts(office, case) == ["item_done" if winner is ana else "item_blocked"]
    assert loser.typed("note") == ("From Chidi." if winner is ana else "From Ana.")


def test_one_window_sent_twice_is_one_change(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    view = ana.windows[-1]
    office.workspace.faults.repeat_envelopes = 3
    ana.submits().sees(f"✓ {CHOOSE}")
    assert facts(office, case) == ["item_done"]
    assert view["id"] not in [one["id"] for one in ana.windows]


def test_one_start_sent_twice_is_one_workflow(office: Office) -> None:
    ana, name = office.person(ANA), office.fresh()
    ana.types("/rollout start", in_=office.room()).fills(name=name, purpose="Sorts tickets.")
    office.workspace.faults.repeat_envelopes = 3
    ana.submits().sees(f"{name} is on day 1")
    office.settle()
    said = [one for one in ana.messages() if f"started {name}" in ana.read(one)]
    assert len(said) == 1


def test_twenty_clicks_at_once_are_one_change_and_nineteen_answers(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).picks("Block…", beside=CHOOSE).fills(note="Later.").submits().sees("Later.")
    menu = ana.finds("⋯", beside=CHOOSE)
    choice = menu[1].choices["Reopen"]
    with ThreadPoolExecutor(20) as fingers:
        clicks = [forgery.press(office, ANA, menu, selected_option=choice) for _ in range(20)]
        assert [ack.error for ack in fingers.map(lambda one: office.forges("interactive", one), clicks)] == [None] * 20
    office.settle()
    assert facts(office, case) == ["item_blocked", "item_reopened"]
    refused = [one for one in ana.messages() if "Look at it again" in ana.read(one)]
    assert len(refused) == 19


def test_a_double_click_on_approve_is_one_decision(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    approve = mei.finds("Approve", beside="asks to skip", in_=case.room)
    with ThreadPoolExecutor(2) as fingers:
        list(fingers.map(lambda one: office.forges("interactive", one), [forgery.press(office, MEI, approve)] * 2))
        list(fingers.map(lambda _: office.forges("interactive", forgery.press(office, MEI, approve)), range(2)))
    office.settle()
    assert facts(office, case) == ["request_made", "item_skipped"]
    assert len([one for one in ana.messages(ana.direct) if "Approved" in ana.read(one)]) == 1


def test_repeated_envelopes_and_events_have_one_effect_and_one_answer(office: Office) -> None:
    case = office.case()
    office.workspace.faults.repeat_envelopes = office.workspace.faults.repeat_events = 3
    # The bot leaves it to Slack to tell that a trigger was used: another replica may have had the first copy.
    office.expects_problem("exchanged_trigger_id")
    ana = office.reader(case).picks("Block…", beside=MEASURE).fills(note="Later.").submits().sees("Later.")
    ana.picks("Reopen", beside=MEASURE).sees(f"○ {MEASURE}").opens_home().sees("Your workflows")
    office.settle()
    assert facts(office, case, "measure_today") == ["item_blocked", "item_reopened"]
    said = [ana.read(one) for one in ana.messages()]
    assert [one for one in said if "press again" in one or "already" in one] == []


def test_many_people_at_once_on_many_items_all_succeed(office: Office) -> None:
    cases = [office.case() for _ in range(6)]

    def tick(case: Case) -> object:
        memory = forgery.metadata(workflow=case.id, item="choose_workflow", version="0", origin="c")
        view = {"callback_id": "item.done", "private_metadata": memory}
        return office.forges("interactive", forgery.submission(office, ANA, view, {"evidence": LINK})).body

    with ThreadPoolExecutor(6) as crowd:
        assert list(crowd.map(tick, cases)) == [None] * 6
    assert [case.row("choose_workflow").state for case in cases] == [ItemState.DONE] * 6


def test_a_request_decided_and_withdrawn_at_once_has_one_end(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    approve = forgery.press(office, MEI, mei.finds("Approve", beside="asks to skip", in_=case.room))
    withdraw = forgery.press(office, ANA, ana.finds("Withdraw", beside="asks to skip"))
    with office.desk.reading() as view:
        request = view.requests(case.id)[0]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: office.forges("interactive", one), (approve, withdraw)))
    office.settle()
    with office.desk.reading() as view:
        state = view.request(request.id).state
    assert state in (RequestState.APPROVED, RequestState.WITHDRAWN)
    wanted = ["request_made", "item_skipped"] if state is RequestState.APPROVED else ["request_made"]
    assert facts(office, case) == wanted
