"""Numbers recorded by hand in Slack: the window, its changes of shape, and the answer that says what they caused."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.actions import numbers
from bot.actions.consequences import Consequences
from bot.actions.numbers import Recorded, Typed
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput
from bot.domain.rights import Right
from bot.domain.signals.kinds import Rework, SignalType
from bot.domain.signals.missing import today_or
from bot.domain.signals.summary import said_when
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Screen
from bot.slack.fridays import friday_screen_of
from bot.slack.lookups import workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.numbers import (
    OTHER,
    ROWS,
    NumberWindow,
    answer_blocks,
    fields_of,
    record_modal,
)
from bot.slack.typed_fields import beside_their_blocks, cells_in, kind_in, signal_kind
from bot.slack.visit import Click, Form, Visit, memory

_LATEST = 3
_MEMORY_LIMIT = 3000
_GIVEN = "given."


@command("record [workflow]", "type in a number that no program sends", Group.DO)
def record(visit: Visit, typed: str) -> Answer:
    """The window, for whoever may record numbers there; others are refused before they type."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "record")
    return _opened(visit, workflow, SignalType.METRIC)


@click("record.open")
def open_record(visit: Visit, clicked: Click) -> Answer:
    """The same window; the value names the workflow and may say of what kind and about what the number is."""
    workflow_id, _, rest = clicked.value.partition(":")
    kind, _, name = rest.partition(":")
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
    return _opened(visit, workflow, kind_in(kind or SignalType.METRIC), name)


@click("friday.record")
def open_from_friday(visit: Visit, clicked: Click) -> Answer:
    """The same window from Friday's message, which is drawn anew afterwards; a week that is over asks for its day."""
    friday, _, place = clicked.value.partition(":")
    workflow_id, _, rest = place.partition(":")
    kind, _, name = rest.partition(":")
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
    return _opened(visit, workflow, kind_in(kind), name, friday=_friday_in(friday))


def _friday_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("This button is from an older message. Type /rollout record and the workflow's name.") from None


def _opened(visit: Visit, workflow: Workflow, kind: str, name: str = "", friday: date | None = None) -> Answer:
    visit.desk.demand(visit.actor, Right.RECORD, workflow.team, workflow)
    demand_open(workflow)
    given = {"metric": name} if name else {}
    kept = memory(visit, workflow=workflow.id, kind=kind, **({"friday": friday.isoformat()} if friday else {}))
    window = _window(visit, workflow, kind, given)
    if friday:
        window = replace(window, today=today_or(friday, visit.at, workflow.team.zone))
    return Open(record_modal(visit.pen, window, kept))


def _window(visit: Visit, workflow: Workflow, kind: str, given: Mapping[str, str]) -> NumberWindow:
    with visit.look() as view:
        names = numbers.names_of(view, workflow.id)
        latest = numbers.typed_before(view, workflow.id, _LATEST)
    today = local_date(visit.at, workflow.team.zone)
    known = names.get(SignalType(kind), ()) if kind != ROWS else ()
    return NumberWindow(workflow, kind, today, known, given, latest=latest)


@click("record.kind")
def choose_kind(visit: Visit, clicked: Click) -> Answer:
    """The window with the fields of another kind; what was typed before is remembered."""
    return _reshaped(visit, clicked, kind_in(clicked.value))


@click("record.name")
def choose_name(visit: Visit, clicked: Click) -> Answer:
    """The window with a field for a name that is not in its list; nothing, where a name was chosen."""
    if clicked.value != OTHER:
        return None
    return _reshaped(visit, clicked, kind_in(visit.remembered.get("kind", "")), is_other=True)


def _reshaped(visit: Visit, clicked: Click, kind: str, *, is_other: bool = False) -> Answer:
    before = visit.remembered
    was = kind_in(before.get("kind", ""))
    with visit.look() as view:
        workflow = view.workflow_by_id(before.get("workflow", ""))
    visit.desk.demand(visit.actor, Right.RECORD, workflow.team, workflow)
    typed = {name: value for name, value in clicked.beside.items() if isinstance(value, str)}
    given = {name.removeprefix(_GIVEN): value for name, value in before.items() if name.startswith(_GIVEN)} | typed
    window = replace(_window(visit, workflow, kind, given), is_other=is_other)
    kept = _kept(visit, before, window)
    if len(kept) <= _MEMORY_LIMIT:
        return Reshape(record_modal(visit.pen, window, kept))
    # What does not fit into the window's memory would be lost with its fields, so they stay.
    stays = replace(_window(visit, workflow, was, given), notice=visit.pen.md("numbers.too_long"))
    return Reshape(record_modal(visit.pen, stays, json.dumps(before)))


def _kept(visit: Visit, before: Mapping[str, str], window: NumberWindow) -> str:
    """What the window remembers: its way back, and what was typed into fields that it does not show now."""
    shown = {block.get("block_id") for block in fields_of(visit.pen, window)} | {"what", ROWS}
    hidden = {f"{_GIVEN}{name}": text for name, text in window.given.items() if text and name not in shown}
    way = {name: text for name, text in before.items() if not name.startswith(_GIVEN)}
    return json.dumps({**way, **hidden, "kind": window.kind}, separators=(",", ":"), ensure_ascii=False)


@form("record")
def submit(visit: Visit, filled: Form) -> Answer:
    """What was filled in kept; the answer says what it caused."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.kept("workflow"))
    kind = kind_in(filled.kept("kind"))
    friday = _friday_in(filled.memory["friday"]) if filled.memory.get("friday") else None
    screen = _rows(visit, workflow, filled) if kind == ROWS else _one(visit, workflow, signal_kind(kind), filled)
    if friday:
        return Done(redraw=friday_screen_of(visit, friday, screen.text), say=screen)
    return Done(say=screen)


def _one(visit: Visit, workflow: Workflow, kind: SignalType, filled: Form) -> Screen:
    with beside_their_blocks(kind, filled):
        typed = Typed(kind, cells_in(kind, filled), filled.date("on"))
        recorded = visit.do(numbers.record, workflow, typed)
    said = visit.pen.md(
        "numbers.recorded",
        w=workflow,
        said=said_when(recorded.signal, workflow.team.zone),
        is_new=recorded.is_new,
        is_defined=recorded.is_defined,
        adds_up=isinstance(recorded.signal.body, Rework),
    )
    return _answer((said, caused_words(visit, recorded.caused)), workflow, kind, recorded)


def _rows(visit: Visit, workflow: Workflow, filled: Form) -> Screen:
    pasted = visit.do(numbers.record_rows, workflow, filled.text(ROWS))
    said = visit.pen.md("numbers.pasted", w=workflow, accepted=pasted.accepted, duplicate=pasted.duplicate)
    return _answer((said, caused_words(visit, pasted.caused)), workflow, ROWS, None)


def caused_words(visit: Visit, caused: Consequences) -> str:
    """What followed from numbers, as a paragraph; empty where nothing did."""
    return visit.pen.md("numbers.caused", c=caused) if caused != Consequences() else ""


def _answer(paragraphs: tuple[str, ...], workflow: Workflow, kind: str, recorded: Recorded | None) -> Screen:
    correctable = f"{workflow.id}:{recorded.signal.id}" if recorded else None
    blocks = answer_blocks(paragraphs, f"{workflow.id}:{kind}", correctable=correctable)
    return Screen("\n".join(text for text in paragraphs if text), blocks)
