"""Working through a checklist: tick, block, reopen, restore, assign, and what became of an item."""

from bot.domain.items import ItemState
from bot.domain.workflows import Role
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.office import Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
OPTIONAL = "Start as copilot or intern"
ROLES = "Name the owner, steward"
LINK = "https://wiki.example.org/refunds"


def test_the_window_of_today_is_open_and_the_others_are_folded_with_their_counts(office: Office) -> None:
    ana = office.reader(office.case(day=20))
    ana.sees("Collect 200 real past cases", "Build evals and red lines", "0 of 12").sees_no(CHOOSE)


def test_a_folded_window_opens_in_place_and_the_open_one_folds(office: Office) -> None:
    ana = office.reader(office.case())
    shown = len(ana.messages())
    ana.sees(CHOOSE).clicks("Open", beside="Build evals and red lines").sees("Collect 200 real past cases")
    ana.sees_no(CHOOSE)
    assert len(ana.messages()) == shown


def test_a_row_says_who_when_and_which_evidence_before_one_clicks(office: Office) -> None:
    ana = office.reader(office.case())
    ana.sees(CHOOSE, "Ana Duarte", "needs a link").sees("vacant (data gatekeeper)")


def test_an_item_is_ticked_with_evidence_and_says_who_did_it_in_place(office: Office) -> None:
    case = office.case()
    ana = office.reader(case)
    shown = len(ana.messages())
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed on Tuesday.").submits()
    ana.sees(f"✓ {CHOOSE}", "Ana Duarte", "1 of 12")
    assert len(ana.messages()) == shown
    row = case.row("choose_workflow")
    assert row.state is ItemState.DONE
    assert row.record
    assert row.record.evidence
    assert (row.record.evidence.text, row.record.note) == (LINK, "Agreed on Tuesday.")


def test_a_tick_without_evidence_is_refused_beside_the_field_and_the_note_stays(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(note="Agreed on Tuesday.", evidence="   ")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("evidence", "needs evidence")
    assert ana.typed("note") == "Agreed on Tuesday."
    ana.fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")


def test_an_item_that_asks_for_no_evidence_wants_none(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=OPTIONAL).sees("Mark as done").sees_no("Evidence")
    ana.submits().sees(f"✓ {OPTIONAL}")
    assert case.row("choose_operating_model").state is ItemState.DONE


def test_a_self_ticking_item_has_no_button_and_says_what_ticks_it(office: Office) -> None:
    ana = office.reader(office.case())
    ana.sees(ROLES, "ticks itself when every required role is held")
    assert not [control for control in ana.controls if control.label == "Done…" and ROLES in control.beside]


def test_a_self_ticking_item_ticks_itself_when_the_product_sees_it(office: Office) -> None:
    case = office.case(roles={Role.EVAL_OWNER: MEI, Role.GATEKEEPER: CHIDI})
    office.reader(case).sees(ROLES, "ticked itself", "every required role is held")


def test_a_blocked_item_says_why_and_can_be_opened_again(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).picks("Block…", beside=MEASURE)
    ana.fills(note="The finance team answers next week.").submits()
    ana.sees("! Write down today's volume", "The finance team answers next week.", "Ana Duarte")
    assert case.row("measure_today").state is ItemState.BLOCKED
    ana.picks("Reopen", beside=MEASURE).sees("○ Write down today's volume")
    assert case.row("measure_today").state is ItemState.OPEN


def test_blocking_asks_for_a_reason(office: Office) -> None:
    ana = office.reader(office.case()).picks("Block…", beside=MEASURE).fills(note=" \n ")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("note", "what blocks it")


def test_a_done_item_can_be_reopened_and_restored_to_what_it_was(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")
    ana.picks("Reopen", beside=CHOOSE).sees(f"○ {CHOOSE}")
    ana.picks("Restore what was before", beside=CHOOSE).sees(f"✓ {CHOOSE}", "wiki.example.org/refunds")
    row = case.row("choose_workflow")
    assert row.record
    assert row.record.evidence
    assert (row.state, row.record.evidence.text) == (ItemState.DONE, LINK)


def test_an_item_is_assigned_and_its_new_holder_may_tick_it(office: Office) -> None:
    case = office.case()
    office.reader(case).picks("Assign…", beside=CHOOSE).fills(person=BO).submits().sees(CHOOSE, "Bo Lindqvist")
    bo = office.reader(case, BO).clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits()
    bo.sees(f"✓ {CHOOSE}", "Bo Lindqvist")


def test_an_item_cannot_be_assigned_to_a_guest(office: Office) -> None:
    ana = office.reader(office.case()).picks("Assign…", beside=CHOOSE).fills(person="U0GUEST")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("person", "Gil Moreau is not a full member")


def test_the_history_tells_everything_that_became_of_an_item(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed.").submits()
    ana.sees(f"✓ {CHOOSE}").picks("Reopen", beside=CHOOSE).sees(f"○ {CHOOSE}")
    ana.picks("History", beside=CHOOSE).sees("done by Ana Duarte", "Agreed.", "reopened by Ana Duarte")


def test_the_history_of_an_untouched_item_says_what_it_takes(office: Office) -> None:
    ana = office.reader(office.case()).picks("History", beside=ROLES)
    ana.sees("Nobody has changed this item yet", "every required role is held")


def test_someone_without_a_role_is_refused_before_typing_and_told_who_can(office: Office) -> None:
    case = office.case()
    bo = office.reader(case, BO)
    with office.nothing_changes():
        bo.clicks("Done…", beside=CHOOSE).sees("You can't change this item", "Ana Duarte can")
        bo.picks("Block…", beside=CHOOSE)
        bo.picks("Assign…", beside=CHOOSE)
        bo.picks("Skip…", beside=CHOOSE).sees("You can't ask for this", "Ana Duarte")
    assert bo.windows == []


def test_an_item_that_comes_after_another_says_so_and_offers_no_tick(office: Office) -> None:
    case = office.case(day=20, roles={Role.GATEKEEPER: ANA})
    ana = office.reader(case).sees("Check redaction", "Comes after “Collect 200 real past cases")

    assert [control.label for control in ana.controls if control.is_at("Check redaction")] == ["⋯"]


def test_an_item_ticked_from_the_status_redraws_the_status(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout status {case.name}", in_=case.room).clicks("Done…", beside=CHOOSE)
    ana.fills(evidence=LINK).submits().sees("1 done").sees_no(f"{CHOOSE} of clear value and bounded risk —")
