"""Postmortems in conversation: what an incident stopped goes on once one is accepted and a person says so."""

from bot.domain.grants.life import GrantState
from bot.domain.workflows import Role
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.conversation import Someone
from tests.slack.granting import ACTION, granted, state_of
from tests.slack.office import Case, Office
from tests.slack.test_record import recording, turns_to

TITLE = "asks to review a postmortem"


def records_incident(office: Office, case: Case, status: str) -> Someone:
    """An incident of severity 2 typed by Ana, open or resolved."""
    office.clock.advance(60)
    ana = turns_to(recording(office, case), "An incident")
    return ana.fills(key="INC-7", severity="2", status=status, title="Paid twice").submits().sees("Recorded for")


def finishes(who: Someone) -> Someone:
    """The rest of a postmortem whose window is open, handed in."""
    who.fills(title="Paid twice", summary="It paid twice.", impact="One customer, $20.").submits()
    who.sees("Postmortem, 2 of 3").fills(timeline="10:02 paid", what_the_agent_did_and_why="v7 retried.").submits()
    who.sees("Postmortem, 3 of 3").fills(contributing_factors="No key.", actions_with_owners_and_dates="Keys, Bo, May")
    return who.submits().sees("“Paid twice” is handed in for review")


def test_what_an_incident_stopped_goes_on_after_its_postmortem_is_accepted(office: Office) -> None:
    chidi = office.person(CHIDI)
    case = office.case(approvers=(MEI,), roles={Role.STEWARD: BO})
    grant = granted(office, case)
    records_incident(office, case, "open")
    assert state_of(office, grant) is GrantState.SUSPENDED
    bo = office.person(BO).types(f"/rollout grants {case.name}", in_=case.room)
    bo.picks("Resume…", beside=ACTION).sees("can't go on yet", "incident INC-7 (sev2) is open").closes()
    records_incident(office, case, "resolved")
    bo.picks("Resume…", beside=ACTION).sees("incident INC-7 is resolved, but has no accepted postmortem")
    bo.clicks("Write the postmortem…").sees("Postmortem, 1 of 3", "Without an accepted postmortem: INC-7.")
    assert bo.typed("incident") == "INC-7"
    bo.closes()
    assert bo.windows[-1]["title"]["text"] == "Can't go on yet"
    bo.closes()
    bo.types(f"/rollout postmortem {case.name}").sees("Postmortem, 1 of 3")
    assert bo.typed("incident") == "INC-7"
    finishes(bo).sees(TITLE, "Incident  INC-7", "Summary  It paid twice.")
    chidi.room = case.room
    bo.types(f"/rollout grants {case.name}").picks("Resume…", beside=ACTION).sees("no accepted postmortem").closes()
    chidi.clicks("Accept", beside=TITLE).sees("✓ Accepted by Chidi Okafor")
    bo.picks("Resume…", beside=ACTION).sees("What had stopped it")
    bo.fills(reason="The queue drops doubles now.").submits().sees(f"{ACTION} of {case.name} is in force again")
    assert state_of(office, grant) is GrantState.ACTIVE


def test_a_finding_about_an_incident_leads_to_its_postmortem(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    records_incident(office, case, "resolved")
    ana = office.person(ANA).types(f"/rollout why {case.name}", in_=case.room).sees("incident INC-7")
    ana.picks("Why?", beside="incident INC-7").sees("[Write the postmortem…]")
    ana.clicks("Write the postmortem…").sees("Postmortem, 1 of 3")
    assert ana.typed("incident") == "INC-7"
