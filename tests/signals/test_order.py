"""Which of several signals holds, and to which window one belongs."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.signals.kinds import ActionOutcome, AgentAction, Incident, IncidentStatus, Review, ReviewOutcome, Span
from bot.domain.signals.order import history_begins, incident_course, is_history, latest
from tests.signals.samples import NOW, VALUES, ago, signal

WAITING = Review("out-1", ago(days=3), prompt_version="p7")
REVIEWED = Review("out-1", ago(days=3), ago(days=1), ReviewOutcome.REJECTED, "U7")


def _incident(status: IncidentStatus, severity: int = 2) -> Incident:
    return Incident("INC-1", severity, status, "Down")


def test_the_last_by_its_time_holds_however_they_arrive() -> None:
    early, late = signal(WAITING, ago(days=3)), signal(REVIEWED, ago(days=1))
    held = latest([late, early])
    assert held == latest([early, late])
    assert held.body == replace(REVIEWED, prompt_version="p7")


def test_of_two_at_once_the_later_arrival_holds() -> None:
    one, other = signal(_incident(IncidentStatus.OPEN), id="a"), signal(_incident(IncidentStatus.RESOLVED), id="b")
    assert (latest([one, other]), latest([other, one])) == (other, one)


def test_an_update_that_says_nothing_of_a_grant_or_a_version_leaves_it_as_it_was() -> None:
    first = AgentAction("send", "{}", ActionOutcome.DONE, reversed=False, grant_hash="g1", run_id="r", tools=("a", "b"))
    second = AgentAction("send", "{}", ActionOutcome.DONE, reversed=True, run_id="r", model="m2")
    held = latest([signal(first, ago(days=2)), signal(second, ago(days=1))])
    assert held.body == replace(second, grant_hash="g1", tools=("a", "b"))


def test_a_review_taken_back_is_waiting_again() -> None:
    held = latest([signal(REVIEWED, ago(days=2)), signal(WAITING, ago(days=1))])
    assert held.body == WAITING


def test_an_incident_opens_with_its_first_signal_and_ends_with_the_one_that_says_so() -> None:
    told = [
        signal(_incident(IncidentStatus.RESOLVED), ago(days=2)),
        signal(_incident(IncidentStatus.OPEN, 3), ago(days=5)),
        signal(_incident(IncidentStatus.RESOLVED, 1), ago(days=1)),
    ]
    course = incident_course(told)
    assert (course.opened_at, course.resolved_at, course.latest.body.severity) == (ago(days=5), ago(days=2), 1)


def test_an_incident_opened_again_is_not_resolved() -> None:
    told = [
        signal(_incident(IncidentStatus.OPEN), ago(days=5)),
        signal(_incident(IncidentStatus.RESOLVED), ago(days=4)),
        signal(_incident(IncidentStatus.OPEN), ago(days=3)),
    ]
    assert incident_course(told).resolved_at is None


def test_windows_meet_without_gap_or_overlap() -> None:
    span = Span(ago(days=7), NOW)
    assert [span.holds(at) for at in (ago(days=7), ago(seconds=1), NOW, None)] == [True, True, False, False]


def test_history_reaches_back_400_days_before_the_first_local_day() -> None:
    begins = history_begins(date(2026, 3, 1), "Europe/Lisbon")
    assert begins == datetime(2025, 1, 25, 0, 0, tzinfo=UTC)
    assert history_begins(date(2026, 3, 1), "America/New_York") == datetime(2025, 1, 25, 5, 0, tzinfo=UTC)


def test_history_ends_where_the_first_day_begins() -> None:
    first_moment = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    before = signal(VALUES["metric"], datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC))
    assert is_history(before, date(2026, 3, 1), "America/New_York")
    assert not is_history(signal(VALUES["metric"], first_moment), date(2026, 3, 1), "America/New_York")
