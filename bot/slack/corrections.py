"""Numbers corrected in Slack: the window over one that was typed, and the answer."""

from bot.actions import corrections, numbers
from bot.actions.corrections import Correction
from bot.domain.calendar import local_date
from bot.domain.facts import RequestMade
from bot.domain.rights import Right, standings, why_allowed
from bot.domain.signals.by_hand import SOURCE, cells_of, wordless
from bot.domain.signals.kinds import Body, Signal
from bot.domain.signals.summary import said_when
from bot.domain.signals.voiding import demand_in_force, demand_one
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Block, Screen, modal, section
from bot.slack.numbers import caused_words
from bot.slack.registry import click, form
from bot.slack.requests import asked_words
from bot.slack.screens.numbers import NumberWindow, correct_modal
from bot.slack.typed_fields import beside_their_blocks, cells_in, given_of
from bot.slack.visit import Click, Form, Visit, memory


@click("record.correct")
def open_correct(visit: Visit, clicked: Click) -> Answer:
    """The window filled with what the number says; whoever may not record here is refused before they type."""
    workflow_id, _, signal_id = clicked.value.partition(":")
    workflow, signal = _typed(visit, workflow_id, signal_id)
    visit.desk.demand(visit.actor, Right.RECORD, workflow.team, workflow)
    demand_open(workflow)
    kind = corrections.demand_correctable(signal)
    day = local_date(signal.at, workflow.team.zone)
    window = NumberWindow(workflow, kind, day, given=given_of(signal))
    kept = memory(visit, workflow=workflow.id, signal=signal.id, day=day.isoformat())
    return Open(correct_modal(visit.pen, window, _intro(visit, workflow, signal), kept))


def _typed(visit: Visit, workflow_id: str, signal_id: str) -> tuple[Workflow, Signal[Body]]:
    """A number of that workflow that somebody typed, and that still counts."""
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
        stored = view.signals.one(SOURCE, signal_id)
    signal = demand_one(signal_id, [stored.signal] if stored and stored.subject_id == workflow.id else [])
    demand_in_force(signal, stored.voided_at if stored else None)
    return workflow, signal


def _intro(visit: Visit, workflow: Workflow, signal: Signal[Body]) -> str:
    with visit.look() as view:
        me = view.absences(visit.at).standing_in(visit.actor)
        known = numbers.typed_before(view, workflow.id, 20)
    by = next((each.by for each in known if each.signal.id == signal.id), None)
    may = why_allowed(Right.VOID, standings(me, workflow.team, workflow)) is not None
    able = visit.approvers(workflow.team)[:3]
    names = visit.pen.md("people.either", people=able) if able else ""
    return visit.pen.md("numbers.correct_intro", said=said_when(signal, workflow.team.zone), by=by, may=may, able=names)


@form("record.correct")
def submit_correct(visit: Visit, filled: Form) -> Answer:
    """The new value instead of the old one, or the request for that."""
    workflow, signal = _typed(visit, filled.kept("workflow"), filled.kept("signal"))
    kind = corrections.demand_correctable(signal)
    on = filled.date("on")
    with beside_their_blocks(kind, filled):
        was, now = cells_of(signal), cells_in(kind, filled)
        cells = {name: now[name] for name in wordless(kind) if name in now and now[name] != was[name]}
        correction = Correction(cells, on if on and on.isoformat() != filled.kept("day") else None)
        done = visit.do(corrections.correct, f"{SOURCE}/{signal.id}", correction, filled.text("reason"))
    if isinstance(done.fact, RequestMade):
        paragraphs = [asked_words(visit, done.fact.request_id)]
    else:
        new, old = (said_when(each, workflow.team.zone) for each in (done.new, done.old))
        said = visit.pen.md("numbers.corrected", w=workflow, said=new, was=old)
        paragraphs = [said, caused_words(visit, done.caused)]
    blocks: tuple[Block, ...] = tuple(section(text) for text in paragraphs if text)
    if filled.memory.get("above"):
        # The window below still holds what is being typed there: the answer stands in place of this one.
        return Reshape(modal("look", "Correct a number", blocks, submit=None))
    screen = Screen("\n".join(text for text in paragraphs if text), blocks)
    return Done(redraw=screen, say=screen)
