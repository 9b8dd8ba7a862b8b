"""Being away in conversation: the deputy is told, acts, and is named wherever whoever is away is."""

from tests.slack.cast import ANA, BO, MEI, RUI
from tests.slack.office import Office

ITEM = "Choose a workflow of clear value"


def test_who_is_away_is_named_with_their_deputy_who_is_told_and_acts(office: Office) -> None:
    case, bo = office.case(approvers=(MEI,)), office.person(BO)
    ana = office.person(ANA).types("/rollout away", in_=case.room)
    ana.fills(until=office.day_after(3).isoformat(), deputy=BO).submits()
    ana.sees("You are away until Thu 12 Mar 2026.", "Bo Lindqvist stands in", case.name, "[I am back]")
    bo.sees("Ana Duarte is away until Thu 12 Mar 2026, and you stand in", case.name, in_=bo.direct)
    bo.types(f"/rollout status {case.name}", in_=case.room)
    bo.sees("Ana Duarte (away until Thu 12 Mar, Bo Lindqvist stands in)")
    bo.types("/rollout team").sees("Lead Ana Duarte (away until Thu 12 Mar 2026, Bo Lindqvist stands in)")
    bo.types(f"/rollout pause {case.name}").fills(reason="While Ana is away.").submits()
    bo.sees(f"{case.name} is paused")
    with office.desk.reading() as view:
        assert view.history(case.id)[-1].who == view.person_by_handle(BO)
    ana.types("/rollout away").sees("You are away until").clicks("I am back").sees("You are here again")
    with office.nothing_changes():
        bo.types(f"/rollout resume {case.name}").sees("You can't change this workflow")


def test_the_items_of_someone_away_wait_on_the_deputys_home(office: Office) -> None:
    case, rui = office.case(), office.person(RUI)
    rui.opens_home().sees_no(case.name)
    ana = office.person(ANA).types("/rollout away", in_=case.room)
    ana.fills(until=office.day_after(3).isoformat(), deputy=RUI).submits()
    rui.opens_home().sees(case.name, ITEM)
    ana.types("/rollout away").clicks("I am back").sees("You are here again")


def test_an_approver_who_is_away_gets_no_card_and_is_offered_to_nobody(office: Office) -> None:
    case, mei = office.case(approvers=(MEI,)), office.person(MEI)
    mei.types("/rollout away", in_=case.room).fills(until=office.day_after(3).isoformat()).submits()
    mei.sees("Nobody stands in")
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside=ITEM).fills(reason="Agreed last year.").submits()
    ana.sees("asks to skip", "Whoever asked can't decide; Chidi Okafor or Rui Alves can.").sees_no("Mei Tanaka")
    office.settle()
    mei.sees_no("asks to skip", in_=mei.direct)
    mei.types("/rollout away").clicks("I am back").sees("You are here again")


def test_what_is_wrong_with_an_absence_stands_beside_its_field(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout away", in_=case.room)
    with office.nothing_changes():
        ana.fills(until=office.day_after(-1).isoformat()).tries_to_submit().sees_error("until", "is over already")
        ana.fills(until=office.day_after(3).isoformat(), deputy=ANA).tries_to_submit()
        ana.sees_error("deputy", "Nobody stands in for themselves")
