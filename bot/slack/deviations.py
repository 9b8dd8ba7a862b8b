"""Deviations in Slack: recorded in a window, shown as a card, closed with how they were mended."""

from datetime import timedelta

from bot.actions import deviations
from bot.domain.calendar import local_date
from bot.domain.deviations import DUE_DAYS, Deviation, DeviationArea, Entry
from bot.domain.documents import Document
from bot.domain.errors import BadInput
from bot.domain.gaps import Incomplete
from bot.domain.people import Person
from bot.domain.rights import Right
from bot.domain.workflows import Role, Workflow, demand_open
from bot.slack.answers import Answer, Done, Errors, Open, Say
from bot.slack.blocks import Block, Screen, section
from bot.slack.lookups import workflow_meant
from bot.slack.quoting import words_of
from bot.slack.registry import Group, click, command, form, shortcut
from bot.slack.rooms import is_among_us
from bot.slack.screens.deviations import (
    Beginning,
    close_modal,
    deviation_card,
    deviation_modal,
    show_modal,
    unnamed_deviation,
)
from bot.slack.visit import Click, Form, Visit, memory
from store import View

_OFFERED_LIMIT = 100


def one_deviation(visit: Visit, deviation_id: str) -> Screen:
    """A deviation's card as it stands."""
    with visit.look() as view:
        found = view.deviations.one(deviation_id)
        return deviation_card(visit.pen, found, postmortem_of(view, found))


def _in_place(visit: Visit, deviation_id: str) -> Screen:
    """The same where it was clicked, with as much of it as all may know who read there."""
    if is_among_us(visit.desk, visit.channel):
        return one_deviation(visit, deviation_id)
    with visit.look() as view:
        return unnamed_deviation(visit.pen, view.deviations.one(deviation_id), None)


def postmortem_of(view: View, deviation: Deviation) -> Document | None:
    """The postmortem that is furthest by now: the last that was written about it, in its own workflow, if any."""
    written = view.documents.postmortems_of(deviation.id)
    return next((each for each in written if each.workflow_id == deviation.workflow_id), None)


@command("deviation [workflow]", "record that something was done against a rule", Group.DECIDE)
def deviation(visit: Visit, typed: str) -> Answer:
    """The window; what follows the workflow's name is what happened."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "deviation")
    rest = typed.split(maxsplit=1)[1:]
    return Open(_window(visit, (workflow,), rest[0] if rest else ""))


@click("deviation.begin")
def begin(visit: Visit, clicked: Click) -> Answer:
    """The window, which asks for the workflow where there are several."""
    del clicked
    return Open(_window(visit, _offered(visit)))


@shortcut("deviation.message", "Record a deviation")
def open_from_message(visit: Visit) -> Answer:
    """The window with a message's words, about the only workflow of its channel's team if there is just one."""
    words = words_of(visit, str((visit.message or {}).get("text") or ""))
    return Open(_window(visit, _offered(visit), words))


def _offered(visit: Visit) -> tuple[Workflow, ...]:
    """The workflows of this channel's team, or all where it has none."""
    with visit.look() as view:
        team = view.team_of_channel(visit.channel) if visit.channel else None
        found = (view.workflows(team.id) if team else ()) or view.workflows()
    if not found:
        raise BadInput("There is no workflow yet that this could be about: start one first.")
    return found[:_OFFERED_LIMIT]


def _window(visit: Visit, offered: tuple[Workflow, ...], text: str = "") -> Block:
    """The window about the workflow that is offered, or with a menu of several."""
    meant = offered[0] if len(offered) == 1 else None
    if meant:
        visit.desk.demand(visit.actor, Right.FILE, meant.team, meant)
        demand_open(meant)
    due_on = local_date(visit.at, meant.team.zone if meant else visit.actor.zone) + timedelta(days=DUE_DAYS)
    beginning = Beginning(offered, due_on, meant, text, _owner(meant) if meant else None)
    kept = memory(visit, workflow=meant.id) if meant else memory(visit)
    return deviation_modal(visit.pen, beginning, kept)


def _owner(workflow: Workflow) -> Person | None:
    held = (*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER))
    return held[0] if held else None


@form("deviation")
def submit(visit: Visit, filled: Form) -> Answer:
    """The deviation recorded; its card goes to the team's channel."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.text("workflow") or filled.kept("workflow"))
    due_on = filled.date("due")
    if due_on is None:
        raise BadInput("Give the day by which it is mended.", "due")
    if filled.text("area") not in tuple(DeviationArea):
        raise BadInput("Choose what the rule is about.", "area")
    entry = Entry(filled.text("text"), DeviationArea(filled.text("area")), due_on, filled.text("policy") or None)
    owner = visit.member(filled.text("owner"), "owner") if filled.text("owner") else None
    try:
        fact = visit.do(deviations.open_one, workflow, entry, owner)
    except Incomplete as lacking:
        return Errors({gap.field: gap.sentence for gap in lacking.gaps})
    with visit.look() as view:
        opened = view.deviations.one(fact.deviation_id)
    text = visit.pen.md("deviations.recorded", d=opened)
    return Done(say=Screen(text, (section(text),)), home=filled.memory.get("url") is None)


@click("deviation.open")
def open_card(visit: Visit, clicked: Click) -> Answer:
    """One deviation's card, told to whoever clicked."""
    return Say(one_deviation(visit, clicked.value))


@click("deviation.show")
def show(visit: Visit, clicked: Click) -> Answer:
    """All that was said of it, as far as the visitor may read it."""
    with visit.look() as view:
        found = view.deviations.one(clicked.value)
        reads = visit.reader(view).reads(found.audience)
    return Open(show_modal(visit.pen, found, reads=reads))


@click("deviation.close")
def close(visit: Visit, clicked: Click) -> Answer:
    """The window that asks how it was mended, for whoever may close it; others are refused before they type."""
    with visit.look() as view:
        found = view.deviations.one(clicked.value)
    visit.do(deviations.demand_closable, found.id)
    return Open(close_modal(visit.pen, found, memory(visit, deviation=found.id)))


@form("deviation.close")
def submit_close(visit: Visit, filled: Form) -> Answer:
    """The deviation closed."""
    deviation_id = filled.kept("deviation")
    visit.do(deviations.close, deviation_id, filled.text("reason"))
    with visit.look() as view:
        found = view.deviations.one(deviation_id)
    text = visit.pen.md("deviations.just_closed", d=found)
    return Done(redraw=_in_place(visit, deviation_id), say=Screen(text, (section(text),)))
