"""`rollout playbook`: playbook files checked, and running workflows moved from one to another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, tell, worded
from bot.cli.words import Format, WorkflowName

if TYPE_CHECKING:
    from bot.domain.playbook_moves import Change, PlaybookDifference

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Playbooks: files, and moves between them.")


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


@command(app, "move")
def move(
    call: Call,
    workflow: WorkflowName,
    playbook: Annotated[str, typer.Argument(metavar="ID", help="The playbook; its own id means its newest version.")],
    memo: Annotated[
        str | None, typer.Option("--memo", metavar="ID", help="The filed memo it rests on; without one, only look.")
    ] = None,
    form: Format = "json",
) -> None:
    """Move a workflow to another playbook or version and show what changes; what loosens becomes a request."""
    from bot.actions import playbook_moves
    from bot.cli.desk import to_change

    with to_change(call) as session:
        found = session.workflow(workflow)
        request = None
        if memo is None:
            with session.desk.reading() as view:
                to = playbook_moves.goal(playbook)
                difference = playbook_moves.foreseen(view, found, to, session.desk.clock.now())
        else:
            moved = session.do(found.id, playbook_moves.move, found, playbook, memo)
            difference, request = moved.difference, moved.request_id
    is_moved = memo is not None and request is None
    if form == "text":
        say(worded("cli.playbook_difference", d=difference, w=found, request=request, moved=is_moved))
        return
    show({"id": found.id, "moved": is_moved, "request": request, "difference": _difference(difference)})


def _difference(found: "PlaybookDifference") -> dict[str, object]:
    def told(changes: "tuple[Change, ...]") -> list[dict[str, str]]:
        return [{"where": each.where, "before": each.before, "after": each.after} for each in changes]

    return {
        "from": found.old,
        "to": found.new,
        "added": list(found.added),
        "dropped": list(found.dropped),
        "changed": list(found.changed),
        "kept_done": list(found.kept_done),
        "undone": list(found.undone),
        "loosened": told(found.loosened),
        "tightened": told(found.tightened),
        "other": told(tuple(each for each in found.changes if each not in (*found.loosened, *found.tightened))),
    }
