"""approval.waiting: a request that nobody decided in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.calendar import WorkingHours
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Records, Waiting
from bot.domain.requests import Request, RequestKind, RequestState
from bot.domain.verdicts import Trace
from bot.domain.workflows import Outcome
from tests.domain.samples import ANA, person, team
from tests.findings.record_samples import WARNING, findings, look, severities, staffed, standing_still, told

RULE = "approval.waiting"
BEA, CEM = person("bea"), person("cem")
THURSDAY = datetime(2026, 3, 26, 15, tzinfo=UTC)
"""Three in the afternoon in Lisbon, three working hours before the day is over."""
TWO_WORKING_DAYS_LATER = datetime(2026, 3, 30, 14, tzinfo=UTC)
"""Three in the afternoon of Monday, when clocks have changed."""


def waiting(asked_at: datetime = THURSDAY, able: tuple[Any, ...] = (BEA, CEM), **fields: Any) -> Waiting:
    standard = Request(
        id="req_1",
        kind=RequestKind.SKIP,
        workflow_id="wf_1",
        workflow="refunds_agent",
        item="write_spec",
        terms=(),
        reason="Not needed here.",
        asked_by=ANA,
        asked_at=asked_at,
        state=RequestState.WAITING,
    )
    return Waiting(replace(standard, **fields), able)


def seen(at: datetime, *requests: Waiting, **given: Any) -> WorkflowLook:
    return look(at, Records(waiting=requests), **given)


def test_it_goes_to_the_first_who_can_decide_and_says_until_when() -> None:
    (found,) = findings(RULE, seen(datetime(2026, 3, 31, 8, tzinfo=UTC), waiting()))
    assert found == Finding(
        rule=RULE,
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="req_1",
        team_id="team_1",
        team="Support",
        summary="a request (skip) has waited since 26 Mar 2026, longer than 2 working days",
        facts=(
            ("request", "req_1"),
            ("kind", "skip"),
            ("asked_at", "2026-03-26T15:00:00+00:00"),
            ("lapses_at", "2026-04-02T15:00:00+00:00"),
            ("working_days", 2),
            ("able", 2),
        ),
        owner=BEA,
        next_step="approve or decline it before it lapses on 2 Apr 2026",
        evidence=(Trace("request", "req_1"),),
    )


@pytest.mark.parametrize(
    ("late", "found"), [(timedelta(), []), (timedelta(microseconds=1), [WARNING])], ids=["at the limit", "beyond it"]
)
def test_working_days_are_the_teams_hours_over_a_weekend_on_which_clocks_change(
    late: timedelta, found: list[Severity]
) -> None:
    assert severities(findings(RULE, seen(TWO_WORKING_DAYS_LATER + late, waiting()))) == found


def test_a_team_of_short_days_has_short_working_days() -> None:
    of = staffed(team=team(hours=WorkingHours(14, 16)))
    friday_four, asked_at = datetime(2026, 3, 27, 16, tzinfo=UTC), datetime(2026, 3, 26, 14, tzinfo=UTC)
    assert findings(RULE, seen(friday_four, waiting(asked_at), of=of)) == ()
    assert len(findings(RULE, seen(friday_four + timedelta(minutes=1), waiting(asked_at), of=of))) == 1


def test_where_nobody_can_decide_the_lead_has_to_name_someone() -> None:
    (line,) = told(RULE, seen(datetime(2026, 3, 31, 8, tzinfo=UTC), waiting(able=())))
    assert (line.owner, line.next_step) == (
        "Lea",
        "name another approver of the team: nobody who is here can decide it",
    )


def test_each_request_counts_also_while_the_workflow_is_paused_but_not_once_it_is_closed() -> None:
    at, two = datetime(2026, 3, 31, 8, tzinfo=UTC), (waiting(), waiting(id="req_2", kind=RequestKind.GRANT))
    for of in (staffed(), standing_still(date(2026, 3, 9))):
        assert [found.about for found in findings(RULE, seen(at, *two, of=of))] == ["req_1", "req_2"]
    assert findings(RULE, seen(at, *two, of=staffed(outcome=Outcome.STOPPED))) == ()
