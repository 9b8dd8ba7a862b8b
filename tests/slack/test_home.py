"""The Home: what waits on me first, then mine; and everything that can be done from it."""

from bot.domain.items import ItemState
from bot.domain.requests import Request, RequestState
from bot.domain.workflows import Role
from tests.slack.cast import ANA, BO, GUEST, MEI, RUI
from tests.slack.office import Case, Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
LINK = "https://wiki.example.org/refunds"


def bos(office: Office) -> Case:
    """A workflow that Bo owns."""
    return office.case(stem="triage", roles={Role.OWNER: BO, Role.STEWARD: BO})


def skip_asked_by_ana(office: Office) -> tuple[Case, Request]:
    """A case with one request that waits."""
    case = office.case()
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside=CHOOSE).fills(reason="Agreed last year.").submits().sees("asks to skip")
    with office.desk.reading() as view:
        return case, view.requests(case.id)[0]


def test_the_home_shows_what_waits_on_me_before_what_is_mine(office: Office) -> None:
    case = bos(office)
    bo = office.person(BO).opens_home()
    bo.sees("Waiting on you", CHOOSE, "Your workflows", case.name)
    assert bo.screen.index("Waiting on you") < bo.screen.index(CHOOSE) < bo.screen.index("Your workflows")


def test_someone_without_anything_is_told_so_and_can_begin(office: Office) -> None:
    bos(office)
    rui, name = office.person(RUI), office.fresh("sorting")
    rui.opens_home().sees("Nothing waits on you", "[Start a workflow]").sees_no("Your workflows")
    rui.clicks("Start a workflow").fills(name=name, purpose="Sorts tickets.").submits()
    rui.sees("Your workflows", name, "day 1 of 90")


def test_an_item_is_ticked_from_the_home_which_is_drawn_anew(office: Office) -> None:
    case = bos(office)
    bo = office.person(BO).opens_home().clicks("Done…", beside=f"{case.name}, due tomorrow")
    bo.fills(evidence=LINK).submits()
    bo.sees("1 of 24 done").sees_no_more(f"risk — {case.name}")
    assert case.row("choose_workflow").state is ItemState.DONE


def test_a_request_is_looked_at_and_approved_in_a_window_of_the_home(office: Office) -> None:
    case, request = skip_asked_by_ana(office)
    mei = office.person(MEI).opens_home().sees("Waiting on you", case.name).clicks("Look", beside=case.name)
    mei.sees("asks to skip", "Agreed last year.", "[Approve]").clicks("Approve").sees("✓ Approved by Mei Tanaka")
    mei.sees_no("[Approve]").closes().sees_no_more(case.name)
    with office.desk.reading() as view:
        assert view.request(request.id).state is RequestState.APPROVED


def test_a_request_is_declined_from_the_home_and_the_window_below_says_so(office: Office) -> None:
    case, request = skip_asked_by_ana(office)
    mei = office.person(MEI).opens_home().clicks("Look", beside=case.name).clicks("Decline…")
    mei.fills(reason="It is two hours of work.").submits().sees("✗ Declined by Mei Tanaka", "two hours of work")
    mei.closes().sees_no_more(case.name)
    with office.desk.reading() as view:
        assert view.request(request.id).state is RequestState.DECLINED


def test_what_i_asked_for_stands_on_my_home_and_i_cannot_decide_it_there(office: Office) -> None:
    case, _ = skip_asked_by_ana(office)
    ana = office.person(ANA).opens_home().sees("What you asked for", case.name).clicks("Look", beside=case.name)
    with office.nothing_changes():
        ana.clicks("Approve").sees("You can't decide this: you asked for it. Mei Tanaka")


def test_a_checklist_opens_in_a_window_and_is_worked_on_there(office: Office) -> None:
    case = bos(office)
    bo = office.person(BO).opens_home().clicks("Checklist", beside=case.name).sees("Define success", CHOOSE)
    bo.clicks("Open", beside="Build evals and red lines").sees("Collect 200 real past cases")
    bo.clicks("Open", beside="Define success").clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits()
    bo.sees(f"✓ {CHOOSE}").picks("Reopen", beside=CHOOSE).sees(f"○ {CHOOSE}")
    bo.picks("Block…", beside=MEASURE).fills(note="Waiting for numbers.").submits().sees("Waiting for numbers.")
    bo.closes().sees("Your workflows", "1 thing in the way")


def test_all_workflows_and_a_status_open_in_windows(office: Office) -> None:
    case = bos(office)
    bo = office.person(BO).opens_home().clicks("All workflows").sees("All workflows", case.name)
    bo.clicks("Status", beside=case.name).sees("PILOT · day 1 of 90", "Next up")


def test_a_status_in_a_window_cannot_be_shared_for_there_is_no_channel(office: Office) -> None:
    case = bos(office)
    bo = office.person(BO).opens_home().clicks("All workflows").clicks("Status", beside=case.name)
    bo.clicks("Share in channel").sees("stands in no channel", f"/rollout status {case.name}")


def test_a_guest_sees_one_sentence_and_nothing_to_click(office: Office) -> None:
    guest = office.person(GUEST).opens_home().sees("Guests of this workspace can't use Rollout")
    guest.sees_no("Your workflows")
    assert guest.controls == []
