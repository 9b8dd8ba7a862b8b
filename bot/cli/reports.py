"""`rollout report`: what a workflow brought in ninety days, and what that took."""

import re
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import WorkflowName

if TYPE_CHECKING:
    from bot.domain.reports.report import Report

app = typer.Typer(rich_markup_mode=None)

Form = Annotated[
    Literal["text", "json", "markdown"],
    typer.Option("--format", help="For people, for programs, or as a document."),
]

_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")


@command(app, "report")
def report(call: Call, workflow: WorkflowName, form: Form = "text") -> None:
    """Report what a workflow brought from its baseline to now, what that took, and what was decided."""
    from bot.actions.reports import report_of
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        found = report_of(view, workflow_in(view, workflow), session.desk.clock.now())
    if form == "json":
        from bot.domain.reports.shapes import report_as_json

        show(report_as_json(found))
        return
    say(_text(found) if form == "text" else _markdown(found))


def _text(report: "Report") -> str:
    from zoneinfo import ZoneInfo

    from bot.slack.pen import Pen
    from bot.slack.screens.reports import report_text

    return report_text(Pen(ZoneInfo(report.workflow.team.zone)), report)


def _markdown(report: "Report") -> str:
    from bot.charts import alt_of
    from bot.domain.findings.words import usd
    from bot.domain.gates.words import figure

    zone, trajectory = report.workflow.team.zone, report.trajectory
    return worded(
        "report.md.whole",
        zone,
        r=report,
        today=report.on,
        stage=worded("report.stage", zone, r=report, today=report.on),
        chart=alt_of(trajectory) if trajectory else worded("report.no_chart"),
        figure=figure,
        usd=usd,
        mark=_marked,
    )


def _marked(text: str) -> str:
    """Foreign text on one line, in which nothing is Markdown."""
    from bot.domain.wording import one_line

    return _MARKUP.sub(r"\\\1", one_line(text))
