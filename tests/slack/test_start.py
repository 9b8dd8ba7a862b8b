"""Starting a workflow: a minute, three fields, and a team made on the way."""

from zoneinfo import ZoneInfo

from bot.actions import memos
from bot.actions.desk import Asked
from bot.actions.memos import About
from bot.domain.memos import Category, Entry
from bot.domain.people import Person
from bot.domain.workflows import Domain, Role
from bot.slack.pen import Pen
from bot.slack.screens.workflows import StartWindow, start_modal
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office
from tests.slack.reading import fields, words


def holders(office: Office, name: str) -> dict[Role, str | None]:
    """Who holds which role in a workflow, by Slack id."""
    with office.desk.reading() as view:
        return {holder.role: holder.person.handle for holder in view.workflow(name).holders}


def test_three_fields_start_a_workflow_and_its_team_is_made_on_the_way(office: Office) -> None:
    ana, room, name = office.person(ANA), office.room("team-returns-desk"), office.fresh()
    ana.types("/rollout start", in_=room).sees("Returns desk", "Europe/Lisbon")
    ana.sees("Starting gives the agent no permissions. It opens a checklist.")
    ana.fills(name=name, purpose="Proposes refunds up to 100 euros.").submits()
    ana.sees(f"{name} is on day 1 of 90, in pilot", "[Open checklist]").sees(f"Ana Duarte started {name}")
    with office.desk.reading() as view:
        team = view.workflow(name).team
    assert (team.channel, team.zone, team.lead.handle) == (room, "Europe/Lisbon", ANA)
    assert holders(office, name) == {Role.OWNER: ANA, Role.STEWARD: ANA}


def test_a_second_workflow_of_the_channel_joins_the_team_that_is_there(office: Office) -> None:
    case, name = office.case(), office.fresh()
    bo = office.person(BO).types("/rollout start", in_=case.room).sees(case.workflow.team.name)
    bo.fills(name=name, purpose="Sorts tickets.", playbook="starter").submits().sees(f"{name} is on day 1")
    with office.desk.reading() as view:
        started = view.workflow(name)
    assert (started.team, started.playbook.id) == (case.workflow.team, "starter")
    assert holders(office, name) == {Role.OWNER: BO, Role.STEWARD: BO}


def test_a_workflow_can_be_started_in_the_direct_message_with_the_bot(office: Office) -> None:
    mei, name = office.person(MEI), office.fresh()
    mei.writes_to_the_bot("/rollout start").sees("Mei Tanaka's team", "Asia/Tokyo")
    mei.fills(name=name, purpose="Grades answers.").submits().sees(f"{name} is on day 1 of 90")
    with office.desk.reading() as view:
        team = view.workflow(name).team
    assert (team.channel, team.lead.handle) == (None, MEI)


def test_unfolding_keeps_what_was_typed_and_asks_for_team_date_and_roles(office: Office) -> None:
    ana, room, name = office.person(ANA), office.room("billing"), office.fresh()
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Answers billing questions.")
    ana.clicks("Change…").sees("Team's name", "First day", "Data gatekeeper")
    assert (ana.typed("name"), ana.typed("purpose")) == (name, "Answers billing questions.")
    begins = office.day_after(3)
    ana.fills(team="Money desk", start_on=begins.isoformat(), domain="billing", eval_owner=MEI, gatekeeper=BO)
    ana.submits().sees(f"{name} begins on")
    with office.desk.reading() as view:
        started = view.workflow(name)
    assert (started.team.name, started.start_on, started.domain) == ("Money desk", begins, Domain.BILLING)
    assert holders(office, name) == {
        Role.OWNER: ANA, Role.STEWARD: ANA, Role.EVAL_OWNER: MEI, Role.GATEKEEPER: BO,
    }  # fmt: skip


def test_the_start_button_of_an_empty_overview_opens_the_same_window(office: Office) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    ana.types("/rollout team", in_=room).sees("This channel has no team yet").clicks("Start a workflow")
    ana.fills(name=name, purpose="Sorts tickets.").submits().sees(f"{name} is on day 1 of 90")


def test_a_name_that_is_taken_is_refused_beside_the_field_and_nothing_typed_is_lost(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout start", in_=case.room)
    ana.fills(name=case.name, purpose="Another agent.")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("name", f"There is a workflow {case.name} already")
    assert (ana.typed("name"), ana.typed("purpose")) == (case.name, "Another agent.")
    name = office.fresh()
    ana.fills(name=name).submits().sees(f"{name} is on day 1 of 90")


def test_a_name_is_brought_into_the_form_that_commands_take(office: Office) -> None:
    ana, stem = office.person(ANA), office.fresh("Refunds Agent")
    ana.types("/rollout start", in_=office.room()).fills(name=stem, purpose="Proposes refunds.").submits()
    ana.sees(f"{stem.lower().replace(' ', '_')} is on day 1 of 90")


def test_a_starter_who_is_no_member_any_more_cannot_be_given_a_role(office: Office) -> None:
    ana = office.person(ANA).types("/rollout start", in_=office.room()).clicks("Change…").sees("First day")
    ana.fills(name=office.fresh(), purpose="Proposes refunds.", owner="U0GUEST")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("owner", "Gil Moreau is not a full member", "pick someone who is")


def test_what_was_started_names_people_as_slack_does(office: Office) -> None:
    case = office.case()
    assert case.workflow.team.lead == Person(case.workflow.team.lead.id, ANA, "Ana Duarte", "Europe/Lisbon")


def test_what_is_at_work_already_is_taken_over_in_its_phase_once_someone_else_approved(office: Office) -> None:
    case, name, mei = office.case(approvers=(MEI,)), office.fresh(), office.person(MEI)
    entry = Entry(title="It works since May", decision="No gate.", category=Category.OTHER, is_reversible=True)
    office.desk.do(Asked(office.desk.actor(ANA)), memos.file, entry, About())
    ana = office.person(ANA).types("/rollout start", in_=case.room).fills(name=name, purpose="Proposes refunds.")
    ana.clicks("Change…").sees("At work already? The phase it is in")
    ana.fills(take_over="production", start_on=office.day_after(-39).isoformat()).tries_to_submit()
    ana.sees_error("memo", "Choose the memo")
    ana.fills(memo="It works since May").tries_to_submit()
    ana.sees_error("until", "Give the last day")
    ana.fills(until=office.day_after(30).isoformat()).submits()
    ana.sees(f"Asked: take {name} over in production, by override of the gates before it until")
    ana.sees(
        f"Ana Duarte asks to take {name} over in production", "Passes over", "the gate to production (", "eval passed"
    )
    mei.room = case.room
    mei.clicks("Approve", beside="asks to take").sees("✓ Approved by Mei Tanaka").sees(f"{name} is in production now")
    ana.types(f"/rollout status {name}").sees("PRODUCTION · day 40 of 90", "taken over")
    ana.sees("Entered production by override although")


def test_without_a_memo_the_start_modal_says_how_to_take_something_over() -> None:
    window = start_modal(Pen(ZoneInfo("Europe/Lisbon")), StartWindow("Returns", (), memos=()), "")
    assert "At work already? File a memo about it first" in words(window, {})
    assert "take_over" not in fields(window)
