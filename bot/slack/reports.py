"""The ninety-day report in Slack: to whoever asks, and in the team's channel on day 91 and at the end."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.reports import report_of
from bot.charts import Chart
from bot.domain.reports.report import Report
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Say
from bot.slack.blocks import Screen
from bot.slack.lookups import workflow_meant
from bot.slack.pen import Pen
from bot.slack.registry import Group, click, command
from bot.slack.screens.reports import chart_screen, report_screen, without_chart_screen, words_of_chart
from bot.slack.visit import Click, Visit

PICTURE = "picture"
"""Under which name a telling is given the id of its uploaded chart."""


@command("report [workflow]", "what it brought in ninety days, and what that took", Group.LOOK_UP)
def report(visit: Visit, typed: str) -> Answer:
    """The report as it stands, only for whoever asks."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "report")
    return _told(visit, workflow)


@command("chart [workflow]", "the success metric week by week, as a picture beside the plan", Group.LOOK_UP)
def chart(visit: Visit, typed: str) -> Answer:
    """The chart of the report alone: its words at once, the picture a moment later."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "chart")
        drawn = report_of(view, workflow, visit.at).trajectory
    if drawn is None:
        return Say(without_chart_screen(visit.pen, workflow))
    if ready := visit.pictures.ready(drawn):
        return Say(chart_screen(drawn, ready))

    def picture() -> Screen | None:
        made = visit.pictures.made(drawn)
        return chart_screen(drawn, made) if made else None

    return Say(words_of_chart(drawn), later=picture)


@click("report.open")
def open_report(visit: Visit, clicked: Click) -> Answer:
    """The report, told to whoever clicked."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    return _told(visit, workflow)


def _told(visit: Visit, workflow: Workflow) -> Say:
    """The report at once; its chart a moment later, unless it is there already."""
    with visit.look() as view:
        found = report_of(view, workflow, visit.at)
    chart = found.trajectory
    ready = visit.pictures.ready(chart) if chart else None

    def picture() -> Screen | None:
        made = visit.pictures.made(chart) if chart else None
        return chart_screen(chart, made) if chart and made else None

    return Say(report_screen(visit.pen, found, ready), later=None if ready or not chart else picture)


def report_on_day(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The report for the team's channel; None where the workflow ended since, for then that is reported."""
    del target
    found = _found(desk, about)
    return None if found.closed_at else _drawn(found, about)


def report_at_end(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """The report of a workflow that was closed."""
    del target
    return _drawn(_found(desk, about), about)


def chart_of(desk: Desk, about: Mapping[str, str]) -> Chart | None:
    """The chart that belongs to it, if there is one."""
    return _found(desk, about).trajectory


def _drawn(found: Report, about: Mapping[str, str]) -> Screen:
    return report_screen(Pen(ZoneInfo(found.workflow.team.zone)), found, about.get(PICTURE))


def _found(desk: Desk, about: Mapping[str, str]) -> Report:
    with desk.reading() as view:
        return report_of(view, view.workflow_by_id(about["workflow"]), desk.clock.now())
