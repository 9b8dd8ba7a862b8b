"""item.overdue: required items that are open past their due day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.checklists import Known
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.records import Records
from bot.domain.items import ItemState
from bot.domain.verdicts import Trace
from bot.domain.workflows import Outcome
from tests.domain.samples import ANA, BEN, DAY_1, item, on_day, record
from tests.findings.record_samples import (
    CRITICAL,
    WARNING,
    findings,
    gone,
    look,
    severities,
    small,
    staffed,
    standing_still,
    told,
)

RULE = "item.overdue"
SPEC = item("write_spec", due_day=5, role="steward")


def test_it_lists_every_required_item_that_is_late_the_latest_first() -> None:
    book = small(item("name_roles", due_day=6), SPEC, item("tell_people", due_day=1, required=False))
    (found,) = findings(RULE, look(on_day(8), book=book))
    assert found == Finding(
        rule=RULE,
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="",
        team_id="team_1",
        team="Support",
        summary="2 required items are past due, the oldest by 3 days: “Write Spec”, “Name Roles”",
        facts=(
            ("items", ("Write Spec", "Name Roles")),
            ("count", 2),
            ("days_late", 3),
            ("critical_after_days", 7),
        ),
        owner=BEN,
        next_step="do “Write Spec” first, or write down what blocks it",
        evidence=(Trace("item", "write_spec"), Trace("item", "name_roles")),
        size=2,
    )


@pytest.mark.parametrize(("day", "found"), [(5, []), (6, [WARNING]), (12, [WARNING]), (13, [CRITICAL])])
def test_it_begins_the_day_after_the_due_day_and_is_critical_after_seven(day: int, found: list[Severity]) -> None:
    assert severities(findings(RULE, look(on_day(day), book=small(SPEC)))) == found


def test_an_item_is_due_to_the_end_of_its_day_also_on_the_day_when_clocks_change() -> None:
    book = small(item("write_spec", due_day=28))
    midnight = datetime(2026, 3, 29, 23, tzinfo=UTC)
    """In Lisbon, one hour earlier than the midnight before."""
    assert findings(RULE, look(midnight - timedelta(microseconds=1), book=book)) == ()
    assert severities(findings(RULE, look(midnight, book=book))) == [WARNING]


def test_days_are_those_of_the_team_and_of_a_workflow_that_starts_mid_week() -> None:
    of = staffed(start_on=date(2026, 3, 4))
    assert findings(RULE, look(on_day(7, hour=23), of=of, book=small(SPEC), zone="Asia/Tokyo")) == ()
    assert severities(findings(RULE, look(on_day(8, hour=0), of=of, book=small(SPEC), zone="Asia/Tokyo"))) == [WARNING]


def test_what_is_done_skipped_taken_over_or_of_a_later_phase_is_not_late() -> None:
    later = item("keep_logs", due_day=4)
    for state in (ItemState.DONE, ItemState.SKIPPED, ItemState.TAKEN_OVER):
        known = Known((record("write_spec", state, until=DAY_1 + timedelta(days=30)),))
        assert findings(RULE, look(on_day(9), book=small(SPEC, production=(later,)), known=known)) == ()


def test_a_blocked_item_and_an_expired_skip_are_late_too() -> None:
    blocked = Known((record("write_spec", ItemState.BLOCKED),))
    expired = Known((record("write_spec", ItemState.SKIPPED, until=DAY_1 + timedelta(days=6)),))
    for known in (blocked, expired):
        assert severities(findings(RULE, look(on_day(9), book=small(SPEC), known=known))) == [WARNING]


def test_the_next_step_is_the_oldest_that_can_be_done_and_only_where_all_are_blocked_to_clear_one() -> None:
    book = small(item("name_roles", due_day=6, role="owner"), SPEC)
    spec, roles = (record(each, ItemState.BLOCKED) for each in ("write_spec", "name_roles"))
    found = [findings(RULE, look(on_day(9), book=book, known=Known(kept)))[0] for kept in ((), (spec,), (spec, roles))]
    assert [(each.next_step, each.owner) for each in found] == [
        ("do “Write Spec” first, or write down what blocks it", BEN),
        ("do “Name Roles” first, or write down what blocks it", ANA),
        ("clear what blocks “Write Spec”, or ask to skip it", BEN),
    ]


def test_a_paused_or_closed_workflow_is_not_judged_and_after_the_pause_the_due_day_has_moved() -> None:
    day_13 = on_day(13)
    assert findings(RULE, look(day_13, of=standing_still(date(2026, 3, 9)), book=small(SPEC))) == ()
    assert findings(RULE, look(day_13, of=staffed(outcome=Outcome.STOPPED), book=small(SPEC))) == ()
    assert severities(findings(RULE, look(day_13, of=staffed(paused_days=7), book=small(SPEC)))) == [WARNING]
    assert findings(RULE, look(day_13, of=staffed(paused_days=8), book=small(SPEC))) == ()


def test_it_goes_to_the_steward_or_owner_where_the_items_holder_is_gone() -> None:
    (line,) = told(RULE, look(on_day(9), Records(holders=gone(BEN)), book=small(SPEC)))
    assert line.owner == "Ana"
