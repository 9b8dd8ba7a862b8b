"""memo.missing and memo.missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Predicted, Records
from bot.domain.memos import Category, Comparison, Memo, Prediction
from bot.domain.signals.kinds import Change, Signal
from bot.domain.verdicts import Trace
from bot.domain.visibility import Visibility
from bot.domain.workflows import Outcome
from tests.domain.samples import ANA
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
from tests.gates.evidence import memo, signal, value

MONDAY = datetime(2026, 3, 30, 8, tzinfo=UTC)
"""At nine in Lisbon, on the day after clocks changed."""
SATURDAY = datetime(2026, 3, 28, 9, tzinfo=UTC)
"""Two local days before, 47 hours."""


def change(
    merged_at: datetime = MONDAY - timedelta(days=5), key: str = "PR-9", at: datetime | None = None
) -> Signal[Any]:
    body = Change(key, "Drop the old ledger", merged_at, Decimal(26), reverts=None, irreversible=True)
    return signal(body, at or merged_at, f"s_{key}")


def merged(
    *changes: Signal[Any], at: datetime = MONDAY, named: frozenset[str] = frozenset(), **given: Any
) -> WorkflowLook:
    return look(at, Records(irreversible=changes, named=named), **given)


def test_an_irreversible_change_without_a_memo_is_a_finding_for_the_owner() -> None:
    (found,) = findings("memo.missing", merged(change()))
    assert found == Finding(
        rule="memo.missing",
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="PR-9",
        team_id="team_1",
        team="Support",
        summary="change PR-9 cannot be undone and was merged on 25 Mar 2026, more than 2 days ago, and no memo names "
        "it",
        facts=(("change", "PR-9"), ("merged_at", "2026-03-25T08:00:00+00:00"), ("max_days", 2)),
        owner=ANA,
        next_step="file a memo that names PR-9 among its changes",
        evidence=(Trace("signal", "s_PR-9", "https://ci.example.com/s_PR-9"),),
    )


def test_two_days_are_local_ones_and_at_the_limit_there_is_still_time() -> None:
    assert findings("memo.missing", merged(change(SATURDAY))) == ()
    assert severities(findings("memo.missing", merged(change(SATURDAY - timedelta(microseconds=1))))) == [WARNING]


def test_a_memo_that_names_the_key_settles_it_and_each_other_key_is_a_finding() -> None:
    several = (change(), change(key="PR-10"), change(key="PR-10", merged_at=MONDAY - timedelta(days=4)))
    found = findings("memo.missing", merged(*several, named=frozenset({"PR-9"})))
    assert [(each.about, dict(each.facts)["merged_at"]) for each in found] == [("PR-10", "2026-03-25T08:00:00+00:00")]


def test_what_was_merged_before_the_workflow_started_is_history() -> None:
    of = staffed(start_on=date(2026, 3, 25))
    tuesday, wednesday = datetime(2026, 3, 24, 23, 59, tzinfo=UTC), datetime(2026, 3, 25, 0, tzinfo=UTC)
    assert findings("memo.missing", merged(change(tuesday), of=of)) == ()
    assert findings("memo.missing", merged(change(tuesday, at=MONDAY - timedelta(days=1)), of=of)) == ()
    assert len(findings("memo.missing", merged(change(wednesday), of=of))) == 1


def test_memos_are_not_judged_while_paused_or_once_closed() -> None:
    for of in (standing_still(date(2026, 3, 23)), staffed(outcome=Outcome.DONE)):
        records = Records(irreversible=(change(),), predictions=(predicted("4.1"),))
        assert findings("memo.missing", look(MONDAY, records, of=of)) == ()
        assert findings("memo.missed", look(MONDAY, records, of=of)) == ()


def predicting(comparison: Comparison = Comparison.AT_LEAST, **content: Any) -> Memo:
    prediction = Prediction("csat", comparison, Decimal("4.5"), date(2026, 3, 27))
    filed = memo(None, title="Refunds go out alone", prediction=prediction)
    return replace(filed, content=replace(filed.content, **content))


def predicted(number: str | None, by: Memo | None = None) -> Predicted:
    return Predicted(by or predicting(), value(number, metric="csat") if number else None)


def due(*predictions: Predicted) -> WorkflowLook:
    return look(MONDAY, Records(predictions=predictions))


def test_a_missed_prediction_says_what_came_and_what_was_expected() -> None:
    assert told("memo.missed", due(predicted("4.10"))) == [
        Told(
            WARNING,
            "memo_1",
            "the prediction of the memo “Refunds go out alone” was missed: csat was 4.1, and ≥ 4.5 was expected by "
            "27 Mar 2026",
            "Ana",
            "file a memo that supersedes it and says what follows from the miss",
        )
    ]


def test_a_prediction_without_a_value_is_unanswered() -> None:
    assert told("memo.missed", due(predicted(None))) == [
        Told(
            NOTICE,
            "memo_1",
            "the prediction of the memo “Refunds go out alone” is unanswered: csat has no value, and ≥ 4.5 was "
            "expected by 27 Mar 2026",
            "Ana",
            "record the metric's value, or file a memo that supersedes it",
        )
    ]


@pytest.mark.parametrize(
    ("comparison", "number", "found"),
    [
        (Comparison.AT_LEAST, "4.5", []),
        (Comparison.AT_LEAST, "4.4999", [WARNING]),
        (Comparison.ABOVE, "4.5", [WARNING]),
        (Comparison.AT_MOST, "4.5", []),
        (Comparison.AT_MOST, "4.5001", [WARNING]),
        (Comparison.BELOW, "4.5", [WARNING]),
    ],
)
def test_exactly_at_the_limit_is_for_the_signs_that_include_it(
    comparison: Comparison, number: str, found: list[Severity]
) -> None:
    assert severities(findings("memo.missed", due(predicted(number, predicting(comparison))))) == found


@pytest.mark.parametrize(
    "content", [{"visibility": Visibility.TEAM}, {"category": Category.SECURITY_POSTURE}], ids=["team", "security"]
)
def test_a_memo_that_is_not_for_all_keeps_its_words_and_numbers(content: dict[str, Any]) -> None:
    by = predicting(**content)
    missed, unanswered = findings("memo.missed", due(predicted("4.1", by), predicted(None, by)))
    assert (missed.summary, unanswered.summary) == (
        "the prediction of memo memo_1 was missed: its value was another",
        "the prediction of memo memo_1 is unanswered: its metric has no value",
    )
    assert missed.facts == unanswered.facts == (("memo", "memo_1"), ("check_on", "2026-03-27"))
    assert missed.evidence == (Trace("memo", "memo_1"),)
