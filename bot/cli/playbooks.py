"""`rollout playbook`: playbook files, checked."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, tell, worded
from bot.cli.words import Format

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Playbook files.")


@command(app, "check")
def check(
    call: Call,
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Playbooks or risk matrices.")],
    form: Format = "text",
) -> None:
    """Validate playbook files; every error is named with its file, line and key."""
    from bot.playbooks import check as problems_of

    del call
    problems = problems_of(Path(file) for file in files)
    if form == "json":
        show({"problems": [{"file": p.source, "line": p.line, "key": p.key, "message": p.message} for p in problems]})
    elif problems:
        tell("\n".join(str(problem) for problem in problems))
    else:
        say(worded("cli.playbooks_sound", count=len(files)))
    if problems:
        raise typer.Exit(1)
