"""Working on checklist items: the controls and modals of one row."""

from bot.actions import items, requests
from bot.actions.checklists import checklist_of
from bot.actions.items import Place
from bot.domain.checklists import Checklist, Row
from bot.domain.errors import BadInput
from bot.domain.items import ItemKey
from bot.domain.rights import Right
from bot.domain.ticking import Given, check, demand_seen
from bot.domain.workflows import demand_open
from bot.slack.answers import Answer, Done, Open, Redraw
from bot.slack.blocks import Block, Screen, section
from bot.slack.lookups import one_checklist, one_status, window_of
from bot.slack.registry import click, form
from bot.slack.requests import asked_words
from bot.slack.screens.items import assign_modal, block_modal, done_modal, history_modal, skip_modal
from bot.slack.visit import Click, Form, Visit, memory


def _place(value: str) -> tuple[Place, str]:
    """The item that a control names, the version it was drawn with, and the screen it stands on."""
    parts = value.split(":")
    if len(parts) != 4 or not parts[2].isascii() or not parts[2].isdigit():
        raise BadInput("This button is from an older message. Type /rollout status to see how things stand now.")
    workflow_id, item, version, origin = parts
    return Place(workflow_id, ItemKey.parse(item), int(version)), origin


def _look(visit: Visit, place: Place) -> tuple[Checklist, Row]:
    with visit.look() as view:
        found = checklist_of(view, view.workflow_by_id(place.workflow_id), visit.at)
    return found, found.row(place.key)


def _unchanged(visit: Visit, place: Place) -> tuple[Checklist, Row]:
    """What a control was drawn from; refused now, before anything is typed, if it changed since or is closed."""
    checklist, row = _look(visit, place)
    demand_open(checklist.workflow)
    demand_seen(row, place.seen_version)
    return checklist, row


def _demand_tick(visit: Visit, checklist: Checklist, row: Row) -> None:
    """Nothing, if the visitor may change the row; else the refusal now, before anything is typed."""
    workflow = checklist.workflow
    me = checklist.absences.standing_in(visit.actor)
    mine = any(person.handle in me.handles for person in row.holders)
    visit.desk.demand(visit.actor, Right.TICK, workflow.team, workflow, assignee=mine)


def _memory(visit: Visit, place: Place, origin: str) -> str:
    version = str(place.seen_version)
    return memory(visit, workflow=place.workflow_id, item=str(place.key), version=version, origin=origin)


@click("item.done")
def done(visit: Visit, clicked: Click) -> Answer:
    """The modal that asks for evidence and a note."""
    place, origin = _place(clicked.value)
    checklist, row = _unchanged(visit, place)
    _demand_tick(visit, checklist, row)
    given = Given(evidence="given in the modal" if row.item.evidence else "")
    check(checklist.workflow, row, given)
    return Open(done_modal(visit.pen, row, _memory(visit, place, origin)))


@click("item.assign")
def assign(visit: Visit, clicked: Click) -> Answer:
    """The modal that asks whose it is."""
    return _more_assign(visit, clicked.value)


@click("item.history")
def history(visit: Visit, clicked: Click) -> Answer:
    """What became of an item."""
    return _more_history(visit, clicked.value)


@click("item.more")
def more(visit: Visit, clicked: Click) -> Answer:
    """One choice of a row's menu."""
    name, _, value = clicked.value.partition(":")
    if name not in _MORE:
        raise BadInput("This menu is from an older message. Type /rollout status to see how things stand now.")
    return _MORE[name](visit, value)


def _more_skip(visit: Visit, value: str) -> Answer:
    place, origin = _place(value)
    checklist, row = _unchanged(visit, place)
    workflow = checklist.workflow
    visit.desk.demand(visit.actor, Right.REQUEST, workflow.team, workflow)
    able = visit.approvers(workflow.team)
    return Open(skip_modal(visit.pen, checklist, row, able, _memory(visit, place, origin)))


def _more_block(visit: Visit, value: str) -> Answer:
    place, origin = _place(value)
    checklist, row = _unchanged(visit, place)
    _demand_tick(visit, checklist, row)
    return Open(block_modal(visit.pen, row, _memory(visit, place, origin)))


def _more_assign(visit: Visit, value: str) -> Answer:
    place, origin = _place(value)
    checklist, row = _unchanged(visit, place)
    _demand_tick(visit, checklist, row)
    return Open(assign_modal(visit.pen, row, _memory(visit, place, origin)))


def _more_history(visit: Visit, value: str) -> Answer:
    place, _ = _place(value)
    with visit.look() as view:
        row = checklist_of(view, view.workflow_by_id(place.workflow_id), visit.at).row(place.key)
        entries = view.history(f"{place.workflow_id}/{place.key}")
    return Open(history_modal(visit.pen, row, entries))


def _more_reopen(visit: Visit, value: str) -> Answer:
    place, origin = _place(value)
    visit.do(items.reopen, place, "")
    return _redrawn(visit, place, origin)


def _more_restore(visit: Visit, value: str) -> Answer:
    place, origin = _place(value)
    visit.do(items.restore, place)
    return _redrawn(visit, place, origin)


_MORE = {
    "skip": _more_skip,
    "block": _more_block,
    "assign": _more_assign,
    "history": _more_history,
    "reopen": _more_reopen,
    "restore": _more_restore,
}


def _screen(visit: Visit, place: Place, origin: str) -> Screen | None:
    """The screen on which a row stood, drawn anew; None for the Home."""
    if origin == "h":
        return None
    if origin == "s":
        return one_status(visit, place.workflow_id)
    return one_checklist(visit, place.workflow_id, window_of(visit, place.workflow_id, str(place.key)))


def _redrawn(visit: Visit, place: Place, origin: str) -> Answer:
    return Redraw(_screen(visit, place, origin))


def _remembered(filled: Form) -> tuple[Place, str]:
    return _place(":".join(filled.kept(name) for name in ("workflow", "item", "version", "origin")))


def _finished(visit: Visit, filled: Form, text: str) -> Answer:
    place, origin = _remembered(filled)
    return Done(redraw=_screen(visit, place, origin), say=_said(text), home=origin == "h")


def _said(text: str) -> Screen:
    blocks: tuple[Block, ...] = (section(text),)
    return Screen(text, blocks)


@form("item.done")
def submit_done(visit: Visit, filled: Form) -> Answer:
    """The item ticked, with what was typed."""
    place, _ = _remembered(filled)
    visit.do(items.check, place, Given(filled.text("evidence"), filled.text("note")))
    return _finished(visit, filled, visit.pen.md("items.done", title=_title(visit, place)))


@form("item.block")
def submit_block(visit: Visit, filled: Form) -> Answer:
    """The item blocked, with the reason."""
    place, _ = _remembered(filled)
    visit.do(items.block, place, filled.text("note"))
    return _finished(visit, filled, visit.pen.md("items.blocked", title=_title(visit, place)))


@form("item.assign")
def submit_assign(visit: Visit, filled: Form) -> Answer:
    """The item in someone's hands."""
    place, _ = _remembered(filled)
    person = visit.member(filled.text("person"), "person")
    visit.do(items.assign, place, person)
    return _finished(visit, filled, visit.pen.md("items.assigned", title=_title(visit, place), person=person))


@form("item.skip")
def submit_skip(visit: Visit, filled: Form) -> Answer:
    """The request to skip, and who can decide it."""
    place, _ = _remembered(filled)
    until = filled.date("until")
    if until is None:
        raise BadInput("Give the date when the item must be looked at again.", "until")
    asked = visit.do(requests.ask_skip, place, filled.text("reason"), until)
    return _finished(visit, filled, asked_words(visit, asked.request_id))


def _title(visit: Visit, place: Place) -> str:
    return _look(visit, place)[1].item.title
