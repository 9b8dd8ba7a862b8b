"""Being away: the window that asks until when, and what holds meanwhile."""

from bot.domain.absences import Absence
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, Screen, actions, button, calendar, field, modal, person, section
from bot.slack.pen import Pen


def away_modal(pen: Pen, absence: Absence | None, memory: str) -> Block:
    """Until when, and who stands in; filled with what holds already."""
    deputy = absence.deputy.handle if absence and absence.deputy else None
    until = calendar(absence.until if absence else None)
    blocks = [
        field("until", "Until when are you away?", until, hint=pen.plain("away.until_hint")),
        field("deputy", "Who stands in?", person(deputy), hint=pen.plain("away.deputy_hint"), optional=True),
    ]
    return modal("away", "Away", blocks, submit="Save", metadata=memory)


def away_screen(pen: Pen, absence: Absence, held: tuple[Workflow, ...]) -> Screen:
    """Until when someone is away, and what that means; with the way back."""
    text = pen.md("away.gone", a=absence, held=[workflow.name for workflow in held])
    back = button("I am back", "away.back", style="primary")
    return Screen(text, (section(text), actions(back, button("Change…", "away.change"))))


def stand_in_screen(pen: Pen, absence: Absence, held: tuple[Workflow, ...]) -> Screen:
    """What a deputy hears."""
    text = pen.md("away.stand_in", a=absence, held=[workflow.name for workflow in held])
    return Screen(text, (section(text), actions(button("What is mine now", "status.all"))))
