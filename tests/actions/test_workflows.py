"""Workflows from start to end: names, dates, domains, roles, pauses, and the playbook that they keep."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.actions.desk import Turn
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning, Correction, edit, give_role, start
from bot.domain.errors import BadInput, Conflict, NotFound, Refused
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Domain, Role
from bot.playbooks import shelf
from tests.cast import MONDAY
from tests.program import Program


def test_a_workflow_starts_in_pilot_today_with_its_roles(refunds: Program) -> None:
    of = refunds.workflow()
    assert (of.name, of.purpose, of.team.name, of.phase) == (
        "refunds_agent",
        "Drafts refunds for a person to send.",
        "Support",
        PhaseName.PILOT,
    )
    assert (of.start_on, of.day(MONDAY), of.domain, of.started_at) == (date(2026, 3, 2), 1, Domain.GENERAL, MONDAY)
    assert {holder.role: holder.person.name for holder in of.holders} == {Role.OWNER: "Ana", Role.STEWARD: "Stu"}
    assert of.playbook.id == "ninety_day"
    assert (of.pause, of.paused_days, of.outcome, of.version) == (None, 0, None, 1)


def test_day_1_is_the_local_date_of_the_team(program: Program) -> None:
    program.clock.at = MONDAY + timedelta(hours=5)
    auckland = program.team("Kiwis", zone="Pacific/Auckland")
    assert program.start(team=auckland).start_on == date(2026, 3, 3)


def test_a_team_is_made_on_the_way_led_by_whoever_starts(program: Program) -> None:
    made, _ = program.do(
        "max", start, Beginning("triage", "Sorts tickets.", new_team=TeamEntry("Sales", "C9", zone="Asia/Kolkata"))
    )
    assert made is not None
    team = program.workflow("triage").team
    assert (team.name, team.channel, team.lead.name, team.approvers, team.zone, str(team.hours)) == (
        "Sales",
        "C9",
        "Max",
        (),
        "Asia/Kolkata",
        "9-18",
    )
    assert program.facts() == ("team_made", "workflow_started")


@pytest.mark.parametrize(
    ("beginning", "error", "said"),
    [
        (Beginning("Refunds Agent", "Why."), Conflict, "There is a workflow refunds_agent already"),
        (Beginning("other", "  "), BadInput, "Please say what the agent will do"),
        (Beginning("other", "Why.", playbook="ninety_days"), NotFound, "There is no playbook"),
        (Beginning("other", "Why.", start_on=date(2024, 1, 1)), BadInput, "more than 400 days from today"),
        (Beginning("other", "Why.", start_on=date(2028, 1, 1)), BadInput, "more than 400 days from today"),
    ],
)
def test_what_cannot_start_is_refused_and_nothing_is_left_of_it(
    refunds: Program, beginning: Beginning, error: type[Exception], said: str
) -> None:
    before = refunds.facts()
    with_a_team = Beginning(
        beginning.name,
        beginning.purpose,
        beginning.playbook,
        new_team=TeamEntry("Sales", "C9"),
        start_on=beginning.start_on,
    )
    with pytest.raises(error, match=said):
        refunds.do("max", start, with_a_team)
    assert refunds.facts() == before
    assert refunds.ask(lambda view: [team.name for team in view.teams()]) == ["Support"]


def test_a_workflow_needs_a_team(program: Program) -> None:
    with pytest.raises(BadInput, match="A workflow belongs to a team") as refusal:
        program.do("max", start, Beginning("other", "Why."))
    assert refusal.value.field == "team"


def test_the_name_of_a_closed_workflow_stays_taken(refunds: Program) -> None:
    refunds.close()
    with pytest.raises(Conflict, match="Names of closed workflows stay taken"):
        refunds.start()


def test_a_wrong_name_is_answered_with_the_nearest(refunds: Program) -> None:
    with pytest.raises(NotFound, match=r"There is no workflow 'refund_agents'\. Did you mean refunds_agent\?"):
        refunds.workflow("refund_agents")
    assert refunds.workflow(" Refunds_Agent ").name == "refunds_agent"


# The playbook


def test_a_changed_file_never_changes_a_running_workflow(
    refunds: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refunds.check("choose_workflow", evidence="https://docs.example/1")
    before, row = refunds.workflow().playbook, refunds.row("choose_workflow")
    folder = tmp_path / "playbooks"
    shutil.copytree(shelf.FOLDER, folder)
    monkeypatch.setattr(shelf, "FOLDER", folder)
    file = folder / "ninety_day.yaml"
    changed = file.read_text().replace("Choose a workflow of clear value", "Choose any workflow")
    file.write_text(changed.replace("version: 1", "version: 2", 1))

    reopened = Program(refunds.database)
    assert (reopened.workflow().playbook, reopened.row("choose_workflow")) == (before, row)
    after = reopened.start("newer").playbook
    assert (after.id, after.version, after.hash == before.hash) == ("ninety_day", 2, False)
    with reopened.desk.reading() as view:
        assert [name in view.playbook_text(pin.hash) for pin in (before, after) for name in ("any workflow",)] == [
            False,
            True,
        ]
    file.unlink()
    assert reopened.row("choose_workflow") == row


# Corrections


def test_an_edit_changes_what_is_given_and_notes_what_stood_before(refunds: Program) -> None:
    before = refunds.workflow()
    billing = refunds.team("Billing")
    edited = refunds.edit(name="Refund Drafts", purpose="Drafts.", team=billing, start_on=date(2026, 2, 20))
    assert (edited.name, edited.purpose, edited.team.name, edited.start_on, edited.domain, edited.version) == (
        "refund_drafts",
        "Drafts.",
        "Billing",
        date(2026, 2, 20),
        Domain.GENERAL,
        2,
    )
    details = refunds.chain()[-1]["details"]
    assert details["before"] == [["name", "refunds_agent"], ["team_id", before.team.id], ["start_on", "2026-03-02"]]


def test_an_edit_that_says_what_stands_already_changes_nothing(refunds: Program) -> None:
    of = refunds.workflow()
    with pytest.raises(BadInput, match="Nothing was changed: give at least one new value"):
        refunds.edit(name=of.name, team=of.team, start_on=of.start_on, domain=of.domain)
    with pytest.raises(BadInput, match="Nothing was changed"):
        refunds.edit()


def test_a_name_that_is_taken_is_refused(refunds: Program) -> None:
    refunds.start("triage")
    with pytest.raises(Conflict, match="There is a workflow triage already"):
        refunds.edit(name="Triage")


def test_a_start_date_is_free_to_change_until_day_15_and_from_then_on_asked_for(refunds: Program) -> None:
    refunds.later(days=14)
    assert refunds.edit(start_on=date(2026, 3, 1)).day(refunds.at) == 16
    with pytest.raises(Refused, match="refunds_agent is past day 15, so a new start date needs an approver"):
        refunds.edit("ada", start_on=date(2026, 3, 2))
    refunds.approve(refunds.ask_start(date(2026, 3, 9)))
    assert (refunds.workflow().start_on, refunds.workflow().day(refunds.at)) == (date(2026, 3, 9), 8)
    with pytest.raises(Refused, match="Until day 15 nobody needs to approve a new start date: edit it directly"):
        refunds.ask_start(date(2026, 3, 10))


def test_a_start_date_that_could_not_be_is_refused_when_it_is_asked_for(refunds: Program) -> None:
    refunds.later(days=20)
    for impossible, said in ((date(2020, 1, 1), "more than 400 days"), (date(2026, 3, 2), "Nothing was changed")):
        with pytest.raises(BadInput, match=said):
            refunds.ask_start(impossible)
    assert refunds.ask(lambda view: view.requests()) == ()


def test_a_domain_is_only_raised(refunds: Program) -> None:
    assert refunds.edit(domain=Domain.BILLING).domain.is_high_risk
    assert refunds.edit(domain=Domain.PII).domain is Domain.PII
    with pytest.raises(Refused, match="works in pii, which is high-risk, and a domain can only be raised"):
        refunds.edit("ada", domain=Domain.GENERAL)


def test_two_edits_of_one_version_are_one_edit_and_one_conflict(refunds: Program) -> None:
    seen = refunds.workflow()
    refunds.edit(purpose="First.")
    with pytest.raises(Conflict, match="This workflow changed in this very moment, so nothing was saved"):
        refunds.do("stu", edit, seen, Correction(purpose="Second."))
    assert (refunds.workflow().purpose, refunds.workflow().version) == ("First.", 2)


# Roles


def test_a_role_passes_from_one_to_the_next_and_reviewers_are_many(refunds: Program) -> None:
    refunds.give(Role.OWNER, "max")
    for reviewer in ("eva", "gil"):
        refunds.give(Role.REVIEWER, reviewer, by="max")
    of = refunds.workflow()
    assert [person.name for person in of.holders_of(Role.OWNER)] == ["Max"]
    assert [person.name for person in of.holders_of(Role.REVIEWER)] == ["Eva", "Gil"]
    with pytest.raises(Conflict, match="Max is accountable owner of refunds_agent already"):
        refunds.give(Role.OWNER, "max", by="lea")
    with pytest.raises(Conflict, match="Ana is not accountable owner of refunds_agent"):
        refunds.vacate(Role.OWNER, "ana", by="lea")


def test_an_owner_who_hands_over_may_give_other_roles_in_the_same_act(refunds: Program) -> None:
    seen, max_, eva = refunds.workflow(), refunds.person("max"), refunds.person("eva")

    def hand_over(turn: Turn) -> None:
        give_role(turn, seen, Role.OWNER, max_)
        give_role(turn, seen, Role.EVAL_OWNER, eva)

    refunds.do("ana", hand_over)
    assert [
        person.name for role in (Role.OWNER, Role.EVAL_OWNER) for person in refunds.workflow().holders_of(role)
    ] == [
        "Max",
        "Eva",
    ]


def test_a_role_given_on_an_old_look_takes_it_from_whoever_holds_it_now(refunds: Program) -> None:
    seen = refunds.workflow()
    refunds.give(Role.OWNER, "max")
    refunds.do("lea", give_role, seen, Role.OWNER, refunds.person("eva"))
    people = {each.person.id: each.person.name for each in refunds.workflow().holders}
    last = refunds.chain()[-1]["details"]
    assert people[last["person"]] == "Eva"
    assert refunds.ask(lambda view: [view.person_by_id(each).name for each in last["before"]]) == ["Max"]


def test_the_roles_item_ticks_itself_and_opens_when_a_role_is_vacated(refunds: Program) -> None:
    assert (refunds.row("name_roles").state, refunds.checklist().vacant) == ("open", (Role.EVAL_OWNER, Role.GATEKEEPER))
    refunds.give(Role.EVAL_OWNER, "eva")
    refunds.give(Role.GATEKEEPER, "gil")
    assert (refunds.row("name_roles").state, refunds.checklist().vacant) == ("done", ())
    refunds.vacate(Role.GATEKEEPER, "gil")
    assert (refunds.row("name_roles").state, refunds.checklist().vacant) == ("open", (Role.GATEKEEPER,))
