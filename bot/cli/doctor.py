"""`rollout doctor`: what is wrong with an installation, and the mend."""

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, worded

app = typer.Typer(rich_markup_mode=None)


@command(app, "doctor")
def doctor(call: Call) -> None:
    """Check settings, database, tokens, scopes and channels; name what is wrong and the mend."""
    from bot.cli.checkup import examine
    from bot.cli.desk import environment_of

    results = examine(environment_of(call))
    say(worded("cli.checkup", results=results))
    if any(finding.verdict == "problem" for result in results for finding in result.findings):
        raise typer.Exit(1)
