"""Cards of documents and deviations where another company reads too: they say that there is something, and no more."""

from tests.slack.cast import ANA, BO, RUI
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office
from tests.slack.test_postmortems import TITLE, finishes

OURS = "only for people of our workspace"


def shared(office: Office) -> tuple[Case, Someone, Someone]:
    """A workflow of Ana's whose team's channel is shared with a partner; Ana, and somebody else who reads there."""
    case = office.case(room=office.room("partners", shared=True))
    ana, rui = office.person(ANA), office.person(RUI)
    ana.room = rui.room = case.room
    return case, ana, rui


def test_a_documents_card_says_that_there_is_one_and_what_became_of_it(office: Office) -> None:
    case, ana, rui = shared(office)
    bo = office.person(BO).types(f"/rollout postmortem {case.name}", in_=case.room).fills(incident="INC-7")
    finishes(bo)
    rui.sees(f"Bo Lindqvist asks to review a document that is {OURS}; Show shows it to them.")
    ana.sees(TITLE, "“Paid twice”", in_=ana.direct)
    ana.clicks("Show", beside=OURS).sees("Postmortem of", "It paid twice.").closes()
    ana.clicks("Reject…", beside=OURS).fills(reason="Say which key.").submits().sees("✗ Rejected by Ana Duarte")
    office.settle()
    ana.sees("“Paid twice”", "✗ Rejected by Ana Duarte", "Say which key.", in_=ana.direct)
    rui.sees("✗ Rejected by Ana Duarte", OURS)
    for secret in ("Paid twice", "INC-7", "Say which key", case.name):
        rui.sees_no(secret)


def test_a_deviations_card_says_that_there_is_one_and_whose_it_is(office: Office) -> None:
    case, ana, rui = shared(office)
    bo = office.person(BO).types(f"/rollout deviation {case.name} Logs were off for a day", in_=case.room)
    bo.fills(policy="log retention", due="2026-03-20").submits()
    rui.sees(f"Bo Lindqvist recorded a deviation that is {OURS}", "Owner  Ana Duarte, due Fri 20 Mar 2026")
    ana.clicks("Show", beside=OURS).sees("“Logs were off for a day”", "policy log retention")
    ana.clicks("Close…", beside=OURS).fills(reason="Logs are watched now.").submits()
    rui.sees(f"recorded a deviation that is {OURS}", "✓ Closed by Ana Duarte")
    office.settle()
    for secret in ("Logs were off", "log retention", "Logs are watched", case.name):
        rui.sees_no(secret)
