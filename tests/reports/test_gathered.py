"""The report of a workflow that much was recorded of, read from the database; and of one without any data."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import metrics, signals, voids
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.actions.findings import minding
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import scene_in
from bot.actions.findings.tracking import track_now
from bot.actions.reports import report_of
from bot.domain.findings.precision import Precision
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry
from bot.domain.playbook import PhaseName, Rung
from bot.domain.reports.autonomy import GrantedOnRung, Stay
from bot.domain.reports.ledger import (
    Answered,
    IncidentsOfSeverity,
    MemosFiled,
    ReviewEffort,
    ReworkOfKind,
    SaveTold,
    TeamSeats,
)
from bot.domain.reports.progress import MetricProgress, Point
from bot.domain.reports.report import Costs, Decisions, Quality, Report
from bot.domain.signals.kinds import ReworkKind
from bot.domain.trajectory import PhaseStretch, WeekValue
from store import Database
from tests.cast import MONDAY, SCHEDULER, agent
from tests.grants_program import ATTENDED, DRAFT, GrantsProgram, action, incident, measured, policy
from tests.memos.samples import file

HOUR = timedelta(hours=1)


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent of Support's, with a success metric and a guardrail, on its first day."""
    found = GrantsProgram(database)
    found.start()
    minutes = MetricEntry("minutes", MetricKind.SUCCESS, Better.LOWER, Decimal(12), Decimal(6))
    found.do("stu", metrics.define, found.workflow(), minutes)
    found.guard()
    return found


def at(program: GrantsProgram, day: int) -> None:
    """Ten in the morning in Lisbon in winter, on day N."""
    program.clock.at = program.real.at = MONDAY + timedelta(days=day - 1, hours=1)


def report(program: GrantsProgram) -> Report:
    return program.ask(lambda view: report_of(view, program.workflow(), program.at))


def review(output: str, outcome: str | None = None, **more: Any) -> dict[str, Any]:
    when = MONDAY + timedelta(days=1)
    done = {"reviewed_at": (when + HOUR).isoformat(), "outcome": outcome, "reviewer": "UREV"} if outcome else {}
    told_at = (when + HOUR if outcome else when).isoformat()
    return {"type": "review", "output_id": output, "submitted_at": when.isoformat(), "at": told_at, **done, **more}


def rework(kind: str, cost: str, **more: Any) -> dict[str, Any]:
    return {"type": "rework", "kind": kind, "cost_usd": float(cost), **more}


def test_a_workflow_without_any_data_has_a_report_that_says_so(program: GrantsProgram) -> None:
    bare = program.start("bare_agent")
    at(program, 5)
    found = program.ask(lambda view: report_of(view, bare, program.at))
    assert (found.metrics, found.trajectory) == ((), None)
    assert (found.autonomy.rung, found.autonomy.granted, found.autonomy.overrides) == (Rung.COPILOT, (), ())
    assert found.autonomy.stays == (Stay(PhaseName.PILOT, date(2026, 3, 2), None),)
    assert found.autonomy.effect is None
    assert found.costs == Costs()
    assert found.quality == Quality(Precision())
    assert found.decisions == Decisions(Answered(), MemosFiled())


def test_a_workflow_that_begins_later_has_one_too(program: GrantsProgram) -> None:
    ahead = program.start("ahead_agent", start_on=date(2026, 3, 9))
    found = program.ask(lambda view: report_of(view, ahead, program.at))
    assert (found.day, found.trajectory, found.costs) == (-6, None, Costs())


def test_metrics_come_from_their_baseline_over_the_first_value_to_the_latest(program: GrantsProgram) -> None:
    for day, value in ((3, 11), (6, 10), (9, "9.5")):
        at(program, day)
        program.measure(value, "minutes")
    program.send(measured(40, "minutes", at="2026-02-20T10:00:00+00:00"), measured(1, "undefined"))
    program.later(seconds=1)
    guardrail, success = report(program).metrics
    assert guardrail == MetricProgress("csat", MetricKind.GUARDRAIL, Better.HIGHER, None, None, Decimal("4.2"))
    days = ((3, "11"), (6, "10"), (9, "9.5"))
    values = tuple(
        Point(MONDAY + timedelta(days=day - 1, hours=1), date(2026, 3, 1 + day), Decimal(value)) for day, value in days
    )
    assert success == MetricProgress("minutes", MetricKind.SUCCESS, Better.LOWER, Decimal(12), Decimal(6), None, values)
    trajectory = report(program).trajectory
    assert trajectory
    assert trajectory.values == (WeekValue(5, Decimal(10)), WeekValue(8, Decimal("9.5")))


def test_costs_are_those_since_the_first_day_without_what_was_taken_back(program: GrantsProgram) -> None:
    before = "2026-02-20T10:00:00+00:00"
    program.send(rework("defect", "99", at=before), review("old", "edited", id="old", at=before, submitted_at=before,
                                                           reviewed_at=before))  # fmt: skip
    at(program, 4)
    program.send(
        rework("defect", "20.5", id="a"),
        rework("defect", "10", id="b"),
        rework("rollback", "500", id="c"),
        rework("rollback", "7000", id="wrong"),
        *(review(name, name, id=name) for name in ("approved", "edited", "rejected")),
        review("waits", id="waits"),
        {"type": "review_tally", "outputs": 30, "reviewed": 28, "overridden": 2},
    )  # fmt: skip
    seat = {"type": "seat", "team": "Support", "tier": "pro", "people": 12, "trained": 9, "cost_usd_month": 240}
    about = {"id": "seats", "source": "hr", "at": program.at.isoformat()}
    signals.take_in(program.desk, Asked(program.actor("max")), [json.dumps(seat | about)])
    program.do("ada", voids.void, "wrong", "A typing error.")
    program.later(seconds=1)
    assert report(program).costs == Costs(
        rework=(
            ReworkOfKind(ReworkKind.ROLLBACK, 1, Decimal(500)),
            ReworkOfKind(ReworkKind.DEFECT, 2, Decimal("30.5")),
        ),
        reviews=ReviewEffort(4, 3, 2),
        typed=ReviewEffort(30, 28, 2),
        seats=TeamSeats(12, 9, Decimal(240)),
    )


def test_quality_counts_saves_incidents_and_of_how_much_use_findings_were(program: GrantsProgram) -> None:
    for number in range(7):
        told = {"type": "quality_save", "summary": f"Caught {number}", "at": _minutes_later(number)}
        program.send({**told, "by": "UMAX" if number == 6 else "UANA"})
    program.send(incident(3, key="INC-7"), incident(3, key="INC-8"), incident(1, key="INC-9"))
    at(program, 3)
    program.send(incident(3, "resolved", key="INC-7"))
    program.postmortem("INC-7")
    at(program, 20)
    _look_for_findings(program)
    useless = next(iter(program.ask(lambda view: view.findings.of_workflows((program.workflow().id,))).values()))
    program.do("stu", minding.judge_use, useless.id, useful=False)
    found = report(program).quality
    assert (found.saves, found.told[0], len(found.told)) == (7, SaveTold("Caught 6", "Max", None), 5)
    assert found.incidents == (IncidentsOfSeverity(1, 1, 0, 0), IncidentsOfSeverity(3, 2, 1, 1))
    assert (found.findings.useless, found.findings.came) == (1, len(program.ask(lambda view: view.findings.all())))


def _minutes_later(minutes: int) -> str:
    return (MONDAY - HOUR + timedelta(minutes=minutes)).isoformat()


def _look_for_findings(program: GrantsProgram) -> None:
    def track(turn: Any) -> None:
        found = turn.change.workflows()
        track_now(turn, judge(turn.change, found, Weeks(turn.at, "UTC"), scene_in(turn, found)))

    program.do(SCHEDULER, track)


def test_autonomy_has_the_rungs_the_phases_and_who_gave_way(program: GrantsProgram) -> None:
    program.run()
    drafts, macros = program.grant(DRAFT), program.grant(ATTENDED)
    program.revoke(macros)
    at(program, 14)
    program.enter(PhaseName.PRODUCTION)
    found = report(program).autonomy
    assert program.one(drafts).lives
    assert found.granted == (GrantedOnRung(Rung.COPILOT, 1, 1), GrantedOnRung(Rung.INTERN, 1, 0))
    assert (found.rung, found.highest.rung) == (Rung.COPILOT, Rung.INTERN)
    assert found.stays == (
        Stay(PhaseName.PILOT, date(2026, 3, 2), date(2026, 3, 15)),
        Stay(PhaseName.PRODUCTION, date(2026, 3, 15), None),
    )


def test_decisions_count_what_was_answered_and_filed_and_nothing_asked_only_to_see(program: GrantsProgram) -> None:
    program.run()
    program.grant(policy(action("draft_reply", requires_human_approval=False)))
    program.grant(ATTENDED)
    for name, dry_run in (("draft_reply", False), ("draft_reply", True), ("send_macro", False), ("nothing", False)):
        facts = {"confidence_score": 1, "recipients": 1} if name == "send_macro" else {}
        decide(program.desk, Asked(agent()), Inquiry(program.workflow().id, name, facts, dry_run=dry_run))
    first = file(program)
    file(program, supersedes=first)
    file(program, of=False)
    at(program, 2)
    assert report(program).decisions == Decisions(Answered(1, 1, 1), MemosFiled(2, 1))


def test_a_closed_one_is_reported_as_it_stood_when_it_ended(program: GrantsProgram) -> None:
    at(program, 10)
    program.measure(8, "minutes")
    program.run()
    program.grant(DRAFT)
    at(program, 20)
    program.close()
    at(program, 50)
    program.send(measured(3, "minutes"), rework("defect", "10"))
    found = report(program)
    assert (found.at, found.closed_at, found.day) == (datetime(2026, 3, 21, 10, tzinfo=UTC),) * 2 + (20,)
    assert [point.value for point in found.metrics[1].values] == [Decimal(8)]
    assert found.costs == Costs()
    assert found.autonomy.granted == (GrantedOnRung(Rung.COPILOT, 1, 0),)
    assert found.trajectory
    assert found.trajectory.phases == (PhaseStretch(PhaseName.PILOT, 0, 19),)
