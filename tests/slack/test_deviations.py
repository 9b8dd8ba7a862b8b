"""Deviations in conversation: recorded in a window, owned, found, learned from, and closed."""

from datetime import date

from bot.domain.deviations import Deviation, DeviationArea
from tests.slack.cast import ANA, BO, CHIDI, GUEST, MEI, RUI
from tests.slack.office import Case, Office
from tests.slack.test_postmortems import TITLE, finishes


def only(office: Office, case: Case) -> Deviation:
    """The one deviation of a workflow."""
    with office.desk.reading() as view:
        (found,) = view.deviations.all(case.id)
    return found


def test_a_deviation_is_recorded_shown_learned_from_and_closed(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    bo = office.person(BO).types(f"/rollout deviation {case.name} Logs were off for a day", in_=case.room)
    bo.sees("Record a deviation", f"About  {case.name}", "keeps the gate to scaling shut")
    assert (bo.typed("text"), bo.typed("owner"), bo.typed("due")) == ("Logs were off for a day", ANA, "2026-03-23")
    bo.fills(policy="log retention", area="code_changes", due="2026-03-20").submits()
    bo.sees("✓ The deviation “Logs were off for a day”", "Ana Duarte has it mended by Fri 20 Mar 2026")
    found = only(office, case)
    assert (found.area, found.policy, found.due_on) == (DeviationArea.CODE_CHANGES, "log retention", date(2026, 3, 20))
    bo.sees(f"Deviation of {case.name}", "Owner  Ana Duarte, due Fri 20 Mar 2026", "Postmortem  not written yet")
    ana = (
        office.person(ANA).types(f"/rollout why {case.name}", in_=case.room).sees("a deviation in code changes is open")
    )
    ana.picks("Why?", beside="a deviation in code changes").clicks("Look at the deviation").sees("[Close…]")
    with office.nothing_changes():
        bo.clicks("Close…", beside=f"Deviation of {case.name}").sees("You can't close this deviation")
    bo.clicks("Write the postmortem…", beside=f"Deviation of {case.name}").sees("Postmortem, 1 of 3")
    assert bo.typed("incident") == found.id
    finishes(bo).sees("“Paid twice”, in review")
    mei.room = case.room
    mei.clicks("Accept", beside=TITLE).sees("✓ Accepted by Mei Tanaka")
    bo.sees("“Paid twice”, accepted", "[Look at the postmortem]")
    ana.clicks("Close…", beside=f"Deviation of {case.name}").fills(reason="Logs are watched now.").submits()
    bo.sees("✓ Closed by Ana Duarte", "Logs are watched now.")
    assert not only(office, case).is_open
    ana.types(f"/rollout why {case.name}").sees(f"Nothing about {case.name} is off plan")


def test_what_cannot_be_recorded_is_said_beside_its_field_and_stays_typed(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types(f"/rollout deviation {case.name}", in_=case.room).fills(text=" ", due="2026-03-01")
    with office.nothing_changes():
        bo.tries_to_submit().sees_error("text", "Say what was done against which rule")
        bo.sees_error("due", "mended by a day still to come")
        bo.fills(text="Logs were off.", due="2027-03-23").tries_to_submit().sees_error("due", "within 365 days")
        bo.fills(due="2026-03-23", owner=GUEST).tries_to_submit().sees_error("owner", "is not a full member")
    assert bo.typed("text") == "Logs were off."


def test_of_a_critical_one_only_the_title_is_for_all(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO).types(f"/rollout deviation {case.name}", in_=case.room)
    bo.fills(text="A key was shared <!channel> {{ 1 }}\nIt was k-123.", area="security").submits()
    card = office.person(ANA)
    card.types(f"/rollout why {case.name}", in_=case.room).sees("a deviation in security is open", "CRITICAL")
    bo.sees(f"Deviation of {case.name}: “A key was shared <!channel> {{{{ 1 }}}}”", "security (critical)")
    bo.sees_no("k-123")
    chidi = office.person(CHIDI).types(f"/rollout why {case.name}", in_=case.room)
    chidi.picks("Why?", beside="a deviation in security").clicks("Look at the deviation").clicks("Show")
    chidi.sees("Recorded by Bo Lindqvist", "It was k-123.")
    rui = office.person(RUI).types(f"/rollout why {case.name}", in_=case.room)
    rui.picks("Why?", beside="a deviation in security").clicks("Look at the deviation").clicks("Show")
    rui.sees("It was k-123.")
    raw = str([one["blocks"] for one in bo.messages()])
    assert "<!channel>" not in raw


def test_a_deviation_is_recorded_from_the_home(office: Office) -> None:
    case = office.case()
    office.case()
    bo = office.person(BO).opens_home().clicks("Log a deviation").sees("Which workflow is it about?")
    bo.fills(workflow=case.name, text="Logs were off.").submits()
    office.settle()
    assert only(office, case).title == "Logs were off."


def test_another_workflows_postmortem_is_none_of_a_deviations(office: Office) -> None:
    case, other = office.case(), office.case()
    bo = office.person(BO).types(f"/rollout deviation {case.name} Logs were off", in_=case.room).submits()
    bo.sees("Postmortem  not written yet")
    bo.types(f"/rollout postmortem {other.name}", in_=other.room).fills(incident=only(office, case).id)
    finishes(bo)
    office.settle()
    bo.sees("Postmortem  not written yet", "[Write the postmortem…]", in_=case.room)


def test_a_message_is_recorded_as_a_deviation(office: Office) -> None:
    case = office.case()
    chidi = office.person(CHIDI).types("<!channel> the *logs* were off\nfrom 9 to 10", in_=case.room)
    chidi.uses("Record a deviation", on="were off").sees("Record a deviation", f"About  {case.name}")
    chidi.submits().sees("✓ The deviation “")
    found = only(office, case)
    assert found.summary.endswith("the *logs* were off\nfrom 9 to 10")
    assert (found.owner.handle, found.opened_by.handle) == (ANA, CHIDI)


def test_a_message_in_a_channel_without_a_team_asks_for_the_workflow(office: Office) -> None:
    case, elsewhere = office.case(), office.room("general")
    office.case()
    bo = office.person(BO).types("Somebody switched the logs off.", in_=elsewhere)
    bo.uses("Record a deviation", on="switched the logs off").sees("Which workflow is it about?")
    bo.fills(workflow=case.name).submits().sees("Ana Duarte has it mended by")
    assert only(office, case).title == "Somebody switched the logs off."
