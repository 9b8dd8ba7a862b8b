"""What the sample program promises to show, whatever day it is."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions.checklists import statuses
from bot.domain.items import ItemState
from bot.domain.statuses import Status
from store import Database, Store

WEDNESDAY = datetime(2026, 11, 18, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Promise:
    """What one workflow of the sample shows, items by their ids."""

    team: str
    zone: str
    day: int
    phase: str
    late: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    vacant: tuple[str, ...] = ()
    taken_over: int = 0
    paused: bool = False


PROMISED = {
    "refunds_agent": Promise(
        team="Support",
        zone="Europe/Lisbon",
        day=44,
        phase="production",
        late=("scope_credentials",),
        blocked=("pass_red_team",),
        skipped=("watch_reviews",),
        waiting=("issue_refund", "drill_freeze"),
    ),
    "support_macros": Promise(team="Support", zone="Europe/Lisbon", day=20, phase="pilot", late=("agree_escalation",)),
    "docs_drafter": Promise(
        team="Engineering",
        zone="America/New_York",
        day=27,
        phase="pilot",
        late=("add_hard_cases",),
        blocked=("describe_rollback",),
    ),
    "test_fixer": Promise(
        team="Engineering", zone="America/New_York", day=66, phase="scaling", taken_over=24, paused=True
    ),
    "lead_replies": Promise(
        team="Sales",
        zone="Asia/Tokyo",
        day=3,
        phase="pilot",
        blocked=("measure_today",),
        vacant=("eval_owner", "gatekeeper"),
    ),
    "triage_agent": Promise(
        team="Operations",
        zone="Europe/Berlin",
        day=88,
        phase="scaling",
        skipped=("review_costs_and_seats",),
        waiting=("run_health_check",),
    ),
}


def shown(status: Status) -> Promise:
    """What one workflow shows."""
    workflow, checklist = status.workflow, status.checklist
    return Promise(
        team=workflow.team.name,
        zone=workflow.team.zone,
        day=status.day,
        phase=workflow.phase,
        late=tuple(str(row.key) for row in checklist.late),
        blocked=tuple(str(row.key) for row in status.blocked),
        skipped=tuple(str(row.key) for row in checklist.rows if row.state is ItemState.SKIPPED),
        waiting=tuple(request.item or request.term("action") for request in status.waiting),
        vacant=tuple(checklist.vacant),
        taken_over=checklist.progress.taken_over,
        paused=workflow.pause is not None,
    )


def program(database: Database, at: datetime) -> dict[str, Status]:
    """Every workflow's status at `at`, by name."""
    with Store(database).reading() as view:
        return {status.workflow.name: status for status in statuses(view, view.workflows(), at)}


def promises(database: Database, at: datetime) -> dict[str, Promise]:
    """What each workflow shows at `at`."""
    return {name: shown(status) for name, status in program(database, at).items()}
