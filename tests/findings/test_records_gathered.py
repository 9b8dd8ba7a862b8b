"""A small program made as people make it, judged whole: what stands recorded is found, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from bot import playbooks
from bot.actions import deviations, gates, signals
from bot.actions.checklists import statuses
from bot.actions.desk import Asked
from bot.actions.findings.judging import judge
from bot.actions.findings.records import program_records, records_by
from bot.actions.findings.scene import scene_of
from bot.actions.gates import Wish
from bot.domain.deviations import DeviationArea, Entry
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.records import Records
from bot.domain.findings.weeks import Weeks
from bot.domain.grants.life import SuspensionCause
from bot.domain.memos import Comparison, Move, Prediction
from bot.domain.people import Membership
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import Trace
from store import View
from tests.cast import MONDAY
from tests.findings.record_samples import CRITICAL, NOTICE, WARNING
from tests.grants_program import ATTENDED, GrantsProgram, action, incident, measured, policy
from tests.memos.samples import file
from tests.playbook_texts import spoiled

EVAL = "        eval: {min_cases: 200, min_pass: 0.95, max_age_days: 14}\n"
ZONE = "Europe/Lisbon"
OURS = frozenset(
    {
        "item.overdue",
        "phase.slipping",
        "pilot.too_broad",
        "pause.long",
        "role.vacant",
        "grant.expiring",
        "grant.suspended",
        "grant.unattested",
        "override.debt",
        "approval.waiting",
        "approval.uncovered",
        "incident.no_postmortem",
        "memo.missing",
        "memo.missed",
        "deviation.open",
        "enablement.gap",
        "source.blind",
    }
)
"""The rules whose inputs are what stands recorded."""

Line = tuple[str, Severity, str, str, str | None]


@pytest.fixture
def refunds(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> GrantsProgram:
    """refunds_agent on its day 1 of a small playbook: all roles held, and a gate out of pilot that asks for little."""
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: spoiled((EVAL, "")))
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    return program


def found(program: GrantsProgram, at: datetime | None = None) -> tuple[Finding, ...]:
    """What our rules find at an instant, now unless told otherwise."""
    scene = scene_of(program.desk, program.ask(lambda view: view.workflows()))
    weeks = Weeks(at or program.at, ZONE)
    judgement = program.ask(lambda view: judge(view, view.workflows(), weeks, scene))
    return tuple(finding for finding in judgement.findings if finding.rule in OURS)


def lines(program: GrantsProgram, at: datetime | None = None) -> list[Line]:
    """The same: rule, severity, subject, about, and who has to act; in the order of the alphabet."""
    return sorted(
        (each.rule, each.severity, each.subject.name, each.about, each.owner.name if each.owner else None)
        for each in found(program, at)
    )


def only(program: GrantsProgram, rule: str, at: datetime | None = None) -> list[Line]:
    """Those of one rule."""
    return [line for line in lines(program, at) if line[0] == rule]


def records(program: GrantsProgram, at: datetime | None = None) -> Records:
    """What stands recorded of refunds_agent."""
    workflow, weeks = program.workflow(), Weeks(at or program.at, ZONE)
    scene = scene_of(program.desk, (workflow,))

    def gathered(view: View) -> Records:
        checklists = tuple(status.checklist for status in statuses(view, (workflow,), weeks.at))
        return records_by(view, checklists, weeks, scene)[workflow.id]

    return program.ask(gathered)


def override(program: GrantsProgram, days: int = 30) -> str:
    """The memo by which the workflow was brought to production although its gate was shut."""
    memo_id = file(program)
    wish = Wish(memo_id, program.at.date() + timedelta(days=days))
    request_id = program.do("ana", gates.promote, program.workflow(), wish).request_id
    assert request_id
    program.approve(request_id)
    return memo_id


def deviate(program: GrantsProgram) -> str:
    entry = Entry("Sent 3 refunds without approval.", DeviationArea.SECURITY, date(2026, 3, 20))
    return program.do("max", deviations.open_one, program.workflow(), entry, None).deviation_id


def merge(program: GrantsProgram) -> None:
    """A change that cannot be undone, merged now."""
    about = {"type": "change", "key": "PR-9", "title": "Drop the old ledger", "lead_time_hours": 26, "reverts": None}
    program.send({**about, "id": f"{program.name} PR-9", "merged_at": program.at.isoformat(), "irreversible": True})


def equip(program: GrantsProgram, team: str, trained: int, cost: float) -> None:
    """Ten seats of a team."""
    about = {"type": "seat", "id": team, "source": "hr", "at": program.at.isoformat(), "team": team, "tier": "pro"}
    line = json.dumps({**about, "people": 10, "trained": trained, "cost_usd_month": cost})
    assert signals.take_in(program.desk, Asked(program.actor("max")), [line]).accepted == 1


def csat(check_on: date, at_least: str = "4.5") -> Prediction:
    return Prediction("csat", Comparison.AT_LEAST, Decimal(at_least), check_on)


def troubled(program: GrantsProgram) -> dict[str, str]:
    """Everything that our rules look for goes wrong in the program's workflow; the ids of what was made."""
    draft = policy(action("draft_reply"), workflow=program.name)
    made = {"override": override(program), "deviation": deviate(program), "grant": program.grant(draft).id}
    made["memo"] = file(program, prediction=csat(date(2026, 3, 10)))
    program.later(days=1)
    merge(program)
    program.send(incident(status="open"), measured(4.1))
    program.later(hours=1)
    program.send(incident(status="resolved"))
    program.later(days=23)
    made["request"] = program.ask_skip("delta")
    program.later(days=4)
    return made


def test_a_program_in_trouble_is_told_everything_and_who_has_to_act(refunds: GrantsProgram) -> None:
    made = troubled(refunds)
    refunds.workspace.memberships |= {"UCEM": Membership.DEACTIVATED, "UAPO": Membership.DEACTIVATED}
    refunds.workspace.memberships |= {"UADA": Membership.DEACTIVATED, "UEVA": Membership.DEACTIVATED}
    assert lines(refunds) == [
        ("approval.uncovered", WARNING, "Support", "", "Lea"),
        ("approval.waiting", WARNING, "refunds_agent", made["request"], "Bea"),
        ("deviation.open", CRITICAL, "refunds_agent", made["deviation"], "Stu"),
        ("grant.unattested", NOTICE, "refunds_agent", made["grant"], "Stu"),
        ("incident.no_postmortem", WARNING, "refunds_agent", "INC-1", "Stu"),
        ("item.overdue", CRITICAL, "refunds_agent", "", "Lea"),
        ("memo.missed", WARNING, "refunds_agent", made["memo"], "Ana"),
        ("memo.missing", WARNING, "refunds_agent", "PR-9", "Ana"),
        ("override.debt", NOTICE, "refunds_agent", "gate:production", "Lea"),
        ("role.vacant", WARNING, "refunds_agent", "eval_owner", "Ana"),
    ]


def test_a_finding_carries_the_numbers_that_made_it_and_the_signal_that_it_rests_on(refunds: GrantsProgram) -> None:
    made = troubled(refunds)
    here = refunds.workflow()
    (missed,) = [each for each in found(refunds) if each.rule == "memo.missed"]
    (value,) = refunds.ask(lambda view: view.metrics.latest(here.id)).values()
    assert missed == Finding(
        rule="memo.missed",
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.WORKFLOW, here.id, "refunds_agent"),
        about=made["memo"],
        team_id=here.team.id,
        team="Support",
        summary="the prediction of the memo “Refunds go out alone” was missed: csat was 4.1, and ≥ 4.5 was expected by "
        "10 Mar 2026",
        facts=(
            ("memo", made["memo"]),
            ("check_on", "2026-03-10"),
            ("title", "Refunds go out alone"),
            ("metric", "csat"),
            ("comparison", ">="),
            ("expected", "4.5"),
            ("value", "4.1"),
            ("measured_at", value.at.isoformat()),
        ),
        owner=here.holders[0].person,
        next_step="file a memo that supersedes it and says what follows from the miss",
        evidence=(Trace("memo", made["memo"]), Trace("signal", value.id, value.url)),
    )


def test_once_all_of_it_is_mended_nothing_is_left(refunds: GrantsProgram) -> None:
    made = troubled(refunds)
    refunds.withdraw(made["request"])
    refunds.do("stu", deviations.close, made["deviation"], "Told them.")
    refunds.attest(refunds.one(made["grant"]))
    refunds.postmortem()
    for item in ("beta", "delta"):
        refunds.check(item, "ana", evidence="https://docs.example.com/1")
    refunds.see("eval_run")
    file(refunds, supersedes=made["memo"], changes=("PR-9",), move=Move.TO_PRODUCTION)
    assert lines(refunds) == []


def test_a_memo_that_was_superseded_still_was_the_memo_of_its_change(refunds: GrantsProgram) -> None:
    merge(refunds)
    refunds.later(days=3)
    assert [about for _, _, _, about, _ in only(refunds, "memo.missing")] == ["PR-9"]
    first = file(refunds, changes=("PR-9",))
    file(refunds, supersedes=first)
    assert only(refunds, "memo.missing") == []


def test_a_closed_workflow_has_no_findings_and_its_team_needs_nobody(refunds: GrantsProgram) -> None:
    troubled(refunds)
    refunds.close()
    assert (lines(refunds), records(refunds)) == ([], Records())


def test_while_paused_only_grants_requests_and_incidents_are_judged(refunds: GrantsProgram) -> None:
    made = troubled(refunds)
    refunds.pause()
    assert [line[0] for line in lines(refunds)] == ["approval.waiting", "grant.unattested", "incident.no_postmortem"]
    refunds.withdraw(made["request"])
    refunds.later(days=29)
    assert only(refunds, "pause.long") == [("pause.long", NOTICE, "refunds_agent", "", "Ana")]


def test_signals_at_or_after_the_instant_do_not_exist(refunds: GrantsProgram) -> None:
    file(refunds, prediction=csat(date(2026, 3, 3)))
    refunds.later(days=1)
    merge(refunds)
    refunds.send(incident(status="resolved"))
    refunds.later(days=10)
    at = refunds.at
    refunds.send(incident(status="open"), measured(4.1))
    assert [line[:2] for line in lines(refunds, at) if line[0] != "item.overdue"] == [
        ("incident.no_postmortem", WARNING),
        ("memo.missed", NOTICE),
        ("memo.missing", WARNING),
    ]
    later = at + timedelta(microseconds=1)
    assert [line[:2] for line in lines(refunds, later) if line[0] != "item.overdue"] == [
        ("memo.missed", WARNING),
        ("memo.missing", WARNING),
    ]
    assert records(refunds, MONDAY + timedelta(days=1)).irreversible == ()


def test_a_prediction_is_answered_by_the_last_value_in_its_time_else_by_the_first_after(refunds: GrantsProgram) -> None:
    refunds.measure(3)
    refunds.later(hours=1)
    first = file(refunds, prediction=csat(date(2026, 3, 4)))
    second = file(refunds, prediction=csat(date(2026, 3, 20)))
    other = file(refunds, prediction=Prediction("hours", Comparison.BELOW, Decimal(1), date(2026, 3, 4)))
    refunds.later(days=3)
    refunds.measure(3.5)
    refunds.later(days=1)
    refunds.measure(4.6)
    refunds.later(days=30)
    refunds.measure(4.2)
    refunds.later(hours=1)
    answers = {each.memo.id: each.measured and each.measured.body.value for each in records(refunds).predictions}
    assert answers == {first: Decimal("3.5"), second: Decimal("4.6"), other: None}
    assert only(refunds, "memo.missed") == sorted(
        [
            ("memo.missed", WARNING, "refunds_agent", first, "Ana"),
            ("memo.missed", NOTICE, "refunds_agent", other, "Ana"),
        ]
    )


def test_a_prediction_is_due_when_its_day_is_over_where_the_team_is(refunds: GrantsProgram) -> None:
    memo_id = file(refunds, prediction=csat(date(2026, 3, 29)))
    midnight = datetime(2026, 3, 29, 23, tzinfo=UTC)
    assert records(refunds, midnight - timedelta(microseconds=1)).predictions == ()
    assert [each.memo.id for each in records(refunds, midnight).predictions] == [memo_id]


def test_what_time_alone_stops_is_suspended_before_anyone_noted_it(refunds: GrantsProgram) -> None:
    refunds.enter(PhaseName.PRODUCTION)
    refunds.run()
    grant = refunds.grant(ATTENDED)
    refunds.later(days=15)
    (held,) = records(refunds).grants
    assert [each.cause for each in held.suspensions] == [SuspensionCause.EVALS_STALE]
    assert only(refunds, "grant.suspended") == [("grant.suspended", WARNING, "refunds_agent", grant.id, "Stu")]
    refunds.later(days=75)
    assert records(refunds).grants == ()


def test_an_override_is_owed_until_its_checks_pass_and_a_warning_once_it_has_expired(refunds: GrantsProgram) -> None:
    override(refunds, days=7)
    assert [(debt.result.check, debt.is_expired) for debt in records(refunds).debts] == [
        ("required_items", False),
        ("memo_filed", False),
    ]
    refunds.later(days=8)
    assert only(refunds, "override.debt")[0][1] is WARNING
    refunds.check("beta", "ana", evidence="https://docs.example.com/1")
    refunds.see("eval_run")
    assert [debt.result.check for debt in records(refunds).debts] == ["memo_filed"]


def test_a_teams_pilots_seats_and_approvers_are_looked_at_whichever_workflows_are_judged(
    program: GrantsProgram,
) -> None:
    for name in ("a_agent", "b_agent", "c_agent"):
        program.start(name)
    billing = program.team("Billing", approvers=())
    program.start("d_agent", team=billing)
    program.name = "d_agent"
    program.enter(PhaseName.SCALING)
    equip(program, "Support", trained=10, cost=400)
    equip(program, "Billing", trained=7, cost=100)
    program.later(days=1)
    program.workspace.groups["SAPPROVERS"] = ()
    assert lines(program) == [
        ("approval.uncovered", WARNING, "Billing", "", "Lea"),
        ("enablement.gap", NOTICE, "Billing", "seats", "Lea"),
        ("enablement.gap", NOTICE, "Billing", "trained", "Lea"),
        ("pilot.too_broad", NOTICE, "Support", "", "Lea"),
    ]
    weeks, scene = Weeks(program.at, ZONE), scene_of(program.desk, ())
    judgement = program.ask(lambda view: judge(view, (), weeks, scene))
    assert len([each for each in judgement.findings if each.rule in OURS]) == 4


@contextmanager
def counted(connection: Any) -> Iterator[list[str]]:
    """The queries that are asked meanwhile."""
    asked: list[str] = []

    def note(*about: Any) -> None:
        asked.append(about[2])

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)


def queries(program: GrantsProgram) -> int:
    """How many queries it takes to gather what stands recorded of the whole program."""
    workflows, weeks = program.ask(lambda view: view.workflows()), Weeks(program.at, ZONE)
    scene = scene_of(program.desk, workflows)
    with program.database.reading() as connection:
        view = View(connection, {})
        checklists = tuple(status.checklist for status in statuses(view, workflows, weeks.at))
        with counted(connection) as asked:
            gathered = records_by(view, checklists, weeks, scene)
            program_records(view, weeks, scene)
    assert all(each.debts and each.grants and each.predictions and each.unlearned for each in gathered.values())
    return len(asked)


def test_the_number_of_queries_does_not_grow_with_the_number_of_workflows(refunds: GrantsProgram) -> None:
    troubled(refunds)
    one = queries(refunds)
    team = refunds.workflow().team
    for number in range(2):
        refunds.clock.at = refunds.real.at = MONDAY
        refunds.name = f"agent_{number}"
        refunds.start(playbook="small", eval_owner="eva", gatekeeper="gil", team=team)
        troubled(refunds)
    assert (queries(refunds), one) == (one, one)
    assert one < 40
