"""`rollout memo`: decisions written down for good, and what was decided so far."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, MemoId

if TYPE_CHECKING:
    from bot.domain.memos import Memo

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Memos: decisions, written down for good.")


@command(app, "template")
def template(call: Call) -> None:
    """Print a blank memo file."""
    from bot.domain.memos import Category

    del call
    say(worded("memo.md.blank", categories=[category.label for category in Category]))


@command(app, "file")
def file(
    call: Call, place: Annotated[str, typer.Argument(metavar="FILE|-", help="The memo file, or - to type it.")]
) -> None:
    """File a memo, for good, and print its id."""
    from bot.actions.memos import About
    from bot.actions.memos import file as put_down
    from bot.cli.desk import to_change
    from bot.cli.memo_files import memo_of
    from bot.cli.papers import read

    memo = memo_of(read(place))
    with to_change(call) as session:
        workflow = session.workflow(memo.workflow) if memo.workflow else None
        owner = session.desk.person(memo.owner) if memo.owner else None
        about = About(workflow=workflow, owner=owner)
        fact = session.do(workflow.id if workflow else None, put_down, memo.entry, about)
    show({"id": fact.memo_id, "hash": fact.content_hash})


@command(app, "list")
def show_all(
    call: Call,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help="Only those in which all of these words stand.")
    ] = None,
    form: Format = "json",
) -> None:
    """List the memos, the newest first; with --as those that this person may know of."""
    from bot.actions.readers import memos_for
    from bot.cli.desk import reader_in, to_read
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        found = memos_for(view, reader_in(session, view, call), " ".join(words or ()))
    if form == "text":
        say(worded("cli.memos", session.settings.timezone, memos=found, words=bool(words)))
        return
    show(
        {
            "memos": [
                {
                    "id": memo.id,
                    "title": memo.title,
                    "owner": memo.owner.handle,
                    "at": instant_text(memo.decided_at),
                    "superseded_by": memo.superseded_by,
                }
                for memo in found
            ]
        }
    )


@command(app, "show")
def show_one(call: Call, memo: MemoId, form: Format = "json") -> None:
    """Show a memo; as text it is a file again."""
    from bot.actions.readers import memo_for
    from bot.cli.desk import reader_in, to_read
    from bot.sheets import quoted
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        reader = reader_in(session, view, call)
        found = memo_for(view, reader, memo)
    reads = reader.reads(found.audience)
    shown = found if reads else found.without_body()
    if form == "text":
        at = instant_text(found.decided_at)
        say(
            worded("memo.md.filed", memo=shown, content=shown.content, reads=reads, decided_at=at, quoted=quoted),
        )
        return
    show(_entry(shown, reads=reads))


def _entry(memo: "Memo", *, reads: bool) -> dict[str, object]:
    from store.types import instant_text

    said = memo.content
    prediction = said.prediction
    return {
        "id": memo.id,
        "title": said.title,
        "owner": memo.owner.handle,
        "at": instant_text(memo.decided_at),
        "superseded_by": memo.superseded_by,
        "supersedes": said.supersedes,
        "category": said.category.label,
        "reversible": said.is_reversible,
        "workflow": memo.workflow,
        "move": said.move.value if said.move else None,
        "changes": list(said.changes),
        "visibility": said.visibility.value,
        "prediction": {
            "metric": prediction.metric,
            "comparison": prediction.comparison.value,
            "value": str(prediction.value),
            "check_on": prediction.check_on.isoformat(),
        }
        if prediction
        else None,
        "filed_by": memo.filed_by.handle,
        "hash": memo.content_hash,
        "decision": said.decision if reads else None,
        "context": said.context or None,
        "options": said.options or None,
    }
