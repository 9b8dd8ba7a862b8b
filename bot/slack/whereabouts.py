"""Being away, from Slack: until when, who stands in, and back again."""

from bot.actions import absences
from bot.domain.absences import Absence
from bot.domain.errors import BadInput
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Done, Open, Redraw, Say
from bot.slack.blocks import Screen, section
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.away import away_modal, away_screen
from bot.slack.visit import Click, Form, Visit, memory


@command("away", "say until when you are away, and who stands in", Group.DO)
def away(visit: Visit, typed: str) -> Answer:
    """What holds while the visitor is away; else the window that asks until when."""
    del typed
    absence, held = _mine(visit)
    return Say(away_screen(visit.pen, absence, held)) if absence else Open(away_modal(visit.pen, None, memory(visit)))


def _mine(visit: Visit) -> tuple[Absence | None, tuple[Workflow, ...]]:
    with visit.look() as view:
        me = view.person_by_handle(visit.actor.handle)
        return view.absences(visit.at).of(me), view.workflows_of(visit.actor.handle)


@click("away.change")
def change(visit: Visit, clicked: Click) -> Answer:
    """The window, filled with what holds."""
    del clicked
    absence, _ = _mine(visit)
    return Open(away_modal(visit.pen, absence, memory(visit, again="yes")))


@form("away")
def submit(visit: Visit, filled: Form) -> Answer:
    """The visitor away."""
    until = filled.date("until")
    if until is None:
        raise BadInput("Give the last day on which you are away.", "until")
    deputy = visit.member(filled.text("deputy"), "deputy") if filled.text("deputy") else None
    visit.do(absences.leave, until, deputy)
    absence, held = _mine(visit)
    assert absence
    screen = away_screen(visit.pen, absence, held)
    return Done(redraw=screen, say=screen) if filled.memory.get("again") else Done(say=screen)


@click("away.back")
def back(visit: Visit, clicked: Click) -> Answer:
    """The visitor here again."""
    del clicked
    visit.do(absences.come_back)
    text = visit.pen.md("away.back")
    return Redraw(Screen(text, (section(text),)))
