"""What a leader sees within five seconds: the day, what is in the way, and who is in most trouble."""

from datetime import timedelta

import pytest

from bot.domain.checklists import Known
from bot.domain.items import ItemState
from bot.domain.playbook import Item, PhaseName, Playbook
from bot.domain.requests import Request, RequestKind, RequestState
from bot.domain.statuses import Status, timeline_of
from bot.domain.timeline import GateMark, GateState, LateMark, PhaseBar, PhaseState
from bot.domain.workflows import Workflow
from tests.domain.samples import ANA, DAY_1, item, judged, on_day, paused, playbook, record, workflow


def status(
    book: Playbook, day: int, *, of: Workflow | None = None, known: Known | None = None, waiting: int = 0
) -> Status:
    """The status on a day, with so many requests that wait."""
    of = of or workflow()
    request = Request(
        "req_1", RequestKind.SKIP, of.id, of.name, "a", (), "Why.", ANA, on_day(1), RequestState.WAITING, on_day(8)
    )
    return Status(of, judged(book, on_day(day), of=of, known=known), (request,) * waiting, on_day(day))


@pytest.mark.parametrize(
    ("phase", "day", "days", "days_left"),
    [
        (PhaseName.PILOT, 1, 90, 29),
        (PhaseName.PILOT, 30, 90, 0),
        (PhaseName.PILOT, 44, 90, -14),
        (PhaseName.SCALING, 90, 90, 0),
        (PhaseName.SCALING, 95, None, -5),
        (PhaseName.OPERATING, 104, None, None),
        (PhaseName.OPERATING, 80, None, None),
    ],
)
def test_of_90_is_said_until_day_90_and_not_of_one_that_operates(
    phase: PhaseName, day: int, days: int | None, days_left: int | None
) -> None:
    found = status(playbook(item("a")), day, of=workflow(phase=phase))
    assert (found.day, found.days, found.days_left) == (day, days, days_left)


def test_in_the_way_are_late_items_blocked_items_and_requests_that_wait() -> None:
    book = playbook(item("late", 2), item("blocked", 20), item("late_and_blocked", 3), item("fine", 20))
    known = Known((record("blocked", ItemState.BLOCKED), record("late_and_blocked", ItemState.BLOCKED)))
    found = status(book, 10, known=known, waiting=2)
    assert ([row.item.id for row in found.blocked], found.blocking) == (["blocked", "late_and_blocked"], 5)


def test_what_is_left_of_a_phase_is_its_required_rows_that_are_not_settled() -> None:
    book = playbook(item("pilots"), production=(item("a"), item("b"), item("optional", required=False)))
    found = status(book, 40, of=workflow(phase=PhaseName.PRODUCTION), known=Known((record("a", ItemState.SKIPPED),)))
    assert [row.item.id for row in found.unsettled] == ["b"]


def test_the_workflow_in_most_trouble_comes_first_then_the_latest_then_by_name() -> None:
    def named(name: str, *items: Item) -> Status:
        return status(playbook(*items), 10, of=workflow(name=name))

    calm_b, calm_a = named("b_calm", item("a", 20)), named("a_calm", item("a", 20))
    late_by_8, late_by_2 = named("late_by_8", item("a", 2)), named("late_by_2", item("a", 8))
    two_late = named("two_late", item("a", 9), item("b", 9))
    order = sorted((calm_b, late_by_2, calm_a, two_late, late_by_8), key=lambda each: each.trouble)
    assert [each.workflow.name for each in order] == ["two_late", "late_by_8", "late_by_2", "a_calm", "b_calm"]


def test_a_timeline_shows_its_phases_gates_and_what_is_late() -> None:
    book = playbook(
        *(item(name, 5) for name in ("done", "skipped", "late")),
        production=(item("later", 35), item("ahead", 50)),
        operating=(item("for_ever", 120, every_days=30),),
    )
    known = Known((record("done", ItemState.DONE), record("skipped", ItemState.SKIPPED)))
    drawn = timeline_of(status(book, 44, of=workflow(phase=PhaseName.PRODUCTION), known=known))
    assert (drawn.workflow, drawn.phase, drawn.day, drawn.days, drawn.paused) == (
        "refunds_agent",
        "production",
        44,
        90,
        False,
    )
    assert drawn.phases == (
        PhaseBar("pilot", 1, 30, done=1, total=3, state=PhaseState.PAST),
        PhaseBar("production", 31, 60, done=0, total=2, state=PhaseState.CURRENT),
        PhaseBar("scaling", 61, 90, done=0, total=0, state=PhaseState.AHEAD),
    )
    assert drawn.late == (LateMark(5, "Late"), LateMark(35, "Later"))
    assert drawn.gates == (
        GateMark(30, "production", GateState.PASSED),
        GateMark(60, "scaling", GateState.AHEAD),
        GateMark(90, "operating", GateState.AHEAD),
    )


def test_a_gate_that_should_have_been_passed_is_late() -> None:
    states = [timeline_of(status(playbook(item("a")), day)).gates[0].state for day in (30, 31)]
    assert states == [GateState.AHEAD, GateState.LATE]


def test_a_timeline_says_that_it_is_paused_and_begins_with_day_0() -> None:
    book = playbook(item("a"))
    stopped = timeline_of(status(book, 40, of=paused(DAY_1 + timedelta(days=4))))
    assert (stopped.paused, stopped.day) == (True, 5)
    assert timeline_of(status(book, -9)).day == 0


def test_what_is_late_stands_on_the_day_it_was_due_also_after_a_pause_and_where_it_recurs() -> None:
    book = playbook(item("a", 5), scaling=(item("weekly", 70, every_days=7),))
    of = workflow(phase=PhaseName.SCALING, paused_days=6)
    drawn = timeline_of(status(book, 90, of=of, known=Known((record("weekly", ItemState.DONE),))))
    assert drawn.late == (LateMark(5, "A"), LateMark(77, "Weekly"))


def test_a_shorter_playbook_has_fewer_days() -> None:
    whole = playbook(item("a", 5))
    short = Playbook(
        whole.id,
        whole.title,
        whole.version,
        whole.summary,
        whole.required_roles,
        whole.holidays,
        whole.holiday_calendar,
        whole.rungs,
        whole.thresholds,
        whole.phases[:1],
    )
    assert [(status(short, day).days, timeline_of(status(short, day)).days) for day in (30, 31)] == [
        (30, 30),
        (None, 30),
    ]
