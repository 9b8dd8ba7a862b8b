"""A digest's inputs, gathered from a program that is there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import voids
from bot.actions.digests.drafting import draft
from bot.actions.digests.previewing import audience_named, audience_of, leaders_at
from bot.actions.findings.scene import scene_of
from bot.domain.digests.audiences import Audience, LeadersPlace
from bot.domain.digests.composing import Outlook, compose
from bot.domain.digests.inputs import Correction, Inputs, Moved, Numbers, PhaseCount, Resolved, Save
from bot.domain.errors import NotFound
from bot.domain.findings.declaring import PROGRAM_RULES, RULES, Found, Rule, Spotted
from bot.domain.findings.kinds import Severity, Subject, SubjectKind
from bot.domain.findings.looks import ProgramLook, WorkflowLook
from bot.domain.findings.steward_week import StewardWeek
from bot.domain.findings.tracking import Acknowledgement, FindingState, Snooze, Tracked, Weight
from bot.domain.findings.weeks import Weeks
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Workflow
from store import Database
from tests.cast import agent
from tests.grants_program import DRAFT, GrantsProgram, measured

PLACE = LeadersPlace("CLEADERS", "Europe/Lisbon")
LEADERS = leaders_at(PLACE)


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent of Support, which began a week ago, at the Monday of its first digest."""
    made = GrantsProgram(database)
    made.start()
    made.later(days=7)
    return made


@pytest.fixture(autouse=True)
def only_these_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue empty; a test declares what it needs."""
    for catalogue in (RULES, PROGRAM_RULES):
        for name in list(catalogue):
            monkeypatch.delitem(catalogue, name)


def finds(monkeypatch: pytest.MonkeyPatch, name: str, severity: Severity, *workflows: str) -> None:
    """Declares a rule that finds something about each of these workflows."""

    def find(look: WorkflowLook) -> Iterator[Found]:
        """Always."""
        if look.workflow.name in workflows:
            yield Found(severity, "something is off", look.workflow.team.lead, "mend it")

    monkeypatch.setitem(RULES, name, Rule(name, 1, True, find))


def goes_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declares a rule that finds a source blind."""

    def find(look: ProgramLook) -> Iterable[Spotted]:
        """Always."""
        found = Found(Severity.WARNING, "not read for 3 days", None, "renew its token")
        return (Spotted(Subject(SubjectKind.SOURCE, "jira", "Jira"), None, found),)

    monkeypatch.setitem(PROGRAM_RULES, "source.blind", Rule("source.blind", 1, True, find))


def drafted(program: GrantsProgram, audience: Audience = LEADERS, *known: Tracked) -> Inputs:
    weeks = Weeks(program.at, audience.zone)
    scene = scene_of(program.desk, program.ask(lambda view: view.workflows()))
    return program.ask(lambda view: draft(view, audience, weeks, scene, {each.key: each for each in known}))


def tracked(program: GrantsProgram, workflow: Workflow, rule: str, severity: Severity, **fields: Any) -> Tracked:
    """What a digest of a week ago left behind."""
    standard = Tracked(
        id="fnd_1",
        key=f"{rule}|workflow:{workflow.id}|",
        rule=rule,
        workflow_id=workflow.id,
        team_id=None,
        first_seen=program.at - timedelta(days=7),
        first_week="2026-W09",
        weight=Weight(severity, 1),
        before=None,
        changed_week=None,
        version=1,
    )
    return replace(standard, **fields)


def test_a_quiet_first_week_says_what_there_is_and_stays_what_it_was(program: GrantsProgram) -> None:
    week = drafted(program)

    assert (week.week, week.at - week.window.start) == ("2026-W10", timedelta(days=7))
    assert week.portfolio.phases == (PhaseCount(PhaseName.PILOT, 1),)
    assert (week.portfolio.paused, week.portfolio.on_track, week.portfolio.moves) == (0, 1, ())
    assert (week.findings, week.waiting, week.saves, week.corrections, week.resolved) == ((), (), (), (), ())
    assert (week.head.seq, week.head.hash) == (program.chain()[-1]["seq"], program.chain()[-1]["hash"])
    assert compose(week).outlook is Outlook.UNHEARD
    assert drafted(program) == week


def test_findings_come_with_what_is_known_of_them(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("new.rule", "carried.rule", "worse.rule", "known.rule", "late.rule"):
        finds(monkeypatch, name, Severity.WARNING, "refunds_agent")
    here, ana, weight = program.workflow(), program.person("ana"), Weight(Severity.WARNING, 1)
    week = drafted(
        program,
        LEADERS,
        tracked(program, here, "carried.rule", Severity.WARNING, assigned_to=ana),
        tracked(program, here, "worse.rule", Severity.NOTICE),
        tracked(program, here, "known.rule", Severity.WARNING, acknowledged=Acknowledgement(ana, program.at, weight)),
        tracked(
            program,
            here,
            "late.rule",
            Severity.WARNING,
            snoozed=Snooze(ana, program.at, program.at.date() + timedelta(days=1), "It waits.", Severity.WARNING),
        ),
        tracked(program, here, "gone.rule", Severity.WARNING),
    )

    assert {each.finding.rule: (each.state, each.weeks) for each in week.findings} == {
        "new.rule": (FindingState.NEW, 1),
        "carried.rule": (FindingState.CARRIED, 2),
        "worse.rule": (FindingState.WORSE, 2),
        "known.rule": (FindingState.ACKNOWLEDGED, 2),
        "late.rule": (FindingState.SNOOZED, 2),
    }
    by_rule = {each.finding.rule: each for each in week.findings}
    assert by_rule["carried.rule"].finding.owner == ana
    assert by_rule["known.rule"].acknowledged_by == ana
    assert by_rule["late.rule"].snooze_reason == "It waits."
    assert week.resolved == (Resolved("gone.rule", "refunds_agent"),)
    assert week.portfolio.on_track == 0


def test_a_team_reads_of_itself_and_of_blind_sources_the_leaders_of_everything(
    program: GrantsProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    billing = program.team("Billing")
    program.start("invoice_agent", team=billing, by="lea")
    finds(monkeypatch, "some.rule", Severity.CRITICAL, "refunds_agent", "invoice_agent")
    goes_blind(monkeypatch)

    def told(audience: Audience) -> set[tuple[str, str]]:
        week = drafted(program, audience)
        assert not compose(week).is_complete
        return {(each.finding.rule, each.finding.subject.name) for each in week.findings}

    assert told(audience_of(billing)) == {("some.rule", "invoice_agent"), ("source.blind", "Jira")}
    assert told(LEADERS) == {("some.rule", "refunds_agent"), ("some.rule", "invoice_agent"), ("source.blind", "Jira")}
    assert drafted(program, audience_of(billing)).portfolio.running == 1


def test_a_paused_workflow_is_counted_as_paused_and_not_as_on_track(program: GrantsProgram) -> None:
    program.pause()
    portfolio = drafted(program).portfolio

    assert (portfolio.running, portfolio.paused, portfolio.on_track) == (1, 1, 0)


def test_moves_of_the_week_are_told_and_earlier_ones_not(program: GrantsProgram) -> None:
    program.enter(PhaseName.PRODUCTION)
    program.later(hours=1)
    assert drafted(program).portfolio.moves == (Moved("refunds_agent", PhaseName.PILOT, PhaseName.PRODUCTION),)

    program.later(days=7)
    assert drafted(program).portfolio.moves == ()


def test_what_waits_names_who_has_been_asked(program: GrantsProgram) -> None:
    program.asked(DRAFT)
    program.later(days=2)
    (waits,) = drafted(program).waiting

    assert (waits.kind, waits.workflow, waits.asked_by.name) == ("grant", "refunds_agent", "Ana")
    assert [person.name for person in waits.deciders] == ["Bea"]


def test_signals_of_the_week_are_heard_from_programs_and_from_people(program: GrantsProgram) -> None:
    program.send({"type": "quality_save", "summary": "Stopped a payout.", "by": "UANA"}, by="max")
    at, ana = program.at, program.ask(lambda view: view.person_by_handle("UANA"))
    program.later(hours=1)
    week = drafted(program)

    assert (week.heard.sent, week.heard.typed) == (0, 1)
    assert week.heard.last_typed_by
    assert (week.heard.last_typed_by.name, week.heard.last_typed_at) == ("Max", at)
    assert week.saves == (Save("Stopped a payout.", ana, "refunds_agent"),)
    assert compose(week).outlook is Outlook.TYPED

    program.send(measured("4.3", "csat"), by=agent())
    program.later(hours=1)
    assert (drafted(program).heard.sent, compose(drafted(program)).outlook) == (1, Outlook.CLEAR)

    program.later(days=8)
    later = drafted(program)
    assert (later.heard.sent, later.heard.typed, later.heard.last_typed_at) == (0, 0, at)


def test_a_team_reads_its_stewards_numbers_of_the_week_and_leaders_only_those_of_a_team_in_their_channel(
    program: GrantsProgram,
) -> None:
    billing = program.team("Billing")
    program.start("invoice_agent", team=billing, by="lea")
    program.start("quiet_agent", team=billing, by="lea")
    ran = {
        "type": "agent_action",
        "action": "send_invoice",
        "facts": {},
        "reversed": False,
        "workflow": "invoice_agent",
    }
    merged = {"type": "change", "title": "Mend it", "merged_at": program.at.isoformat(), "workflow": "invoice_agent"}
    sent: tuple[dict[str, Any], ...] = (
        *({**ran, "outcome": outcome, "run_id": outcome} for outcome in ("done", "failed", "escalated")),
        {**merged, "key": "PR-1", "lead_time_hours": 5, "reverts": None, "irreversible": False},
        {**merged, "key": "PR-2", "lead_time_hours": 8, "reverts": "PR-1", "irreversible": False},
        {"type": "review", "output_id": "o1", "submitted_at": program.at.isoformat(), "workflow": "invoice_agent"},
        {"type": "rework", "kind": "escalation", "cost_usd": 20},
    )
    program.send(*({**each, "id": f"s-{number}"} for number, each in enumerate(sent)))
    program.later(hours=1)

    of_billing = StewardWeek(
        runs=3, failed_runs=1, escalations=1, changes=2, reverts=1, lead_time_hours=Decimal("6.5"), submitted=1
    )
    assert drafted(program, audience_of(billing)).numbers == (Numbers("invoice_agent", of_billing),)
    of_support = (Numbers("refunds_agent", StewardWeek(escalations=1)),)
    assert drafted(program, audience_of(program.workflow().team)).numbers == of_support
    assert drafted(program).numbers == ()
    assert drafted(program, leaders_at(LeadersPlace("CSUPPORT", "Europe/Lisbon"))).numbers == of_support
    program.later(days=7)
    assert drafted(program, audience_of(billing)).numbers == ()


def test_what_another_team_sent_is_nothing_that_this_team_heard(program: GrantsProgram) -> None:
    billing = program.team("Billing")
    program.start("invoice_agent", team=billing, by="lea")
    program.measure("4.3")
    program.later(hours=1)
    heard = drafted(program, audience_of(billing)).heard

    assert (heard.typed, heard.last_typed_at) == (0, None)
    assert drafted(program).heard.typed == 1


def test_a_number_of_an_earlier_week_that_was_taken_back_is_told_once(program: GrantsProgram) -> None:
    program.send(measured("4.3", "csat", id="m-1"), by=agent())
    program.later(days=7)
    program.send(measured("4.4", "csat", id="m-2"), by=agent())
    for name in ("m-1", "m-2"):
        program.do("bea", voids.void, name, "Measured wrongly.")
    program.later(hours=1)

    assert drafted(program).corrections == (Correction("m-1", "metric", "refunds_agent"),)
    program.later(days=7)
    assert drafted(program).corrections == ()


def test_a_closed_workflow_is_out_of_it_and_a_program_without_any_is_empty(program: GrantsProgram) -> None:
    program.close()
    week = drafted(program)

    assert week.portfolio.phases == ()
    assert compose(week).outlook is Outlook.EMPTY


def test_an_audience_is_called_by_the_teams_name_or_id_and_a_wrong_one_is_refused(program: GrantsProgram) -> None:
    team = program.workflow().team

    assert program.ask(lambda view: audience_named(view, "Leaders", PLACE)) == LEADERS
    assert program.ask(lambda view: audience_named(view, "support", PLACE)) == audience_of(team)
    assert program.ask(lambda view: audience_named(view, f"team:{team.id}", PLACE)) == audience_of(team)
    with pytest.raises(NotFound, match="Did you mean Support"):
        program.ask(lambda view: audience_named(view, "Suport", PLACE))
