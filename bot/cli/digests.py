"""`rollout digest`: the Monday digest as it would be now, or one that was posted."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show
from bot.cli.words import week_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.digests.editions import Edition
    from bot.domain.digests.inputs import Inputs
    from bot.slack.blocks import Screen

app = typer.Typer(rich_markup_mode=None)

Form = Annotated[
    Literal["text", "json", "blocks"],
    typer.Option("--format", help="For people, for programs, or as Slack shows it (Block Kit)."),
]
AudienceName = Annotated[
    str, typer.Option("--audience", metavar="A", help="Who reads it: leaders, or a team by its name or team:ID.")
]
Week = Annotated[
    str | None,
    typer.Option("--replay", metavar="WEEK", parser=week_of, help="Print a posted one again, such as 2026-W10."),
]


@command(app, "digest")
def digest(call: Call, audience: AudienceName = "leaders", form: Form = "text", week: Week = None) -> None:
    """Show the Monday digest as it would be now, or print a posted one again; nothing changes by it."""
    from bot.actions.digests.previewing import audience_named, preview
    from bot.actions.digests.replaying import posted_edition, stored_inputs
    from bot.cli.desk import to_read

    with to_read(call) as session:
        with session.desk.reading() as view:
            meant = audience_named(view, audience, session.desk.configured.leaders)
            inputs = stored_inputs(view, meant, week) if week else None
            if week and form == "blocks":
                _show_sent(posted_edition(view, meant, week))
                return
        _print(inputs or preview(session.desk, meant), form)


def _show_sent(edition: "Edition") -> None:
    """The messages of a posted digest exactly as they were sent."""
    from bot.slack.screens.digest_delivery import screens_sent

    main, *thread = screens_sent(edition)
    _show_messages(main, thread)


def _show_messages(main: "Screen", thread: "Iterable[Screen]") -> None:
    below = [{"text": each.fallback, "blocks": list(each.blocks)} for each in thread]
    show({"text": main.fallback, "blocks": list(main.blocks), "thread": below})


def _print(inputs: "Inputs", form: str) -> None:
    from zoneinfo import ZoneInfo

    from bot.domain.digests.composing import compose
    from bot.domain.digests.shapes import digest_as_json
    from bot.slack.pen import Pen
    from bot.slack.screens.digests import digest_screens, digest_text

    if form == "json":
        show(digest_as_json(inputs))
        return
    pen, composed = Pen(ZoneInfo(inputs.audience.zone)), compose(inputs)
    if form == "text":
        say(digest_text(pen, composed))
        return
    screens = digest_screens(pen, composed)
    _show_messages(screens.main, screens.thread)
