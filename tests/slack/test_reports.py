"""The ninety-day report in conversation, and in the team's channel by itself."""

from bot.actions import metrics, numbers
from bot.actions.desk import Asked
from bot.actions.numbers import Typed
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry, number_in
from bot.domain.signals.kinds import SignalType
from bot.sandbox.wire import Json
from tests.slack.cast import ANA, BO
from tests.slack.office import Case, Office


def measured(office: Office, day: int) -> Case:
    """A workflow on its day with a success metric and one value."""
    case = office.case(day=day)
    entry = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, number_in("4.1", "x"), number_in("4.5", "x"))
    ana = Asked(office.desk.actor(ANA))
    office.desk.do(ana, metrics.define, case.workflow, entry)
    typed = Typed(SignalType.METRIC, {"metric": "csat", "value": "4.3"})
    office.desk.do(ana, numbers.record, case.workflow, typed)
    office.clock.advance(1)
    return case


def reports(someone_sees: list[Json]) -> list[Json]:
    """Those messages that report on ninety days."""
    return [one for one in someone_sees if one["text"].startswith("Ninety-day report")]


def pictures(messages: list[Json]) -> list[str]:
    """The alt texts of the pictures in some messages."""
    return [block["alt_text"] for one in messages for block in one.get("blocks") or () if block["type"] == "image"]


def test_whoever_asks_reads_the_report_so_far_and_its_chart_follows(office: Office) -> None:
    case = measured(office, day=44)
    bo = office.person(BO)
    bo.types(f"/rollout report {case.name}", in_=case.room)
    bo.sees(
        f"Ninety-day report of {case.name} · Team of {case.name}  —  so far, pilot, day 44 of 90",
        "csat (success, higher is better): baseline 4.1, target 4.5; first 4.3 on",
        "target not met",
        "Autonomy reached: copilot",
        "Rework: no data",
    )
    bo.sees(f"Chart of csat of {case.name}, day 44; higher is better.")
    office.settle()
    (alt,) = pictures(bo.messages())
    assert "Last value of each week: 4.3. The target is not met." in alt
    again = office.person(BO).types(f"/rollout report {case.name}", in_=case.room).sees("Chart of csat")
    assert len(pictures(reports(again.messages()))) == 1


def test_without_a_metric_it_says_why_there_is_no_chart(office: Office) -> None:
    case = office.case(day=3)
    bo = office.person(BO).types("/rollout report", in_=case.room)
    bo.sees("no data, no metric is defined", "No chart: it needs a success metric with baseline and target.")
    office.settle()
    assert pictures(bo.messages()) == []


def test_an_unknown_name_is_answered_with_the_nearest(office: Office) -> None:
    case = office.case()
    bo = office.person(BO)
    with office.nothing_changes():
        bo.types(f"/rollout report {case.name}x", in_=case.room).sees(f"Did you mean {case.name}?")


def test_after_ninety_days_the_status_leads_to_it(office: Office) -> None:
    young, old = office.case(day=90), office.case(day=91)
    bo = office.person(BO).types(f"/rollout status {young.name}", in_=young.room)
    bo.sees("day 90 of 90", "[Grants] [Share in channel]")
    bo = office.person(BO).types(f"/rollout status {old.name}", in_=old.room)
    bo.sees("[Grants] [Report] [Share in channel]").clicks("Report").sees(f"Ninety-day report of {old.name}")


def test_on_day_91_the_team_reads_it_with_its_chart_once(office: Office) -> None:
    case = measured(office, day=90)
    ana = office.person(ANA)
    office.passes(hours=23)
    office.passes(hours=1)
    ana.sees(f"Ninety-day report of {case.name}", "pilot, day 91", in_=case.room)
    office.settle()
    (report,) = reports(ana.messages(in_=case.room))
    assert len(pictures([report])) == 1
    assert "day 91" in pictures([report])[0]


def test_at_its_end_the_team_reads_it_in_words_where_slack_takes_no_picture(office: Office) -> None:
    case = measured(office, day=20)
    office.fails("files.getUploadURLExternal", "error", error="missing_scope")
    ana = office.person(ANA).types(f"/rollout close {case.name}", in_=case.room)
    ana.fills(outcome="stopped", reason="No budget.").submits()
    ana.sees(f"Ninety-day report of {case.name}", "closed as stopped on", "day 20", in_=case.room)
    office.settle()
    (report,) = reports(ana.messages(in_=case.room))
    assert pictures([report]) == []


def test_a_message_that_slack_refuses_with_its_picture_goes_out_in_words(office: Office) -> None:
    case = measured(office, day=20)
    office.fails("chat.postMessage", "error", error="invalid_blocks", times=2)
    ana = office.person(ANA).types(f"/rollout close {case.name}", in_=case.room)
    ana.fills(outcome="stopped", reason="No budget.").submits()
    office.settle()
    office.passes(seconds=60)
    ana.sees(f"Ninety-day report of {case.name}", "day 20", in_=case.room)
    office.settle()
    (report,) = reports(ana.messages(in_=case.room))
    assert pictures([report]) == []


def test_the_chart_alone_comes_in_words_and_then_as_a_picture(office: Office) -> None:
    case = measured(office, day=44)
    bo = office.person(BO)
    bo.types(f"/rollout chart {case.name}", in_=case.room)
    bo.sees(f"Chart of csat of {case.name}, day 44; higher is better.")
    office.settle()
    assert len(pictures(bo.messages())) == 1


def test_without_a_metric_the_chart_says_what_it_needs(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout chart {case.name}", in_=case.room)
    ana.sees("There is nothing to draw of", "[Define a metric…]")
    ana.clicks("Define a metric…").sees("Target: what it should reach")
