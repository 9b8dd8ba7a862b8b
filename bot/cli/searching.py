"""`rollout search`: what was written down, by its words."""

from typing import Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format

app = typer.Typer(rich_markup_mode=None)


@command(app, "search")
def search(
    call: Call,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them, or what they begin with.")],
    form: Format = "json",
) -> None:
    """Find memos, documents and policies by all their words, the best first; with --as what this person may see."""
    from bot.actions.searching import search as found_by
    from bot.cli.desk import reader_in, to_read
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        found = found_by(view, reader_in(session, view, call), " ".join(words))
    if form == "text":
        say(worded("cli.found", session.settings.timezone, hits=found.hits, has_more=found.has_more))
        return
    hits = [
        {
            "kind": hit.what,
            "id": hit.id,
            "title": hit.title,
            "workflow": hit.workflow,
            "state": hit.stands,
            "at": instant_text(hit.at),
        }
        for hit in found.hits
    ]
    show({"hits": hits, "more": found.has_more})
