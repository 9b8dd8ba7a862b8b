"""incident.no_postmortem: severe incidents that nobody learned from in time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Records
from bot.domain.signals.kinds import Incident, IncidentCourse, IncidentStatus
from bot.domain.verdicts import Trace
from bot.domain.workflows import Outcome
from tests.domain.samples import BEN
from tests.findings.record_samples import WARNING, findings, look, severities, staffed, standing_still
from tests.gates.evidence import signal

RULE = "incident.no_postmortem"
RESOLVED = datetime(2026, 3, 24, 15, tzinfo=UTC)
"""A Tuesday, three in the afternoon in Lisbon."""
DUE = datetime(2026, 3, 31, 14, tzinfo=UTC)
"""Five working days later; clocks changed between."""


def course(severity: int = 2, resolved_at: datetime | None = RESOLVED, key: str = "INC-1") -> IncidentCourse:
    status = IncidentStatus.RESOLVED if resolved_at else IncidentStatus.OPEN
    at = resolved_at or RESOLVED
    return IncidentCourse(signal(Incident(key, severity, status, "Sent twice"), at, key), at, resolved_at)


def seen(at: datetime, *courses: IncidentCourse, **given: Any) -> WorkflowLook:
    return look(at, Records(unlearned=courses), **given)


def test_it_names_the_incident_and_when_its_postmortem_was_due() -> None:
    (found,) = findings(RULE, seen(DUE + timedelta(days=6), course()))
    assert found == Finding(
        rule=RULE,
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="INC-1",
        team_id="team_1",
        team="Support",
        summary="incident INC-1 (sev2) was resolved on 24 Mar 2026 and has no accepted postmortem, due within "
        "5 working days, by 31 Mar 2026",
        facts=(
            ("incident", "INC-1"),
            ("incident_severity", 2),
            ("resolved_at", "2026-03-24T15:00:00+00:00"),
            ("working_days", 5),
            ("due_at", "2026-03-31T14:00:00+00:00"),
        ),
        owner=BEN,
        next_step="write its postmortem and have it accepted",
        evidence=(Trace("signal", "INC-1", "https://ci.example.com/INC-1"),),
    )


@pytest.mark.parametrize(
    ("at", "found"), [(DUE, []), (DUE + timedelta(microseconds=1), [WARNING])], ids=["at the limit", "beyond it"]
)
def test_five_working_days_are_the_teams(at: datetime, found: list[Severity]) -> None:
    assert severities(findings(RULE, seen(at, course()))) == found


def test_one_that_is_open_or_less_severe_or_from_before_the_start_asks_for_none() -> None:
    later = DUE + timedelta(days=30)
    history = course(resolved_at=datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    first_day = course(resolved_at=datetime(2026, 3, 2, 0, tzinfo=UTC))
    assert findings(RULE, seen(later, course(3), course(resolved_at=None), history)) == ()
    assert len(findings(RULE, seen(later, first_day))) == 1
    assert findings(RULE, seen(later, first_day, of=staffed(start_on=date(2026, 3, 4)))) == ()


def test_it_is_judged_while_paused_but_not_once_closed() -> None:
    two = (course(1, key="INC-1"), course(2, key="INC-2"))
    paused, closed = standing_still(date(2026, 3, 25)), staffed(outcome=Outcome.STOPPED)
    later = DUE + timedelta(days=1)
    assert [found.about for found in findings(RULE, seen(later, *two, of=paused))] == ["INC-1", "INC-2"]
    assert findings(RULE, seen(later, *two, of=closed)) == ()
