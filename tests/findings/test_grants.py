"""grant.expiring, grant.suspended and grant.unattested."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Records
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause
from bot.domain.workflows import Outcome
from tests.domain.samples import on_day
from tests.findings.record_samples import (
    NOTICE,
    WARNING,
    Told,
    findings,
    look,
    severities,
    staffed,
    standing_still,
    told,
)
from tests.gates import evidence

AT = datetime(2026, 4, 20, 8, tzinfo=UTC)
"""A Monday at nine in Lisbon."""
BEFORE_THE_CHANGE = datetime(2026, 3, 23, 9, tzinfo=UTC)
"""A Monday at nine in Lisbon whose next one is an hour less than seven days away."""
MOMENT = timedelta(microseconds=1)


def grant(**fields: Any) -> Grant:
    """A grant for send_macro that was attested this morning and holds for long."""
    standard = evidence.grant("send_macro", approved_at=AT, attested_at=AT, expires_at=AT + timedelta(days=90))
    return replace(standard, **fields)


def seen(*grants: Grant, at: datetime = AT, **given: Any) -> WorkflowLook:
    return look(at, Records(grants=grants), **given)


def suspended(*causes: tuple[SuspensionCause, str], since: datetime = AT - timedelta(days=2)) -> Grant:
    halts = tuple(Suspension(cause, since, subject) for cause, subject in causes)
    return grant(state=GrantState.SUSPENDED, suspensions=halts)


def test_an_active_grant_that_ends_soon_is_a_notice_for_the_steward() -> None:
    ending = grant(expires_at=datetime(2026, 4, 24, 15, tzinfo=UTC))
    assert told("grant.expiring", seen(ending)) == [
        Told(
            NOTICE,
            "grant_send_macro",
            "the grant for send_macro expires on 24 Apr 2026, in 4 days",
            "Ben",
            "request it anew if it is still needed",
        )
    ]


@pytest.mark.parametrize(
    ("at", "within"),
    [(AT, timedelta(days=7)), (BEFORE_THE_CHANGE, timedelta(days=7, hours=-1))],
    ids=["a usual week", "a week of 167 hours"],
)
def test_soon_is_seven_local_days_both_ends_included(at: datetime, within: timedelta) -> None:
    just, later = grant(expires_at=at + within), grant(expires_at=at + within + MOMENT)
    assert severities(findings("grant.expiring", seen(just, at=at))) == [NOTICE]
    assert findings("grant.expiring", seen(later, at=at)) == ()
    assert findings("grant.expiring", seen(replace(just, state=GrantState.SUSPENDED), at=at)) == ()


def test_a_suspended_grant_says_why_since_when_and_how_it_goes_on() -> None:
    halted = suspended((SuspensionCause.EVAL_FAILED, "refunds"), (SuspensionCause.GUARDRAIL, "csat"))
    (found,) = findings("grant.suspended", seen(halted))
    assert told("grant.suspended", seen(halted)) == [
        Told(
            WARNING,
            "grant_send_macro",
            "the grant for send_macro is suspended since 18 Apr 2026: the latest eval run is below the floor "
            "(refunds), a guardrail metric is beyond its limit (csat)",
            "Ben",
            "bring the suite's last two runs above the floor, then resume it",
        )
    ]
    assert found.size == 2
    assert findings("grant.suspended", seen(grant())) == ()


@pytest.mark.parametrize("cause", SuspensionCause)
def test_whatever_suspended_a_grant_there_is_a_next_step(cause: SuspensionCause) -> None:
    (line,) = told("grant.suspended", seen(suspended((cause, ""))))
    assert (line.severity, len(line.next_step.split()) > 2) == (WARNING, True)


@pytest.mark.parametrize(
    ("attested_at", "found"),
    [
        (AT - timedelta(days=23) + MOMENT, []),
        (AT - timedelta(days=23), [NOTICE]),
        (AT - timedelta(days=30) + MOMENT, [NOTICE]),
        (AT - timedelta(days=30), [WARNING]),
    ],
)
def test_an_attestation_is_named_seven_days_before_and_a_warning_once_it_is_overdue(
    attested_at: datetime, found: list[Severity]
) -> None:
    assert severities(findings("grant.unattested", seen(grant(attested_at=attested_at)))) == found


def test_before_the_first_attestation_the_approval_counts_and_effect_none_is_no_exception() -> None:
    never = grant(attested_at=None, approved_at=AT - timedelta(days=33))
    assert told("grant.unattested", seen(never)) == [
        Told(
            WARNING,
            "grant_send_macro",
            "the attestation of send_macro, asked for every 30 days, was due on 17 Apr 2026, 3 days ago",
            "Ben",
            "attest it if it is still needed and right, else revoke it",
        )
    ]
    today = grant(attested_at=AT - timedelta(days=30) + timedelta(hours=3))
    assert told("grant.unattested", seen(today))[0].summary.endswith("is due on 20 Apr 2026, today")


def test_each_grant_is_a_finding_of_its_own_also_while_the_workflow_is_paused() -> None:
    two = (suspended((SuspensionCause.BY_HAND, "")), replace(suspended((SuspensionCause.BY_HAND, "")), id="grant_2"))
    for of in (staffed(), standing_still(date(2026, 4, 13))):
        assert [found.about for found in findings("grant.suspended", seen(*two, of=of))] == [
            "grant_send_macro",
            "grant_2",
        ]
    overdue = grant(attested_at=on_day(1), expires_at=AT + timedelta(days=1))
    for rule in ("grant.expiring", "grant.unattested"):
        assert len(findings(rule, seen(overdue, of=standing_still(date(2026, 4, 13))))) == 1
        assert findings(rule, seen(overdue, of=staffed(outcome=Outcome.DONE))) == ()
