"""`rollout policy`: what agents may do, as policy for other engines."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import registry
from bot.cli.call import Call, command
from bot.cli.speech import say, show, tell, worded
from bot.cli.words import Format, WorkflowName, instant_of

if TYPE_CHECKING:
    from bot.domain.grants.measures import Measures

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The registry of policies, and grants as policy.")
app.add_typer(registry.app)

Language = Literal["yaml", "cedar", "rego"]


@command(app, "export")
def export(
    call: Call,
    workflow: WorkflowName,
    *,
    language: Annotated[Language, typer.Option("--format", help="A policy file of ours, or that of an engine.")],
) -> None:
    """Print a workflow's active grants as policy; what it can't say is named in it and on standard error."""
    from bot.actions.grants.exporting import scope_of
    from bot.cli.desk import to_read, workflow_in
    from bot.policies.export import exported

    with to_read(call) as session, session.desk.reading() as view:
        scope = scope_of(view, workflow_in(view, workflow), session.desk.clock.now())
    found = exported(scope, language)
    say(found.text.rstrip("\n"))
    for told in found.unsaid:
        tell(told)


@command(app, "pattern")
def pattern(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Print this one; else list them.")] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="W", help="The workflow to write into it.")
    ] = None,
) -> None:
    """List the shipped patterns of grants, or print one as a policy file to begin with."""
    from bot.policies import patterns

    del call
    if name is None:
        say(worded("cli.patterns", patterns=[(each, patterns.purpose_of(each)) for each in patterns.names()]))
        return
    say(patterns.text_of(name, workflow or patterns.PLACEHOLDER).rstrip("\n"))


@command(app, "measures")
def measures(
    call: Call,
    *,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="RFC3339", parser=instant_of, help="Asked for from then on.")
    ] = None,
    form: Format = "text",
) -> None:
    """Show how the policy itself does: grants from patterns, time to an answer, what was declined or overridden."""
    from bot.actions.grants.policing import policy_measures
    from bot.cli.desk import to_read

    with to_read(call) as session, session.desk.reading() as view:
        found = policy_measures(view, since, session.desk.clock.now())
    if form == "text":
        rows = [("all areas", found.whole)]
        rows += [((area or "no area").replace("_", " "), each) for area, each in found.areas.items()]
        say(worded("cli.policy_measures", rows=rows))
        return
    areas = [{"area": area, **_measured(each)} for area, each in found.areas.items()]
    show({**_measured(found.whole), "areas": areas})


def _measured(found: "Measures") -> dict[str, object]:
    """The numbers as programs read them, null where there is no data."""
    return {
        "requests": found.requests,
        "granted": found.granted,
        "pattern_share": _rounded(found.pattern_share),
        "median_hours": _rounded(found.median_hours),
        "declined_share": _rounded(found.declined_share),
        "overridden_share": _rounded(found.overridden_share),
    }


def _rounded(number: Decimal | None) -> float | None:
    return None if number is None else float(round(number, 4))
