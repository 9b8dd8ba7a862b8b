"""Rules about metrics: beyond a limit, silent, off pace."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.limits import beyond_since, worst
from bot.domain.findings.records import Records
from bot.domain.findings.seen import Seen
from bot.domain.gate_evidence import Better
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import Trace
from bot.domain.workflows import Standstill
from tests.domain.samples import ANA
from tests.findings.seen_samples import AT, EVA, ago, found, guardrail, look, measured, success, told, value

MICROSECOND = timedelta(microseconds=1)


# guardrail.breached


def test_a_guardrail_beyond_its_limit_is_critical_and_says_since_when() -> None:
    seen = measured(guardrail(), value("4.10", ago(1)), beyond_since=ago(3))
    (finding,) = found("guardrail.breached", look(seen))
    assert finding == Finding(
        rule="guardrail.breached",
        version=1,
        severity=Severity.CRITICAL,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="csat",
        team_id="team_1",
        team="Support",
        summary="csat 4.1, limit 4.2 (guardrail), since Friday",
        facts=(
            ("metric", "csat"),
            ("value", "4.10"),
            ("limit", "4.2"),
            ("better", "higher"),
            ("measured_at", "2026-03-29T08:00:00+00:00"),
            ("since", "2026-03-27T09:00:00+00:00"),
        ),
        owner=ANA,
        next_step="roll back or change course",
        evidence=(Trace("signal", "value_4.10", "https://ci.example.com/value_4.10"),),
    )


@pytest.mark.parametrize(
    ("limit", "better", "number", "count"),
    [
        ("4.2", Better.HIGHER, "4.2", 0),
        ("4.2", Better.HIGHER, "4.1999", 1),
        ("0.05", Better.LOWER, "0.05", 0),
        ("0.05", Better.LOWER, "0.0501", 1),
    ],
)
def test_at_its_limit_a_guardrail_holds(limit: str, better: Better, number: str, count: int) -> None:
    assert len(found("guardrail.breached", look(measured(guardrail(limit, better), value(number, ago(1)))))) == count


def test_a_value_of_an_earlier_week_breaches_nothing_now() -> None:
    old = value("4.1", ago(8))
    assert found("guardrail.breached", look(measured(guardrail(), None, newest=old))) == ()


def test_a_success_metric_breaches_no_limit() -> None:
    assert found("guardrail.breached", look(measured(success(), value(99, ago(1))))) == ()


def test_a_guardrail_is_judged_while_paused_and_silence_and_pace_are_not() -> None:
    paused = look(measured(guardrail(), value("4.1", ago(1))), paused=True)
    assert told("guardrail.breached", paused) == [("critical", "csat 4.1, limit 4.2 (guardrail), since Sunday")]
    assert found("metric.silent", look(measured(guardrail()), paused=True)) == ()
    behind = measured(success(), value(12, ago(1)), value(12, ago(8)))
    assert found("target.off_pace", look(behind, start_on=date(2026, 1, 1), paused=True)) == ()


def test_of_two_values_at_once_the_worse_counts() -> None:
    both = [value("4.1", ago(1)), value("4.3", ago(1)), value("5", ago(2))]
    assert worst(both, Better.HIGHER) == both[0]
    assert worst(both, Better.LOWER) == both[1]


def test_a_breach_goes_back_to_the_first_value_without_a_good_one_since() -> None:
    entry = guardrail().entry
    values = [(ago(1), Decimal("4.1")), (ago(2), Decimal("4.0")), (ago(3), Decimal("4.2")), (ago(4), Decimal("3"))]
    assert beyond_since(entry, values, first=ago(30)) == ago(2)
    assert beyond_since(entry, values[:2], first=ago(1)) == ago(1)


# metric.silent


def test_a_metric_without_a_value_for_more_than_14_days_is_silent() -> None:
    seen = measured(guardrail(), None, newest=value("4.5", ago(14) - timedelta(days=1)))
    (finding,) = found("metric.silent", look(seen))
    assert (finding.severity, finding.summary) == (Severity.WARNING, "no value of csat for 15 days (at most 14)")
    assert (finding.about, finding.owner) == ("csat", EVA)
    assert finding.evidence == (Trace("signal", "value_4.5", "https://ci.example.com/value_4.5"),)


@pytest.mark.parametrize(("at", "count"), [(ago(14), 0), (ago(14) - MICROSECOND, 1)])
def test_fourteen_days_are_those_of_the_clock_on_the_wall_also_over_a_change(at: datetime, count: int) -> None:
    seen = measured(guardrail(), None, newest=replace(value("4.5", ago(1)), at=at))
    assert len(found("metric.silent", look(seen))) == count
    assert AT - ago(14) == timedelta(days=14, hours=-1)


@pytest.mark.parametrize(("since", "count"), [(ago(14), 0), (ago(14) - MICROSECOND, 1)])
def test_without_any_value_the_days_count_from_the_definition(since: datetime, count: int) -> None:
    defined = replace(success(), since=since)
    assert len(found("metric.silent", look(measured(defined)))) == count
    if count:
        (finding,) = found("metric.silent", look(measured(defined)))
        assert finding.summary == "no value of minutes for 14 days, none since it was defined (at most 14)"
        assert finding.owner == ANA


@pytest.mark.parametrize(("start_on", "count"), [(date(2026, 3, 16), 0), (date(2026, 3, 15), 1)])
def test_before_day_16_no_metric_is_silent(start_on: date, count: int) -> None:
    assert len(found("metric.silent", look(measured(guardrail()), PhaseName.PILOT, start_on=start_on))) == count


def test_a_metric_with_nothing_but_history_counts_from_its_definition() -> None:
    history = value("4.5", ago(60))
    fresh = measured(replace(guardrail(), since=ago(3)), None, newest=history)
    assert found("metric.silent", look(fresh)) == ()
    old = measured(replace(guardrail(), since=ago(20)), None, newest=history)
    assert told("metric.silent", look(old)) == [("warning", "no value of csat for 20 days (at most 14)")]


def test_a_workflow_without_metrics_is_silent_about_them() -> None:
    assert [found(rule, look(Seen())) for rule in ("guardrail.breached", "metric.silent", "target.off_pace")] == [
        ()
    ] * 3


# target.off_pace: minutes per refund go from 12 (day 30) to 6 (day 90), a tenth of a minute a day; 10 % are 0.6.

_DAY_60_TODAY = date(2026, 1, 30)


def _at_day_59(now: str, before: str) -> Seen:
    """Values of yesterday, day 59, where the line is at 9.1, and of eight days ago, day 52, where it is at 9.8."""
    return measured(success(), value(now, ago(1), "minutes"), value(before, ago(8), "minutes"))


def test_a_success_metric_far_behind_its_line_two_weeks_in_a_row_is_off_pace() -> None:
    (finding,) = found("target.off_pace", look(_at_day_59("9.71", "10.41"), start_on=_DAY_60_TODAY))
    assert finding.summary == (
        "minutes 9.71 on Sunday, where the way from 12 to 6 asks for 9.1; off pace 2 weeks in a row"
    )
    assert (finding.severity, finding.about, finding.owner) == (Severity.WARNING, "minutes", ANA)
    assert dict(finding.facts)["values"] == ("9.71", "10.41")


@pytest.mark.parametrize(("now", "before"), [("9.7", "10.41"), ("9.71", "10.4"), ("5", "5")])
def test_exactly_a_tenth_of_the_way_behind_or_better_in_one_week_is_on_pace(now: str, before: str) -> None:
    assert found("target.off_pace", look(_at_day_59(now, before), start_on=_DAY_60_TODAY)) == ()


def test_a_week_without_a_value_breaks_the_row() -> None:
    seen = measured(success(), value("11", ago(1), "minutes"), None)
    assert found("target.off_pace", look(seen, start_on=_DAY_60_TODAY)) == ()


def test_in_pilot_nobody_asks_for_the_pace() -> None:
    assert found("target.off_pace", look(_at_day_59("11", "11"), PhaseName.PILOT, start_on=_DAY_60_TODAY)) == ()


@pytest.mark.parametrize(("number", "count"), [("6.6", 0), ("6.61", 1)])
def test_after_day_90_the_line_is_flat(number: str, count: int) -> None:
    seen = measured(success(), value(number, ago(1), "minutes"), value(number, ago(8), "minutes"))
    here = look(seen, PhaseName.OPERATING, start_on=date(2025, 9, 1))
    assert len(found("target.off_pace", here)) == count


@pytest.mark.parametrize(("number", "count"), [("12.6", 0), ("12.61", 1)])
def test_up_to_day_30_the_line_is_the_baseline(number: str, count: int) -> None:
    seen = measured(success(), value(number, ago(1), "minutes"), value(number, ago(8), "minutes"))
    assert len(found("target.off_pace", look(seen, start_on=date(2026, 3, 10)))) == count


def test_a_pause_moves_the_line_for_what_came_after_it_alone() -> None:
    day_52, day_54 = value("10.41", ago(8), "minutes"), value("10.21", ago(1), "minutes")
    here = look(measured(success(), day_54, day_52), start_on=_DAY_60_TODAY, paused_days=5)
    paused = Records(standstills=(Standstill(here.workflow.id, date(2026, 3, 23), date(2026, 3, 28)),))
    (finding,) = found("target.off_pace", replace(here, records=paused))
    assert finding.summary == (
        "minutes 10.21 on Sunday, where the way from 12 to 6 asks for 9.6; off pace 2 weeks in a row"
    )
    better = measured(success(), value("10.2", ago(1), "minutes"), day_52)
    assert found("target.off_pace", replace(here, records=paused, seen=better)) == ()


def test_what_is_measured_while_a_workflow_stands_still_is_held_against_the_day_on_which_it_stopped() -> None:
    here = look(start_on=_DAY_60_TODAY)
    paused = replace(here, records=Records(standstills=(Standstill("wf_1", date(2026, 3, 20), date(2026, 3, 27)),)))
    assert [paused.day(ago(days)) for days in (11, 10, 8, 3, 2)] == [49, 50, 50, 50, 51]


def test_higher_may_be_better_too() -> None:
    defined = success(baseline=40, target=100, better=Better.HIGHER)
    low, high = (
        measured(defined, value(now, ago(1), "minutes"), value(then, ago(8), "minutes"))
        for now, then in (("62.9", "55"), ("63", "55"))
    )
    assert len(found("target.off_pace", look(low, start_on=_DAY_60_TODAY))) == 1
    assert found("target.off_pace", look(high, start_on=_DAY_60_TODAY)) == ()


def test_a_success_metric_without_a_baseline_has_no_line() -> None:
    entry = replace(success().entry, baseline=None)
    seen = measured(replace(success(), entry=entry), value("99", ago(1)), value("99", ago(8)))
    assert found("target.off_pace", look(seen, start_on=_DAY_60_TODAY)) == ()
