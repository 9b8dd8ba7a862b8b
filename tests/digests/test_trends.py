"""Which findings are shown as trends, what their numbers read like, and how they go from the database to a picture."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import metrics, signals
from bot.actions.desk import Asked
from bot.actions.digests.trends import trends_of
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene
from bot.domain.digests.trends import WEEKS, Trend, Unit, digits, shown, with_a_trend
from bot.domain.findings.kinds import Subject, SubjectKind
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry
from bot.domain.playbook import PhaseName
from store import Database
from tests.digests.samples import finding
from tests.grants_program import GrantsProgram

AT = datetime(2026, 5, 11, 8, tzinfo=UTC)
"""A Monday at nine in Lisbon, day 71 of a workflow that began on 2 March."""

CSAT = Trend("refunds_agent", "csat", Unit.PLAIN, ("4.4", "4.3", "4.1"), ("4.2",) * 3)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (("4.4", "4.3", "4.1"), True),
        ((None, None, "4.4", None, "4.3", "4.1"), True),
        (("4.3", "4.1"), False),
        ((None, "4.3", None, "4.1"), False),
        (("4.4", "4.3", "4.1", None), False),
        ((), False),
    ],
)
def test_a_trend_needs_a_number_this_week_and_two_before(values: tuple[str | None, ...], says: bool) -> None:
    assert replace(CSAT, values=values).says_something is says


def test_at_most_four_are_shown_and_those_that_say_nothing_make_room() -> None:
    trends = tuple(replace(CSAT, thing=f"metric {number}") for number in range(6))
    silent = replace(CSAT, values=("4.1",))
    assert shown((silent, *trends)) == trends[:4]
    assert shown((silent,)) == ()


def test_only_rules_that_hold_weeks_against_a_line_are_shown_and_in_the_order_of_the_digest() -> None:
    breached, late, slow = (finding(rule=rule) for rule in ("guardrail.breached", "item.overdue", "review.slow"))
    of_team = finding(rule="rework.rising", subject=Subject(SubjectKind.TEAM, "team_1", "Support"))
    assert with_a_trend((slow, late, of_team, breached)) == (slow, breached)


@pytest.mark.parametrize(
    ("unit", "number", "told"),
    [
        (Unit.PLAIN, "4.20", "4.2"),
        (Unit.SHARE, "0.1001", "10.1 %"),
        (Unit.USD, "1840.4", "$1,840"),
        (Unit.HOURS, "4.01", "4.1 h"),
        (Unit.HOURS, "4", "4 h"),
        (Unit.PLAIN, None, "none"),
    ],
)
def test_numbers_are_told_in_their_unit_and_never_rounded_to_the_good_side(
    unit: Unit, number: str | None, told: str
) -> None:
    assert replace(CSAT, unit=unit).told(number) == told


@pytest.mark.parametrize(
    ("value", "written"), [("4.20", "4.2"), ("100", "100"), ("0.33333333", "0.3333"), ("1E+12", "1000000000000")]
)
def test_numbers_are_kept_by_their_digits(value: str, written: str) -> None:
    assert digits(Decimal(value)) == written
    assert digits(None) is None


# From the database


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent in production, with a guardrail and a success metric, at the Monday of a digest."""
    made = GrantsProgram(database)
    made.start()
    made.guard()
    minutes = MetricEntry("minutes", MetricKind.SUCCESS, Better.LOWER, Decimal(12), Decimal(6))
    made.do("stu", metrics.define, made.workflow(), minutes)
    made.clock.at = made.real.at = AT - timedelta(days=20)
    made.enter(PhaseName.PRODUCTION)
    made.clock.at = made.real.at = AT + timedelta(hours=1)
    return made


def noon(weeks_ago: int) -> datetime:
    """Wednesday at noon in UTC, in the week that ended so many weeks ago."""
    return AT - timedelta(days=5 + 7 * weeks_ago) + timedelta(hours=4)


def send(program: GrantsProgram, *sent: dict[str, Any]) -> None:
    usual = {"source": "ci", "workflow": program.name}
    lines = [json.dumps(usual | {"id": f"s{place}"} | each) for place, each in enumerate(sent)]
    taken = signals.take_in(program.desk, Asked(program.actor("max")), lines)
    assert not taken.rejected, taken.rejected


def metric(name: str, value: float, weeks_ago: int, **later: float) -> dict[str, Any]:
    at = noon(weeks_ago) + timedelta(**later)
    return {"type": "metric", "metric": name, "value": value, "at": at.isoformat()}


def review(number: int, outcome: str, weeks_ago: int, hours: float = 1) -> dict[str, Any]:
    begun = noon(weeks_ago) - timedelta(hours=3)
    done = (begun + timedelta(hours=hours)).isoformat()
    return {"type": "review", "output_id": f"o{weeks_ago}-{number}", "submitted_at": begun.isoformat(), "at": done,
            "reviewed_at": done, "outcome": outcome, "reviewer": "UREV"}  # fmt: skip


def drawn(program: GrantsProgram) -> tuple[tuple[str, ...], tuple[Trend, ...]]:
    """The rules of the findings that have a trend, and the trends."""
    with program.desk.reading() as view:
        judgement = judge(view, view.workflows(), Weeks(AT, "Europe/Lisbon"), Scene())
        findings = with_a_trend(judgement.findings)
        return tuple(each.rule for each in findings), trends_of(view, findings, judgement)


def test_a_breached_guardrail_is_shown_by_the_last_value_of_each_week(program: GrantsProgram) -> None:
    past = [metric("csat", 4.5 - week / 100, week) for week in range(1, 10) if week != 3]
    send(
        program,
        metric("csat", 4.9, 0),
        metric("csat", 4.1, 0, hours=2),
        metric("csat", 1, 0, days=4, hours=20.5),
        *past,
    )
    rules, (trend,) = drawn(program)
    assert rules == ("guardrail.breached",)
    values = ("4.43", "4.44", "4.45", "4.46", None, "4.48", "4.49", "4.1")
    assert trend == Trend("refunds_agent", "csat", Unit.PLAIN, values, ("4.2",) * WEEKS)


def test_what_is_off_pace_is_shown_beside_its_plan(program: GrantsProgram) -> None:
    send(program, *(metric("minutes", 12, week) for week in (0, 1, 2, 7)))
    rules, (trend,) = drawn(program)
    assert rules == ("target.off_pace",)
    assert (trend.unit, trend.is_plan) == (Unit.PLAIN, True)
    assert trend.values == ("12", None, None, None, None, "12", "12", "12")
    # Day 66 is the Wednesday of the week that is judged; the line falls by 6 in 60 days from day 30 on.
    assert trend.line[-1] == digits(12 - Decimal(66 - 30) / 10)
    assert trend.line[-2] == digits(12 - Decimal(59 - 30) / 10)
    assert trend.line[0] == "12"


def test_overrides_are_shown_as_the_share_of_each_weeks_reviews(program: GrantsProgram) -> None:
    def week(back: int, overridden: int) -> Sequence[dict[str, Any]]:
        return [review(n, "edited" if n < overridden else "approved", back) for n in range(20)]

    send(program, *week(0, 5), *week(1, 2), *week(2, 1))
    rules, (trend,) = drawn(program)
    assert rules == ("override.rising",)
    values = (None, None, None, None, None, "0.05", "0.1", "0.25")
    assert trend == Trend("refunds_agent", "overrides", Unit.SHARE, values, ("0.1",) * WEEKS)


def test_rework_is_shown_beside_what_the_four_weeks_before_allow(program: GrantsProgram) -> None:
    spent = {0: 400, 1: 100, 2: 200, 3: 0, 4: 100, 9: 1000}
    send(
        program,
        *(
            {"type": "rework", "kind": "defect", "cost_usd": cost, "at": noon(week).isoformat()}
            for week, cost in spent.items()
            if cost
        ),
    )
    rules, (trend,) = drawn(program)
    assert rules == ("rework.rising",)
    assert trend == Trend(
        workflow="refunds_agent",
        thing="rework",
        unit=Unit.USD,
        values=("0", "0", "0", "100", "0", "200", "100", "400"),
        line=("325", "325", "325", "100", "100", "100", "100", "130"),
    )


def test_slow_reviews_are_shown_by_their_median_in_working_hours(program: GrantsProgram) -> None:
    send(program, *(review(n, "approved", back, hours) for back, hours in ((0, 6), (1, 2), (2, 1.5)) for n in range(5)))
    rules, (trend,) = drawn(program)
    assert rules == ("review.slow",)
    values = (None, None, None, None, None, "1.5", "2", "6")
    assert trend == Trend("refunds_agent", "time to review", Unit.HOURS, values, ("4",) * WEEKS)


def test_many_findings_are_shown_in_their_order(program: GrantsProgram) -> None:
    send(program, *(metric("csat", 4, week) for week in range(3)), *(metric("minutes", 12, week) for week in range(3)))
    rules, trends = drawn(program)
    assert rules == ("guardrail.breached", "target.off_pace")
    assert [trend.thing for trend in trends] == ["csat", "minutes"]
