"""Findings in Slack: in a status, on the Home, in a message for all; minded with a click, and explained."""

from dataclasses import replace

import pytest

from bot.domain.findings.kinds import Severity, Subject, SubjectKind
from bot.domain.findings.tracking import Tracked
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role
from bot.slack.blocks import Block, Screen, actions, button, overflow, section
from tests.findings.troubles import LATE, Troubles, finding_id, finding_id_of
from tests.slack.cast import ANA, BO, GUEST, MEI, RUI
from tests.slack.office import Case, Office

SUMMARY = "2 required items are late"
OTHERS = {"red_line.violated": Severity.CRITICAL, "incident.open": Severity.CRITICAL, "grant.expiring": Severity.NOTICE}


def off_plan(office: Office, troubles: Troubles, **more: object) -> Case:
    """A workflow of Ana's of which something is late."""
    case = office.case(approvers=(MEI,))
    troubles.of(case.name, replace(LATE, **more))  # type: ignore[arg-type]
    return case


def kept(office: Office, case: Case) -> Tracked:
    """What is kept of the one finding about a workflow."""
    with office.desk.reading() as view:
        (found,) = view.findings.of_workflows((case.id,)).values()
    return found


def id_of(case: Case) -> str:
    """The id of the finding that is made up."""
    return finding_id(case.id)


# In a status


def test_the_status_names_the_gravest_three_and_counts_the_rest(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    for rule, severity in OTHERS.items():
        troubles.of(case.name, replace(LATE, summary=f"{rule}!", severity=severity), rule)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.sees("Findings", "CRITICAL  red_line.violated!", SUMMARY, "→ Ana Duarte: Do them, or ask to skip them.  ·  new")
    assert ana.screen.index("CRITICAL") < ana.screen.index("WARNING")
    ana.sees(f"… and 1 more: /rollout why {case.name} shows all").sees_no("grant.expiring!")


def test_a_finding_is_acknowledged_from_the_status_which_is_drawn_anew(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.picks("Acknowledge", beside=SUMMARY).sees("acknowledged by Ana Duarte")
    known = kept(office, case).acknowledged
    assert known
    assert known.by.handle == ANA
    (menu,) = [each for each in ana.controls if each.label == "⋯" and each.is_at(SUMMARY)]
    assert "Acknowledge" not in menu.choices


def test_what_was_told_before_is_made_anew_once_somebody_acknowledged_it(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    bo = office.person(BO).types(f"/rollout status {case.name}", in_=case.room).sees("·  new")
    office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).picks("Acknowledge", beside=SUMMARY)
    office.settle()
    bo.types(f"/rollout status {case.name}").sees("acknowledged by Ana Duarte")


def test_a_finding_is_snoozed_until_a_day_with_a_reason(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.picks("Snooze…", beside=SUMMARY).fills(until="2026-03-09", reason="A vendor mends it.").tries_to_submit()
    ana.sees_error("until", "is not ahead")
    ana.fills(until="2026-05-09").tries_to_submit().sees_error("until", "28 days at most")
    ana.fills(until="2026-03-20").submits().sees("1 snoozed").sees_no(SUMMARY)
    snoozed = kept(office, case).snoozed
    assert snoozed
    assert (str(snoozed.until), snoozed.reason) == ("2026-03-20", "A vendor mends it.")


def test_a_red_line_has_no_snooze(office: Office, troubles: Troubles) -> None:
    case = office.case()
    troubles.of(case.name, replace(LATE, summary="Sent a password."), "red_line.violated")
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).sees("Sent a password.")
    (menu,) = [each for each in ana.controls if each.label == "⋯"]
    assert list(menu.choices) == ["Acknowledge", "Assign…", "Not useful", "Why?"]


def test_a_finding_is_assigned_and_stands_on_that_persons_home(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.picks("Assign…", beside=SUMMARY).fills(person=GUEST).tries_to_submit()
    ana.sees_error("person", "is not a full member")
    ana.fills(person=RUI).submits().sees("→ Rui")
    rui = office.person(RUI).opens_home().sees("Findings you own", f"{case.name}: {SUMMARY}")
    rui.picks("Not useful", beside=case.name).sees("Noted as not useful to you").closes()
    with office.desk.reading() as view:
        assert view.findings.precision()["item.overdue"].useless == 1


def test_others_are_refused_before_they_type(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    bo = office.person(BO).types(f"/rollout status {case.name}", in_=case.room)
    with office.nothing_changes():
        for choice in ("Acknowledge", "Snooze…", "Assign…"):
            bo.picks(choice, beside=SUMMARY).sees("You can't acknowledge, snooze or assign this finding", "Ana Duarte")
    assert bo.windows == []


def test_an_overview_counts_the_findings_of_each(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    bo = office.person(BO).types("/rollout status", in_=case.room)
    bo.sees(f"{case.name}  PILOT · day 1 of 90", "1 finding  ·  0 of 24 done")


# On the Home


def test_the_home_shows_findings_that_one_owns_and_acts_on_them_there(office: Office, troubles: Troubles) -> None:
    case = office.case(stem="triage", roles={Role.OWNER: BO, Role.STEWARD: BO})
    troubles.of(case.name)
    bo = office.person(BO).opens_home().sees("Findings you own", f"{case.name}: {SUMMARY}", "1 finding")
    bo.picks("Acknowledge", beside=f"{case.name}: ").sees("acknowledged by Bo Lindqvist")
    bo.picks("Why?", beside=f"{case.name}: ").sees("Rule item.overdue, version 3").closes()
    bo.picks("Snooze…", beside=f"{case.name}: ").fills(reason="Friday.").submits().sees_no_more("Findings you own")
    office.person(ANA).opens_home().sees_no(f"{case.name}: {SUMMARY}")


# Why


def test_why_shows_the_rule_the_facts_and_the_evidence(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles, evidence=(Trace("item", "collect_cases", "https://a.example/1"),))
    ana = office.person(ANA).types(f"/rollout why {case.name}", in_=case.room)
    ana.sees("1 finding about", case.name, "Rule item.overdue, version 3: Something is off plan that a test made up.")
    ana.picks("Why?", beside=SUMMARY)
    ana.sees("late: 2", "items: collect_cases, name_roles", "Evidence: item collect_cases")
    ana.types(f"/rollout why {id_of(case)}").sees(f"{case.name}: {SUMMARY}", "late: 2", "[Status]")
    ana.picks("Acknowledge", beside=SUMMARY).sees("Ana Duarte took it up", "Ana Duarte acknowledged it")


def test_why_links_evidence_only_on_hosts_that_an_admin_named(office: Office, troubles: Troubles) -> None:
    evidence = (Trace("item", "cases", "https://a.example/1"), Trace("item", "roles", "https://b.example/2"))
    case = off_plan(office, troubles, evidence=evidence)
    settings = office.desk.configured
    office.desk.configured = replace(settings, link_hosts=("b.example",))
    ana = office.person(ANA).types(f"/rollout why {id_of(case)}", in_=case.room).sees("Evidence: ")
    office.desk.configured = settings
    told = str(ana.messages())
    assert "<https://b.example/2|item roles>" in told
    assert "item cases https:\\u2060//a.example/1" in told


def test_why_without_a_name_takes_the_channels_only_workflow(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA).types("/rollout why", in_=case.room).sees(SUMMARY)
    ana.picks("Acknowledge", beside=SUMMARY).sees("acknowledged by Ana Duarte")
    troubles.over(case.name)
    ana.types("/rollout why").sees(f"Nothing about {case.name} is off plan")
    ana.types(f"/rollout why {id_of(case)}").sees("this is found no more", "Ana Duarte acknowledged it")


def test_why_of_nothing_known_says_so(office: Office, troubles: Troubles) -> None:
    ana = office.person(ANA)
    with office.nothing_changes():
        ana.types("/rollout why fnd_0000000000", in_=office.room()).sees("There is no finding 'fnd_0000000000'")


# In a message for all


def digest(office: Office, case: Case, ids: tuple[str, ...], *, under: bool = False) -> None:
    """A message like a digest's, each finding with its controls; or what stands in the thread under one."""
    messenger = office.bot.parts.messenger
    blocks: list[Block] = []
    for id_ in ids:
        menu = overflow("finding.menu", [(each.capitalize(), f"{each}:{id_}") for each in MENU])
        row = actions(button("Acknowledge", "finding.ack", id_), button("Why", "finding.why", id_), menu)
        blocks += [section(f"Finding {id_}"), row]
    first = messenger.post(case.room, Screen("Rollout digest", (section("Rollout digest"),)), "p1") if under else None
    messenger.post(case.room, Screen("Rollout digest", tuple(blocks)), "p2", first)


MENU = ("ack", "snooze", "assign", "useless", "why")


@pytest.mark.parametrize("under", [False, True])
def test_a_digests_buttons_give_way_to_who_did_what(office: Office, troubles: Troubles, *, under: bool) -> None:
    case, other = off_plan(office, troubles), off_plan(office, troubles)
    ana, mei = office.person(ANA), office.person(MEI)
    ana.room = mei.room = case.room
    digest(office, case, (id_of(case), id_of(other)), under=under)
    ana.clicks("Acknowledge", beside=id_of(case)).sees("Acknowledged by Ana Duarte", f"Finding {id_of(other)}")
    mei.sees("Acknowledged by Ana Duarte")
    labels = [(each.label, id_of(case) in each.beside) for each in ana.controls]
    assert labels == [("Why", True), ("⋯", True), ("Acknowledge", False), ("Why", False), ("⋯", False)]
    ana.picks("Snooze", beside=id_of(other)).fills(until="2026-03-20", reason="Friday.").submits()
    ana.sees("Snoozed until Fri 20 Mar", "by Ana Duarte", "Friday.", "Acknowledged by Ana Duarte")
    ana.sees("Snoozed until Fri 20 Mar: 2 required items are late")
    ana.picks("Assign", beside=id_of(case)).fills(person=RUI).submits()
    ana.sees("Acknowledged by Ana Duarte", "assigned to Rui", "Snoozed until")
    mei.clicks("Why", beside=id_of(case)).sees("Rule item.overdue, version 3")


def test_a_digest_that_nobody_may_look_for_keeps_its_buttons_and_the_act_stands(
    office: Office, troubles: Troubles
) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA)
    ana.room = case.room
    digest(office, case, (id_of(case),))
    office.fails("conversations.history", "error", error="missing_scope")
    ana.picks("Snooze", beside=id_of(case)).fills(until="2026-03-20", reason="Friday.").submits()
    ana.sees("Snoozed until Fri 20 Mar: 2 required items are late")
    assert kept(office, case).snoozed


def test_a_digest_that_cannot_be_changed_any_more_is_left_and_who_clicked_is_told(
    office: Office, troubles: Troubles
) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA)
    ana.room = case.room
    digest(office, case, (id_of(case),))
    office.fails("chat.update", "error", error="edit_window_closed")
    ana.clicks("Acknowledge", beside=id_of(case)).sees("Acknowledged: 2 required items are late")
    assert kept(office, case).acknowledged


def test_a_digest_keeps_the_mark_by_which_it_is_found_again(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    ana = office.person(ANA)
    ana.room = case.room
    digest(office, case, (id_of(case),))
    before = office.bot.parts.messenger.find(case.room, "p2", 0.0)
    ana.clicks("Acknowledge", beside=id_of(case)).sees("Acknowledged by Ana Duarte")
    assert before
    assert office.bot.parts.messenger.find(case.room, "p2", 0.0) == before


def test_what_someone_else_acknowledged_a_moment_ago_is_said(office: Office, troubles: Troubles) -> None:
    case = off_plan(office, troubles)
    mei = office.person(MEI)
    mei.room = case.room
    digest(office, case, (id_of(case),))
    seen = mei.finds("Acknowledge", beside=id_of(case))
    office.person(ANA).types(f"/rollout why {case.name}", in_=case.room).picks("Acknowledge", beside=SUMMARY)
    office.settle()
    with office.nothing_changes():
        mei.presses(*seen).sees("Ana Duarte acknowledged this on 9 Mar")


def test_a_finding_of_no_team_is_minded_by_those_who_decide(office: Office, troubles: Troubles) -> None:
    case = office.case()
    troubles.spot(f"jira-{case.id}", SubjectKind.SOURCE)
    ana, mei = office.person(ANA), office.person(MEI)
    ana.room = mei.room = case.room
    id_ = finding_id_of("source.blind", Subject(SubjectKind.SOURCE, f"jira-{case.id}", "jira"))
    digest(office, case, (id_,))
    with office.nothing_changes():
        ana.clicks("Acknowledge", beside=id_).sees("which concerns no single team")
        for choice in ("Snooze", "Assign"):
            ana.picks(choice, beside=id_).sees("which concerns no single team")
    assert ana.windows == []
    mei.clicks("Acknowledge", beside=id_).sees("Acknowledged by Mei Tanaka")
