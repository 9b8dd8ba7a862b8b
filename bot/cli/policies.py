"""`rollout policy`: what agents may do, as policy for other engines."""

from typing import Annotated, Literal

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, tell, worded
from bot.cli.words import WorkflowName

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Grants as policy.")

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
