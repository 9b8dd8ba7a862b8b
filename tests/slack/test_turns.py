"""The turns of a workflow's life: pause, resume, edit, close; and its team's correction."""

from datetime import timedelta

from bot.domain.workflows import Domain, Outcome, Role
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.office import Office


def test_a_pause_stops_the_agent_too_unless_one_unticks_it_and_says_so(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout pause {case.name}", in_=case.room).fills(reason="The team moves house.").submits()
    ana.sees(f"{case.name} is paused", "agent is stopped too").sees("Ana Duarte paused", "The team moves house.")
    assert case.workflow.pause
    assert case.workflow.pause.froze is True
    ana.types(f"/rollout status {case.name}").sees("PAUSED", "The team moves house.", "agent is stopped too")


def test_a_pause_without_a_freeze_says_that_the_agent_may_still_act(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout pause {case.name}", in_=case.room).fills(reason="The team moves house.", freeze=[]).submits()
    ana.sees(f"{case.name} is paused", "agent may still act")
    assert case.workflow.pause
    assert case.workflow.pause.froze is False


def test_a_resume_moves_the_due_days_by_the_days_that_were_paused(office: Office) -> None:
    ana, case = office.person(ANA), office.case(day=3)
    due = case.row("measure_today").due_on
    ana.types(f"/rollout pause {case.name}", in_=case.room).fills(reason="Holidays.").submits().sees("is paused")
    office.passes(days=7)
    day = case.workflow.day(office.clock.now())
    ana.types(f"/rollout resume {case.name}").fills(reason="Everyone is back.").submits()
    ana.sees(f"{case.name} goes on, on day {day}", "by 7 days", "no longer stopped")
    assert (day, case.row("measure_today").due_on) == (3, due + timedelta(days=7))


def test_both_turns_ask_for_a_reason(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout pause {case.name}", in_=case.room).fills(reason=" ")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("reason", "why it pauses")
    ana.fills(reason="Holidays.").submits().sees("is paused")
    ana.types(f"/rollout resume {case.name}").fills(reason=" ").tries_to_submit().sees_error("reason", "why it goes on")


def test_what_cannot_turn_is_refused_before_one_types(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout resume {case.name}", in_=case.room).sees(f"{case.name} is not paused")
    ana.types(f"/rollout pause {case.name}").fills(reason="Holidays.").submits().sees("is paused")
    ana.types(f"/rollout pause {case.name}").sees("is paused already, by Ana Duarte")
    ana.types(f"/rollout close {case.name}").fills(outcome="done", reason="Handed over.").submits().sees("is closed")
    for verb in ("pause", "resume", "edit", "close"):
        ana.types(f"/rollout {verb} {case.name}")
        assert ana.windows == []
        ana.sees(f"{case.name} was closed as done", "start a new workflow")


def test_an_edit_is_filled_with_how_it_is_and_corrects_what_was_changed(office: Office) -> None:
    ana, case, other, name = office.person(ANA), office.case(), office.case(), office.fresh()
    before = case.workflow
    ana.types(f"/rollout edit {case.name}", in_=case.room)
    assert (ana.typed("name"), ana.typed("purpose"), ana.typed("owner")) == (case.name, "Proposes refunds.", ANA)
    begins = before.start_on - timedelta(days=2)
    ana.fills(name=name, purpose="Proposes and explains refunds.", team=other.workflow.team.id, domain="billing")
    ana.fills(start_on=begins.isoformat(), eval_owner=MEI, steward=BO).submits().sees(f"{name} is corrected")
    after = case.workflow
    assert (after.name, after.purpose, after.team.id, after.domain, after.start_on) == (
        name, "Proposes and explains refunds.", other.workflow.team.id, Domain.BILLING, begins,
    )  # fmt: skip
    assert {holder.role: holder.person.handle for holder in after.holders} == {
        Role.OWNER: ANA, Role.STEWARD: BO, Role.EVAL_OWNER: MEI,
    }  # fmt: skip


def test_a_role_is_left_vacant_by_emptying_its_field(office: Office) -> None:
    ana, case = office.person(ANA), office.case(roles={Role.EVAL_OWNER: MEI})
    ana.types(f"/rollout edit {case.name}", in_=case.room).fills(eval_owner=None).submits().sees("is corrected")
    assert case.workflow.holders_of(Role.EVAL_OWNER) == ()


def test_an_edit_that_changes_nothing_says_so_and_records_nothing(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout edit {case.name}", in_=case.room)
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("name", "Nothing was changed")


def test_a_raised_domain_cannot_be_lowered(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout edit {case.name}", in_=case.room).fills(domain="pii").submits().sees("is corrected")
    ana.types(f"/rollout edit {case.name}").fills(domain="general")
    with office.nothing_changes():
        ana.tries_to_submit()
    assert "can only be raised" in str(ana.errors)


def test_two_people_who_edit_at_once_lose_nothing(office: Office) -> None:
    ana, chidi, case = office.person(ANA), office.person(CHIDI), office.case(roles={Role.OWNER: CHIDI})
    for who in (ana, chidi):
        who.types(f"/rollout edit {case.name}", in_=case.room)
    ana.fills(purpose="Proposes refunds up to 50 euros.").submits().sees("is corrected")
    chidi.fills(domain="billing")
    with office.nothing_changes():
        chidi.tries_to_submit()
    assert "changed" in str(chidi.errors)
    assert "Ana Duarte" in str(chidi.errors)
    assert (case.workflow.purpose, case.workflow.domain) == ("Proposes refunds up to 50 euros.", Domain.GENERAL)


def test_a_closed_workflow_keeps_its_records_and_its_name(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout close {case.name}", in_=case.room).sees("for good")
    ana.fills(outcome="merged", reason="Joined with returns.").submits()
    ana.sees(f"{case.name} is closed as merged", "records are kept").sees(f"{case.name} was closed as merged")
    assert case.workflow.outcome is Outcome.MERGED
    ana.types(f"/rollout status {case.name}").sees("CLOSED · merged")
    ana.types("/rollout start").fills(name=case.name, purpose="Again.")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("name", "stay taken")


def test_someone_without_a_role_is_told_who_can(office: Office) -> None:
    bo, case = office.person(BO), office.case()
    with office.nothing_changes():
        for verb in ("pause", "resume", "edit", "close"):
            bo.types(f"/rollout {verb} {case.name}", in_=case.room).sees("You can't change this workflow", "Ana Duarte")
    assert bo.windows == []


def test_a_team_shows_its_people_and_is_corrected_by_its_lead(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types("/rollout team", in_=case.room).sees(case.workflow.team.name, "Europe/Lisbon", "9-18", "Ana Duarte")
    name = f"Desk of {case.name}"
    ana.clicks("Edit…").fills(name=name, lead=CHIDI, approvers=[MEI, BO], timezone="Africa/Lagos", hours="8-17")
    ana.submits().sees(f"{name} is corrected")
    ana.types("/rollout team").sees(name, "Africa/Lagos", "8-17", "Chidi Okafor", "Mei Tanaka, Bo Lindqvist")


def test_what_is_wrong_about_a_team_stands_beside_its_field(office: Office) -> None:
    ana, case, other = office.person(ANA), office.case(), office.case()
    ana.types("/rollout team", in_=case.room).clicks("Edit…").fills(timezone="Europe/Lisboa")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("timezone", "Did you mean Europe/Lisbon?")
        ana.fills(timezone="Europe/Lisbon", hours="9-5").tries_to_submit().sees_error("hours", "such as 9-18")
        ana.fills(hours="9-17", name=other.workflow.team.name).tries_to_submit().sees_error("name", "is a team")
        ana.fills(name="Desk", lead="U0GUEST").tries_to_submit().sees_error("lead", "not a full member")
    assert (ana.typed("hours"), ana.typed("name")) == ("9-17", "Desk")


def test_two_people_who_correct_a_team_at_once_lose_nothing(office: Office) -> None:
    ana, chidi, case = office.person(ANA), office.person(CHIDI), office.case()
    for who in (ana, chidi):
        who.types("/rollout team", in_=case.room).clicks("Edit…")
    ana.fills(approvers=[MEI, BO]).submits().sees("is corrected")
    chidi.fills(hours="8-16")
    with office.nothing_changes():
        chidi.tries_to_submit()
    assert "changed" in str(chidi.errors)
    team = case.workflow.team
    assert ([person.handle for person in team.approvers], str(team.hours)) == ([MEI, BO], "9-18")


def test_a_member_cannot_correct_a_team_and_is_told_who_can(office: Office) -> None:
    bo, case = office.person(BO), office.case()
    with office.nothing_changes():
        bo.types("/rollout team", in_=case.room).clicks("Edit…").sees("You can't change this team", "Ana Duarte")
    assert bo.windows == []
