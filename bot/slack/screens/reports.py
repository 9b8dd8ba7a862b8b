"""The ninety-day report: a section for each part of it, and the chart once it is there."""

from collections.abc import Iterator

from bot.charts import Chart, alt_of
from bot.domain.findings.words import usd
from bot.domain.gates.words import figure
from bot.domain.reports.ledger import ReviewEffort
from bot.domain.reports.report import Report
from bot.domain.workflows import Workflow
from bot.slack.blocks import Screen, actions, button, context, image, section
from bot.slack.pen import Pen
from bot.texts import escape

_METRICS_SHOWN = 10


def report_screen(pen: Pen, report: Report, picture: str | None = None) -> Screen:
    """The report whole; `picture` is the id of its uploaded chart."""
    blocks = [section(text) for text in _parts(pen, report)]
    trajectory = report.trajectory
    if trajectory is None:
        blocks.append(context(pen.md("report.no_chart")))
    elif picture:
        blocks.append(image(picture, alt_of(trajectory)))
    blocks.append(actions(button("Status", "status.open", report.workflow.name)))
    fallback = pen.md("report.fallback", r=report, stage=pen.md("report.stage", r=report, today=report.on))
    return Screen(fallback, tuple(blocks))


def chart_screen(chart: Chart, picture: str) -> Screen:
    """A chart by itself."""
    alt = alt_of(chart)
    return Screen(escape(alt), (image(picture, alt),))


def words_of_chart(chart: Chart) -> Screen:
    """What a chart shows, in words, for as long as the picture is not there."""
    alt = escape(alt_of(chart))
    return Screen(alt, (section(alt),))


def without_chart_screen(pen: Pen, workflow: Workflow) -> Screen:
    """That there is nothing to draw yet, and what would change that."""
    text = pen.md("report.nothing_to_draw", workflow=workflow.name)
    return Screen(text, (section(text, button("Define a metric…", "metric.define", workflow.id)),))


def report_text(pen: Pen, report: Report) -> str:
    """The report as plain text; of its chart the words."""
    trajectory = report.trajectory
    chart = alt_of(trajectory) if trajectory else pen.plain("report.no_chart")
    return "\n\n".join((*_parts(pen, report, plain=True), chart))


def _parts(pen: Pen, report: Report, *, plain: bool = False) -> Iterator[str]:
    say = pen.plain if plain else pen.md

    def effort(reviews: ReviewEffort) -> str:
        return say("report.effort", e=reviews)

    given: dict[str, object] = {"r": report, "today": report.on, "figure": figure, "usd": usd, "effort": effort}
    given |= {"stage": say("report.stage", r=report, today=report.on)}
    given |= {"shown": report.metrics if plain else report.metrics[:_METRICS_SHOWN]}
    for part in ("title", "metrics", "autonomy", "costs", "quality", "decisions"):
        yield say(f"report.{part}", **given)
