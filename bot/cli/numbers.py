"""`rollout record`: numbers that people type, one kind each; rows come in by `rollout ingest`."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import show, tell
from bot.cli.words import IncidentStatusName, RedLineKindName, ReworkKindName, WorkflowName, day_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Numbers typed by hand, and the last ones.")

On = Annotated[
    date | None,
    typer.Option("--on", metavar="YYYY-MM-DD", parser=day_of, help="The day that it is about; else now."),
]
Url = Annotated[str, typer.Option("--url", metavar="URL", help="Where it is written down.")]
_LATEST = 20


@command(app, "metric")
def metric(
    call: Call,
    workflow: WorkflowName,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, as it is defined.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The value, such as 4.2; a negative one after --.")],
    *,
    n: Annotated[str, typer.Option("--n", metavar="N", help="Over how many cases.")] = "",
    on: On = None,
    url: Url = "",
) -> None:
    """Record a metric's value."""
    _record(call, workflow, "metric", {"metric": name, "value": value, "n": n, "url": url}, on)


@command(app, "eval")
def eval_run(
    call: Call,
    workflow: WorkflowName,
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="Its name, as earlier runs spell it.")],
    *,
    cases: Annotated[str, typer.Option("--cases", metavar="N", help="How many cases there were.")],
    passed: Annotated[str, typer.Option("--passed", metavar="N", help="How many of them passed.")],
    prompt_version: Annotated[str, typer.Option("--prompt-version", metavar="V", help="Of the prompt.")] = "",
    model: Annotated[str, typer.Option("--model", metavar="M", help="The model that answered.")] = "",
    on: On = None,
) -> None:
    """Record an eval run; one below the floor stops the agent's grants at once."""
    versions = {"prompt_version": prompt_version, "model": model}
    _record(call, workflow, "eval_run", {"suite": suite, "cases": cases, "passed": passed, **versions}, on)


@command(app, "reviews")
def reviews(
    call: Call,
    workflow: WorkflowName,
    *,
    outputs: Annotated[str, typer.Option("--outputs", metavar="N", help="How many outputs there were this week.")],
    reviewed: Annotated[str, typer.Option("--reviewed", metavar="N", help="How many of them were reviewed.")],
    overridden: Annotated[str, typer.Option("--overridden", metavar="N", help="How many of those were changed.")],
    minutes: Annotated[str, typer.Option("--median-minutes", metavar="M", help="The median until a review.")] = "",
    on: On = None,
) -> None:
    """Record a week's reviews, where no program sends each of them."""
    counts = {"outputs": outputs, "reviewed": reviewed, "overridden": overridden, "median_minutes": minutes}
    _record(call, workflow, "review_tally", counts, on)


@command(app, "rework")
def rework(
    call: Call,
    workflow: WorkflowName,
    kind: Annotated[ReworkKindName, typer.Argument(metavar="KIND", help="What had to be done again.")],
    cost: Annotated[str, typer.Argument(metavar="COST", help="In US dollars.")],
    *,
    on: On = None,
    url: Url = "",
) -> None:
    """Record rework; two of the same kind and cost on one day are told apart by their links."""
    _record(call, workflow, "rework", {"kind": kind, "cost_usd": cost, "url": url}, on)


@command(app, "incident")
def incident(
    call: Call,
    workflow: WorkflowName,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its key; the same one again changes its state.")],
    *,
    severity: Annotated[str, typer.Option("--severity", metavar="1-5", help="1 is the worst.")],
    status: Annotated[IncidentStatusName, typer.Option("--status", help="Whether it goes on.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What happened.")],
    on: On = None,
) -> None:
    """Record an incident, or that it is resolved."""
    _record(call, workflow, "incident", {"key": key, "severity": severity, "status": status, "title": title}, on)


@command(app, "redline")
def red_line(
    call: Call,
    workflow: WorkflowName,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its name, as it is defined.")],
    *,
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="What was seen.")],
    kind: Annotated[RedLineKindName, typer.Option("--kind", help="Tested, or crossed.")] = "test_fired",
    on: On = None,
) -> None:
    """Record that a red line fired in a test, or was crossed."""
    _record(call, workflow, "red_line", {"rule": rule, "kind": kind, "summary": summary}, on)


@command(app, "list")
def show_all(call: Call, workflow: WorkflowName) -> None:
    """List the numbers typed last about a workflow, with the ids by which they are corrected."""
    from bot.actions.numbers import typed_before
    from bot.cli.desk import to_read, workflow_in
    from bot.domain.signals.summary import said_when
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        here = workflow_in(view, workflow)
        found = typed_before(view, here.id, _LATEST)
    show(
        {
            "numbers": [
                {
                    "id": each.signal.id,
                    "at": instant_text(each.signal.at),
                    "says": said_when(each.signal, here.team.zone),
                    "by": each.by.name if each.by else None,
                }
                for each in found
            ]
        }
    )


def _record(call: Call, workflow: str, kind: str, cells: Mapping[str, str], on: date | None) -> None:
    from bot.actions import numbers
    from bot.cli.desk import to_change
    from bot.domain.signals.kinds import SignalType

    with to_change(call) as session:
        found = session.workflow(workflow)
        done = session.do(found.id, numbers.record, found, numbers.Typed(SignalType(kind), cells, on))
    if not done.is_new:
        tell("This stood recorded already, so nothing changed; two of a kind are told apart by their day or link.")
    if not done.is_defined:
        tell("Nobody has defined it by this name, so no gate looks at it: check how it is spelled.")
    tell_caused(done.caused.told)
    show(
        {
            "id": done.signal.id,
            "source": done.signal.source,
            "recorded": done.is_new,
            "stopped": list(done.caused.stopped),
        }
    )


def tell_caused(told: tuple[str, ...]) -> None:
    """Remarks about what speaks against the agent by what was recorded."""
    for each in told:
        tell(f"{each[:1].upper()}{each[1:]}.")
