"""What a report makes of what it was given: values held to their bounds, phases, rungs, and the way of a metric."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.calendar import WorkingHours
from bot.domain.documents import DocumentState
from bot.domain.gate_evidence import Better
from bot.domain.grants.life import Grant, GrantState
from bot.domain.playbook import PhaseName, Rung
from bot.domain.reports.autonomy import (
    GrantedOnRung,
    PhaseTurn,
    Stay,
    granted_by_rung,
    highest_rung,
    rung_now,
    stays_of,
)
from bot.domain.reports.ledger import IncidentsOfSeverity, ReviewEffort, TeamSeats, by_severity, seats_of
from bot.domain.reports.progress import MetricProgress
from bot.domain.reports.report import is_due
from bot.domain.risk import Effect
from bot.domain.signals.kinds import Incident, IncidentCourse, IncidentStatus, Seat, Signal
from bot.domain.trajectory import PhaseStretch, Plan, Trajectory, WeekValue
from bot.domain.workflows import Outcome, Workflow
from tests.domain.samples import on_day, paused, team, workflow
from tests.grants.samples import APPROVED, EXPIRES, NOW, grant, terms
from tests.reports.samples import csat, defects, point, report

PILOT, PRODUCTION, SCALING = PhaseName.PILOT, PhaseName.PRODUCTION, PhaseName.SCALING


@pytest.mark.parametrize(
    ("metric", "met"),
    [
        (csat(), None),
        (csat(point(3, "4.49")), False),
        (csat(point(3, "4.5")), True),
        (csat(point(3, "4.6"), point(9, "4.4")), False),
        (csat(point(3, "9"), target=None), None),
        (defects(point(3, "3")), True),
        (defects(point(3, "3.01")), False),
    ],
)
def test_the_latest_value_is_held_against_its_bound(metric: MetricProgress, met: bool | None) -> None:
    assert metric.is_met is met


def test_first_and_latest_are_those_of_the_values() -> None:
    found = csat(point(3, "4.1"), point(9, "4.2"), point(12, "4.3"))
    assert (found.first, found.latest) == (point(3, "4.1"), point(12, "4.3"))
    assert (csat().first, csat().latest) == (None, None)


NOON_OF_DAY_91 = on_day(91)


@pytest.mark.parametrize(
    ("of", "at", "due"),
    [
        (workflow(), on_day(90, 23), False),
        (workflow(), on_day(91, 8), False),
        (workflow(), on_day(91, 9), True),
        (workflow(team=team(hours=WorkingHours(7, 15))), on_day(91, 7), True),
        (workflow(team=team("Asia/Tokyo")), on_day(91, 9, "Asia/Tokyo"), True),
        (workflow(), on_day(92, 0), True),
        (workflow(), on_day(97, 23), True),
        (workflow(), on_day(98, 0), False),
        (workflow(paused_days=5), NOON_OF_DAY_91, False),
        (workflow(paused_days=5), on_day(96), True),
        (paused(date(2026, 5, 31)), NOON_OF_DAY_91, False),
        (workflow(outcome=Outcome.DONE), NOON_OF_DAY_91, False),
    ],
)
def test_it_is_due_on_day_91_once_the_team_is_at_work_and_made_up_for_within_a_week(
    of: Workflow, at: datetime, due: bool
) -> None:
    assert is_due(of, at) is due


def turn(day: int, left: PhaseName, entered: PhaseName) -> PhaseTurn:
    return PhaseTurn(on_day(day), left, entered)


@pytest.mark.parametrize(
    ("now", "turns", "ended_on", "stays"),
    [
        (PILOT, (), None, (Stay(PILOT, date(2026, 3, 2), None),)),
        (PILOT, (), date(2026, 3, 20), (Stay(PILOT, date(2026, 3, 2), date(2026, 3, 20)),)),
        (
            PRODUCTION,
            (turn(31, PILOT, PRODUCTION), turn(61, PRODUCTION, SCALING), turn(65, SCALING, PRODUCTION)),
            None,
            (
                Stay(PILOT, date(2026, 3, 2), date(2026, 4, 1)),
                Stay(PRODUCTION, date(2026, 4, 1), date(2026, 5, 1)),
                Stay(SCALING, date(2026, 5, 1), date(2026, 5, 5)),
                Stay(PRODUCTION, date(2026, 5, 5), None),
            ),
        ),
        (
            SCALING,
            (turn(-3, PILOT, SCALING),),
            None,
            (Stay(PILOT, date(2026, 3, 2), date(2026, 3, 2)), Stay(SCALING, date(2026, 3, 2), None)),
        ),
    ],
    ids=["pilot all along", "closed in pilot", "there and back", "moved before its first day"],
)
def test_phases_follow_each_other_without_a_gap(
    now: PhaseName, turns: tuple[PhaseTurn, ...], ended_on: date | None, stays: tuple[Stay, ...]
) -> None:
    assert stays_of(workflow(phase=now), turns, ended_on) == stays


def granted(action: str, state: GrantState = GrantState.ACTIVE, **fields: Any) -> Grant:
    return grant(terms(action=action, effect=Effect.EXTERNAL, **fields), state=state)


def test_each_action_counts_once_on_each_rung_it_was_granted_on() -> None:
    grants = (
        grant(terms(action="draft_reply", effect=Effect.NONE)),
        granted("send_macro", GrantState.SUPERSEDED, requires_human_approval=True),
        granted("send_macro", GrantState.SUPERSEDED, requires_human_approval=False),
        granted("send_macro", GrantState.REVOKED, requires_human_approval=False),
        granted("issue_refund", requires_human_approval=True),
    )
    found = granted_by_rung(grants, NOW)
    assert found == (
        GrantedOnRung(Rung.COPILOT, 1, 1),
        GrantedOnRung(Rung.INTERN, 2, 1),
        GrantedOnRung(Rung.OPERATOR, 1, 0),
    )
    assert (highest_rung(found), rung_now(found)) == (Rung.OPERATOR, Rung.INTERN)


def test_what_was_never_approved_or_is_over_is_not_in_force() -> None:
    asked = grant(state=GrantState.DECLINED, approved_at=None)
    assert granted_by_rung((asked,), NOW) == ()
    assert rung_now(granted_by_rung((granted("issue_refund", requires_human_approval=True),), EXPIRES)) is Rung.COPILOT
    assert (highest_rung(()), rung_now(())) == (Rung.COPILOT, Rung.COPILOT)


def course(key: str, severity: int, resolved: bool = True) -> IncidentCourse:
    body = Incident(key, severity, IncidentStatus.RESOLVED if resolved else IncidentStatus.OPEN, "It broke.")
    signal = Signal(key, "pager", APPROVED, "refunds_agent", None, None, body)
    return IncidentCourse(signal, APPROVED, APPROVED if resolved else None)


def test_incidents_are_counted_by_severity_with_their_postmortems() -> None:
    courses = (course("a", 3), course("b", 1), course("c", 3, resolved=False))
    written = {"a": frozenset({DocumentState.REJECTED, DocumentState.ACCEPTED}), "c": frozenset({DocumentState.DRAFT})}
    assert by_severity(courses, written) == (IncidentsOfSeverity(1, 1, 1, 0), IncidentsOfSeverity(3, 2, 1, 1))
    assert by_severity((), {}) == ()


def test_the_seats_of_all_tiers_are_those_of_the_team() -> None:
    tiers = (Seat("basic", 10, 4, Decimal(200)), Seat("pro", 2, 2, Decimal("160.50")))
    told = tuple(Signal(seat.tier, "hr", APPROVED, None, "Support", None, seat) for seat in tiers)
    assert seats_of(told) == TeamSeats(12, 6, Decimal("360.50"))
    assert seats_of(()) is None


def test_shares_of_nothing_are_no_data() -> None:
    assert (ReviewEffort().reviewed_share, ReviewEffort().override_rate) == (None, None)
    effort = ReviewEffort(200, 150, 15)
    assert (effort.reviewed_share, effort.override_rate) == (Decimal("0.75"), Decimal("0.1"))


def test_the_way_of_the_success_metric_has_the_last_value_of_each_week() -> None:
    values = (point(3, "4.1"), point(7, "4.2"), point(8, "4.25"), point(30, "4.3"))
    stays = (Stay(PILOT, date(2026, 3, 2), date(2026, 4, 1)), Stay(PRODUCTION, date(2026, 4, 1), None))
    assert report(defects(point(4, "1")), csat(*values), at=on_day(44), stays=stays).trajectory == Trajectory(
        workflow="refunds_agent",
        metric="csat",
        better=Better.HIGHER,
        baseline=Decimal(4),
        target=Decimal("4.5"),
        values=(WeekValue(6, Decimal("4.2")), WeekValue(7, Decimal("4.25")), WeekValue(29, Decimal("4.3"))),
        plan=Plan(30, 90, 29, 89),
        today=43,
        day=44,
        phases=(PhaseStretch(PILOT, 0, 30), PhaseStretch(PRODUCTION, 30, 43)),
    )


def test_a_pause_moves_the_plan_and_not_what_was_measured() -> None:
    found = report(csat(point(10, "4.1")), at=on_day(54), of=workflow(paused_days=10)).trajectory
    assert found
    assert (found.values, found.plan) == ((WeekValue(9, Decimal("4.1")),), Plan(30, 90, 39, 99))
    assert (found.today, found.day) == (53, 44)


@pytest.mark.parametrize(
    "without",
    [
        report(),
        report(defects(point(3, "1"))),
        report(csat(point(3, "4.1"), baseline=None)),
        report(csat(point(3, "4.1"), target=None)),
        report(csat(), at=on_day(0)),
    ],
    ids=["no metric", "a guardrail alone", "no baseline", "no target", "not begun"],
)
def test_without_a_success_metric_on_its_way_there_is_no_chart(without: object) -> None:
    assert getattr(without, "trajectory", "missing") is None


def test_a_metric_with_values_is_charted_before_one_without() -> None:
    silent = MetricProgress("aht", csat().kind, Better.LOWER, Decimal(9), Decimal(6), None)
    for metrics, charted in (((silent, csat(point(3, "4.1"))), "csat"), ((silent, csat()), "aht")):
        found = report(*metrics).trajectory
        assert found
        assert found.metric == charted


def test_a_closed_one_says_when_and_counts_its_days_to_there() -> None:
    at = datetime(2026, 4, 14, 23, 30, tzinfo=UTC)
    found = report(csat(), at=at, of=workflow(outcome=Outcome.STOPPED), closed_at=at)
    assert (found.closed_on, found.day, found.days) == (date(2026, 4, 15), 45, 90)
    assert found.trajectory
    assert found.trajectory.is_closed
