"""What gates, guards and rules ask of signals, judged at an instant: what came later does not exist yet."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.findings.seen import ReviewWeek
from bot.domain.signals.kinds import (
    ActionOutcome,
    AgentAction,
    Change,
    EvalRun,
    Incident,
    IncidentStatus,
    Metric,
    QualitySave,
    RedLine,
    RedLineKind,
    Review,
    ReviewOutcome,
    ReviewTally,
    Rework,
    Seat,
    Signal,
    Span,
    WorkItem,
    WorkStatus,
)
from store.engine import Database
from store.reading.signals import (
    read_incidents,
    read_latest,
    read_seats,
    read_states,
    read_within,
)
from store.reading.weekly import ReviewsAsked, ReviewsCounted, Weekly
from store.recording.signals import keep_signals
from tests.signals.samples import NOW, OTHER, VALUES, WORKFLOW, ago, ids, signal

W, X = f"w_{WORKFLOW}", f"w_{OTHER}"
WEEK = Span(ago(days=7), NOW)
EVER = Span(ago(days=500), NOW)


def _keep(database: Database, *batch: Signal[Any]) -> None:
    with database.writing() as connection:
        keep_signals(connection, batch, NOW)


def _metric(value: int, at: datetime, **other: Any) -> Signal[Metric]:
    return signal(Metric("csat", Decimal(value)), at, **other)


def test_the_latest_value_of_each_metric_comes_with_its_time(program: Database) -> None:
    late = signal(Metric("cost", Decimal("0.5"), 9), ago(days=9), id="cost", url="https://ci.example/9")
    _keep(program, _metric(2, ago(days=1), id="new"), _metric(1, ago(days=2)), _metric(3, NOW), late)
    with program.reading() as connection:
        found = read_latest(connection, Metric, [W, X], NOW)
    assert found == {W: (late, _metric(2, ago(days=1), id="new")), X: ()}


def test_of_two_values_at_once_the_later_arrival_is_the_latest(program: Database) -> None:
    _keep(program, _metric(2, ago(days=1), id="a"), _metric(1, ago(days=1), id="b"))
    with program.reading() as connection:
        assert ids(read_latest(connection, Metric, [W], NOW)[W]) == ["b"]


def test_the_last_two_runs_of_each_suite_are_found_newest_first(program: Database) -> None:
    for suite in ("a", "b"):
        for days in (1, 3, 2):
            run = EvalRun(suite, 200, 200 - days, "p", "m")
            _keep(program, signal(run, ago(days=days), id=f"{suite}{days}"))
    with program.reading() as connection:
        assert ids(read_latest(connection, EvalRun, [W], NOW, many=2)[W]) == ["a1", "a2", "b1", "b2"]
        assert ids(read_latest(connection, EvalRun, [W], ago(days=1), many=2)[W]) == ["a2", "a3", "b2", "b3"]


def test_a_red_line_is_last_seen_firing_and_violated_apart(program: Database) -> None:
    for kind, days in ((RedLineKind.TEST_FIRED, 5), (RedLineKind.VIOLATION, 3), (RedLineKind.TEST_FIRED, 4)):
        _keep(program, signal(RedLine("no_pii", kind, "seen"), ago(days=days), id=f"{kind}-{days}"))
    with program.reading() as connection:
        assert ids(read_latest(connection, RedLine, [W], NOW)[W]) == ["test_fired-4", "violation-3"]
        assert ids(read_within(connection, RedLine, [W], Span(ago(days=4), ago(days=3)))[W]) == ["test_fired-4"]


@pytest.mark.parametrize("body", [Metric, EvalRun, ReviewTally, Rework, RedLine, QualitySave])
def test_signals_of_a_span_are_those_from_its_start_up_to_its_end(program: Database, body: type[Any]) -> None:
    content = next(each for each in VALUES.values() if isinstance(each, body))
    times = {"before": ago(days=7, seconds=1), "start": ago(days=7), "last": ago(seconds=1), "end": NOW}
    sent = [signal(content, at, id=name) for name, at in times.items()]
    _keep(program, *reversed(sent), signal(content, ago(days=2), id="other", workflow=OTHER))
    with program.reading() as connection:
        found = read_within(connection, body, [W, X], WEEK)
    assert (found[W], ids(found[X])) == (tuple(sent[1:3]), ["other"])


def test_a_change_counts_when_it_was_merged_once_it_was_known(program: Database) -> None:
    def change(key: str, merged_at: datetime, at: datetime) -> Signal[Change]:
        return signal(Change(key, "t", merged_at, Decimal("1.25"), reverts=None, irreversible=False), at, id=key)

    _keep(program, change("in", ago(days=1), ago(hours=1)), change("old", ago(days=8), ago(days=1)))
    _keep(program, change("told_later", ago(days=1), NOW + timedelta(minutes=1)))
    with program.reading() as connection:
        assert ids(read_within(connection, Change, [W], WEEK)[W]) == ["in"]


def test_types_with_a_key_are_read_as_states_and_the_others_are_not(program: Database) -> None:
    with program.reading() as connection:
        for body in (Review, Seat):
            with pytest.raises(ValueError, match="read_states"):
                read_within(connection, body, [W], WEEK)


# Reviews

_WAITING = Review("o", ago(days=2))
# Further from zero than what counts may be off by, so that nothing is counted as done in less.
_NO_TIME = timedelta(seconds=-2)


def _counted(
    connection: Connection, workflow_ids: Iterable[str], span: Span, due_by: datetime
) -> Mapping[str, ReviewsCounted]:
    asked = ReviewsAsked((span,), due_by, quick=_NO_TIME, slow=timedelta(days=1000))
    return Weekly(connection).reviews(dict.fromkeys(workflow_ids, asked), span.end)


def _count(
    due: int = 0, due_reviewed: int = 0, reviewed: int = 0, edited: int = 0, rejected: int = 0
) -> ReviewsCounted:
    return ReviewsCounted((ReviewWeek(reviewed, edited, rejected),), due, due_reviewed)


def _review(output_id: str, submitted_at: datetime, reviewed_at: datetime | None, outcome: str) -> Review:
    if reviewed_at is None:
        return Review(output_id, submitted_at)
    return Review(output_id, submitted_at, reviewed_at, ReviewOutcome(outcome), "U7")


def test_reviews_count_by_submission_for_the_backlog_and_by_review_for_overrides(program: Database) -> None:
    told = [
        _review("in_time", ago(days=2), ago(days=1), "approved"),
        _review("edited", ago(days=2), ago(days=1), "edited"),
        _review("rejected_of_last_week", ago(days=9), ago(days=1), "rejected"),
        _review("reviewed_before", ago(days=9), ago(days=8), "rejected"),
        _review("waiting_long", ago(days=2), None, ""),
        _review("waiting_since_today", ago(hours=1), None, ""),
        _review("quick", ago(hours=1), ago(minutes=30), "approved"),
    ]
    _keep(program, *(signal(each, each.reviewed_at or each.submitted_at) for each in told))
    with program.reading() as connection:
        found = _counted(connection, [W, X], WEEK, due_by=ago(days=1) - timedelta(microseconds=1))
    assert found == {W: _count(due=4, due_reviewed=3, reviewed=4, edited=1, rejected=1), X: _count()}
    assert found[W].weeks[0].overridden == 2


def test_at_an_earlier_instant_a_review_done_since_is_still_waiting(program: Database) -> None:
    done = replace(_WAITING, reviewed_at=ago(hours=1), outcome=ReviewOutcome.EDITED, reviewer="U7")
    _keep(program, signal(_WAITING, ago(days=2), id="asked"), signal(done, ago(hours=1), id="answered"))
    then = Span(ago(days=7), ago(hours=2))
    with program.reading() as connection:
        assert _counted(connection, [W], then, ago(days=1))[W] == _count(due=1)
        assert _counted(connection, [W], WEEK, ago(days=1))[W] == _count(1, 1, 1, 1, 0)
        assert ids(read_states(connection, Review, [W], then)[W]) == ["asked"]
        assert ids(read_states(connection, Review, [W], WEEK)[W]) == ["answered"]
        assert _counted(connection, [W], Span(ago(days=7), ago(days=3)), NOW)[W] == _count()


_HOURS = st.integers(1, 24 * 10).map(lambda hours: ago(hours=hours))


@st.composite
def _told_reviews(draw: st.DrawFn) -> list[Signal[Review]]:
    told = []
    for place in range(draw(st.integers(1, 8))):
        submitted_at, reviewed_at, at = draw(_HOURS), draw(st.none() | _HOURS), draw(_HOURS)
        if reviewed_at is not None and reviewed_at < submitted_at:
            reviewed_at = None
        outcome = draw(st.sampled_from(list(ReviewOutcome)))
        body = _review(draw(st.sampled_from("abc")), submitted_at, reviewed_at, outcome)
        told.append(signal(body, at - timedelta(seconds=place), id=str(place)))
    return told


class _Undone(Exception):
    """Takes a change back."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=_told_reviews(), start=_HOURS, end=_HOURS, due_before=_HOURS)
def test_judged_at_an_instant_counts_are_those_of_a_store_that_knows_nothing_later(
    program: Database, told: list[Signal[Review]], start: datetime, end: datetime, due_before: datetime
) -> None:
    span = Span(min(start, end), max(start, end))

    def counted(sent: list[Signal[Review]]) -> list[Any]:
        found: list[Any] = []

        def ask(connection: Connection) -> None:
            keep_signals(connection, sent, NOW)
            found.append(_counted(connection, [W], span, due_before))
            found.append(read_states(connection, Review, [W], span))
            raise _Undone

        with pytest.raises(_Undone), program.writing() as connection:
            ask(connection)
        return found

    assert counted(told) == counted([each for each in told if each.at < span.end])


# Incidents, work, actions, seats


def _incident(status: IncidentStatus, at: datetime, key: str = "INC-1") -> Signal[Incident]:
    return signal(Incident(key, 2, status, "Down"), at, id=f"{key}-{status}")


def test_an_incident_is_open_until_the_instant_at_which_it_was_resolved(program: Database) -> None:
    opened, resolved = _incident(IncidentStatus.OPEN, ago(days=3)), _incident(IncidentStatus.RESOLVED, ago(days=1))
    _keep(program, resolved, opened, _incident(IncidentStatus.OPEN, ago(days=2), "INC-2"))

    def known(until: datetime) -> list[tuple[str, datetime, datetime | None]]:
        with program.reading() as connection:
            found = read_incidents(connection, [W, X], until)
        assert found[X] == ()
        return [(each.latest.body.key, each.opened_at, each.resolved_at) for each in found[W]]

    later = ("INC-2", ago(days=2), None)
    assert known(ago(days=3)) == []
    assert known(ago(days=2)) == [("INC-1", ago(days=3), None)]
    assert known(ago(days=1)) == [("INC-1", ago(days=3), None), later]
    assert known(NOW) == [("INC-1", ago(days=3), ago(days=1)), later]


def test_work_items_are_as_they_were_last_known(program: Database) -> None:
    told = [
        signal(WorkItem("T-1", "Write", status, ago(days=0), who), ago(days=days), id=status)
        for status, who, days in ((WorkStatus.BLOCKED, "U1", 2), (WorkStatus.DONE, None, 1))
    ]
    _keep(program, *told)
    with program.reading() as connection:
        assert read_states(connection, WorkItem, [W], EVER)[W] == (told[1],)
        assert read_states(connection, WorkItem, [W], Span(EVER.start, ago(days=1)))[W] == (told[0],)


def test_an_action_that_was_reversed_later_keeps_what_was_said_of_its_grant(program: Database) -> None:
    done = AgentAction(
        "send", '{"n":1}', ActionOutcome.DONE, reversed=False, grant_hash="g", run_id="r", tools=("mail",)
    )
    reversed_ = AgentAction("send", '{"n":1}', ActionOutcome.DONE, reversed=True, run_id="r")
    alone = signal(replace(done, run_id=None), ago(days=3), id="alone")
    _keep(program, signal(done, ago(days=2), id="done"), signal(reversed_, ago(days=1), id="reversed"), alone)
    with program.reading() as connection:
        found = read_states(connection, AgentAction, [W], WEEK)[W]
    assert found == (alone, signal(replace(done, reversed=True), ago(days=1), id="reversed"))


def test_the_last_word_on_each_tier_of_seats_counts(program: Database) -> None:
    for tier, days, people in (("pro", 2, 10), ("pro", 1, 12), ("free", 3, 4)):
        _keep(program, signal(Seat(tier, people, 2, Decimal(99)), ago(days=days), id=f"{tier}{days}"))
    with program.reading() as connection:
        found = read_seats(connection, NOW)
        assert {team: ids(of) for team, of in found.items()} == {"t_Support": ["free3", "pro1"]}
        assert ids(read_seats(connection, ago(days=1))["t_Support"]) == ["free3", "pro2"]


def test_a_thousand_workflows_are_asked_for_at_once(program: Database) -> None:
    many = [f"w_{number}" for number in range(1200)]
    _keep(program, _metric(4, ago(days=1), id="m"))
    with program.reading() as connection:
        for found in (
            read_latest(connection, Metric, [*many, W], NOW),
            read_within(connection, Metric, [*many, W], WEEK),
        ):
            assert (len(found), {name: ids(of) for name, of in found.items() if of}) == (1201, {W: ["m"]})
        assert _counted(connection, many, WEEK, NOW) == dict.fromkeys(many, _count())
