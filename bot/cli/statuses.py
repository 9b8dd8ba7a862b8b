"""`rollout status` and `rollout checklist`: how workflows stand."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, WorkflowName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.grants.ladder import Ladder
    from bot.domain.statuses import Status
    from bot.domain.verdicts import Verdict

app = typer.Typer(rich_markup_mode=None)


@command(app, "status")
def status(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Only this one; else all.")] = None,
    form: Format = "text",
) -> None:
    """Show phase, day, progress and what stands in the way."""
    from bot.actions.checklists import status_of, statuses
    from bot.actions.findings.scene import scene_of
    from bot.actions.findings.tracking import with_findings
    from bot.actions.gates import handles_of, judged
    from bot.actions.grants.ladder import ladder_of
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        if workflow is None:
            found = statuses(view, view.workflows(), at)
        else:
            found = (status_of(view, workflow_in(view, workflow), at),)
        if form == "json" or workflow is not None:
            met = session.desk.memberships({handle for each in found for handle in handles_of(each.workflow)})
            found = tuple(judged(view, each, met) for each in found)
        scene = scene_of(session.desk, tuple(each.workflow for each in found), view)
        found = with_findings(view, found, at, scene)
        ladders = {each.workflow.id: ladder_of(view, each.workflow, at) for each in found}
    if form == "json":
        show({"workflows": [_entry(each, ladders[each.workflow.id]) for each in found]})
        return
    zone = session.settings.timezone
    said = (
        worded(
            "cli.status", zone, s=s, today=s.checklist.today, whole=workflow is not None, autonomy=_autonomy(s, ladders)
        )
        for s in found
    )
    say("\n\n".join(said) or worded("cli.no_workflow"))


def _autonomy(s: "Status", ladders: "Mapping[str, Ladder]") -> str:
    from bot.texts import Plain

    return Plain(worded("grants.autonomy", l=ladders[s.workflow.id]))


def _entry(s: "Status", ladder: "Ladder") -> dict[str, object]:
    from bot.cli.grants import entry_of
    from bot.domain.workflows import PLAYBOOK_DAYS

    progress = s.checklist.progress
    return {
        "workflow": s.workflow.name,
        "team": s.workflow.team.name,
        "playbook": s.workflow.playbook.id,
        "phase": s.workflow.phase.value,
        "day": s.day,
        "days": PLAYBOOK_DAYS,
        "progress": {
            "done": progress.done,
            "skipped": progress.skipped,
            "blocked": progress.blocked,
            "open": progress.open,
        },
        "gate": _gate(s.verdict),
        "grants": [entry_of(grant, s.workflow.name) for grant in ladder.grants],
        "findings": [
            {"rule": each.finding.rule, "severity": each.finding.severity.value, "summary": each.finding.summary}
            for each in s.findings
        ],
    }


def _gate(verdict: "Verdict | None") -> dict[str, object] | None:
    if verdict is None:
        return None
    return {"to": verdict.to.value, "ready": verdict.ready, "missing": list(verdict.missing)}


@command(app, "checklist")
def checklist(call: Call, workflow: WorkflowName) -> None:
    """Show a workflow's items with their ids, states, due days and people."""
    from bot.actions.checklists import status_of
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        found = status_of(view, workflow_in(view, workflow), session.desk.clock.now())
    windows = dict.fromkeys((row.phase, row.window) for row in found.checklist.rows)
    grouped = [
        (phase, window, [row for row in found.checklist.rows if (row.phase, row.window) == (phase, window)])
        for phase, window in windows
    ]
    say(worded("cli.checklist", s=found, today=found.checklist.today, windows=grouped))
