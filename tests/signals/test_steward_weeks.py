"""The steward's numbers of a week."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.findings.steward_week import StewardWeek
from bot.domain.signals.kinds import (
    ActionOutcome,
    AgentAction,
    Change,
    Review,
    ReviewOutcome,
    Rework,
    ReworkKind,
    Signal,
    Span,
)
from store.engine import Database
from store.reading.steward_weeks import read_steward_weeks
from store.recording.signals import keep_signals
from tests.signals.samples import NOW, OTHER, VALUES, WORKFLOW, ago, signal

W, X = f"w_{WORKFLOW}", f"w_{OTHER}"
WEEK = Span(ago(days=7), NOW)


def _weeks(database: Database, *sent: Signal[Any], of: Span = WEEK) -> Any:
    with database.writing() as connection:
        keep_signals(connection, sent, NOW)
    with database.reading() as connection:
        return read_steward_weeks(connection, {W: of, X: of})


def _run(outcome: ActionOutcome, at: datetime, run_id: str | None = None) -> Signal[AgentAction]:
    done = VALUES["agent_action"]
    assert isinstance(done, AgentAction)
    return signal(replace(done, outcome=outcome, run_id=run_id), at)


def _change(hours: int, at: datetime, reverts: str | None = None) -> Signal[Change]:
    return signal(Change(f"C{hours}", "t", at, Decimal(hours), reverts=reverts, irreversible=False), at)


def test_a_week_is_counted_by_what_happened_in_it(program: Database) -> None:
    reviewed = Review("o1", ago(days=9), ago(days=1), ReviewOutcome.APPROVED, "U7")
    sent = [
        *(_run(outcome, ago(days=2)) for outcome in ActionOutcome),
        _run(ActionOutcome.FAILED, ago(days=7, seconds=1)),
        _run(ActionOutcome.FAILED, NOW),
        signal(Rework(ReworkKind.ESCALATION, Decimal(3)), ago(days=1)),
        signal(Rework(ReworkKind.DEFECT, Decimal(3)), ago(days=1)),
        _change(1, ago(days=7)),
        _change(2, ago(days=3)),
        _change(7, ago(days=3), reverts="C1"),
        _change(90, ago(days=3)),
        _change(300, ago(days=8)),
        signal(reviewed, ago(days=1)),
        signal(Review("o2", ago(days=1)), ago(days=1)),
    ]
    found = _weeks(program, *sent)
    assert found == {
        W: StewardWeek(
            runs=4,
            failed_runs=1,
            escalations=2,
            changes=4,
            reverts=1,
            lead_time_hours=Decimal("4.5"),
            submitted=1,
            reviewed=1,
        ),
        X: StewardWeek(),
    }
    assert (found[W].rollback_rate, found[X].rollback_rate) == (Decimal("0.25"), None)


@pytest.mark.parametrize(("hours", "middle"), [((5,), "5"), ((9, 1), "5"), ((9, 1, 2), "2"), ((4, 4, 4, 8), "4")])
def test_the_lead_time_is_the_median(program: Database, hours: tuple[int, ...], middle: str) -> None:
    sent = [_change(each, ago(days=1, minutes=place)) for place, each in enumerate(hours)]
    assert _weeks(program, *sent)[W].lead_time_hours == Decimal(middle)


def test_what_was_told_of_later_counts_as_it_was_known_at_the_weeks_end(program: Database) -> None:
    waiting = Review("o1", ago(days=2))
    done = replace(waiting, reviewed_at=ago(hours=1), outcome=ReviewOutcome.EDITED, reviewer="U7")
    sent = [
        _run(ActionOutcome.FAILED, ago(days=2), "r1"),
        _run(ActionOutcome.DONE, ago(hours=1), "r1"),
        signal(waiting, ago(days=2)),
        signal(done, ago(hours=1)),
    ]
    then = Span(WEEK.start, NOW - timedelta(hours=2))
    assert _weeks(program, *sent, of=then)[W] == StewardWeek(runs=1, failed_runs=1, submitted=1)
    assert _weeks(program, of=WEEK)[W] == StewardWeek(runs=1, submitted=1, reviewed=1)
