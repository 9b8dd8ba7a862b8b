"""Questions of agents, answered from Slack: the card's controls, the windows, and the list of what waits."""

import json
from decimal import Decimal, InvalidOperation

from bot.actions import escrow
from bot.actions.asking import Sight, sight_of
from bot.actions.escrow import Said
from bot.domain.errors import BadInput
from bot.domain.escrow import Answer as Given
from bot.domain.escrow import demand_open_question
from bot.domain.grants.factsheet import parse_facts
from bot.domain.grants.log import as_json
from bot.domain.rights import Right
from bot.domain.wording import cut
from bot.slack.answers import Answer, Done, Open, Redraw, Say
from bot.slack.blocks import Screen
from bot.slack.registry import click, form
from bot.slack.screens.questions import (
    NOTE,
    edit_modal,
    editable,
    question_card,
    questions_screen,
    reject_modal,
    shown,
)
from bot.slack.visit import Click, Form, Visit, memory


def _sight(visit: Visit, question_id: str) -> Sight:
    with visit.look() as view:
        return sight_of(view, view.escrow.one(question_id), visit.at)


def _card(visit: Visit, question_id: str) -> Screen:
    return question_card(visit.pen, _sight(visit, question_id))


@click("question.list")
def waiting(visit: Visit, clicked: Click) -> Answer:
    """What agents wait for, of one workflow (its id) or of all."""
    about = clicked.value if clicked.value.startswith("wf_") else None
    with visit.look() as view:
        found = view.escrow.waiting(visit.at, about)
    return Say(questions_screen(visit.pen, found))


@click("question.open")
def open_card(visit: Visit, clicked: Click) -> Answer:
    """One question's card, told to whoever clicked."""
    return Say(_card(visit, clicked.value))


@click("question.approve")
def approve(visit: Visit, clicked: Click) -> Answer:
    """What was asked let through, once."""
    visit.do(escrow.answer, clicked.value, Said(Given.APPROVED))
    return Redraw(_card(visit, clicked.value))


def _demanded(visit: Visit, question_id: str) -> Sight:
    """The question that waits, for someone who may answer; others are refused before they type."""
    sight = _sight(visit, question_id)
    visit.desk.demand(visit.actor, Right.ANSWER, sight.workflow.team, sight.workflow)
    demand_open_question(sight.question, visit.at)
    return sight


@click("question.edit")
def edit(visit: Visit, clicked: Click) -> Answer:
    """The window with one field for each fact that the grant names."""
    sight = _demanded(visit, clicked.value)
    return Open(edit_modal(visit.pen, sight, memory(visit, question=sight.question.id)))


@click("question.reject")
def reject(visit: Visit, clicked: Click) -> Answer:
    """The window that asks why not."""
    sight = _demanded(visit, clicked.value)
    return Open(reject_modal(visit.pen, sight, memory(visit, question=sight.question.id)))


@form("question.edit")
def submit_edit(visit: Visit, filled: Form) -> Answer:
    """What the person made of it let through, once."""
    question_id = filled.kept("question")
    said = Said(Given.EDITED, filled.text(NOTE), _edited(_sight(visit, question_id), filled))
    visit.do(escrow.answer, question_id, said)
    return Done(redraw=_card(visit, question_id))


@form("question.reject")
def submit_reject(visit: Visit, filled: Form) -> Answer:
    """The question rejected, with the reason."""
    question_id = filled.kept("question")
    visit.do(escrow.answer, question_id, Said(Given.REJECTED, filled.text("note")))
    return Done(redraw=_card(visit, question_id))


def _edited(sight: Sight, filled: Form) -> str:
    """The facts that were changed, as JSON; a fact inside another is changed in a copy of that one."""
    facts = json.loads(sight.question.facts or "{}", parse_float=Decimal)
    before = as_json(facts)
    changed: set[str] = set()
    for path, value in editable(sight):
        if _is_untouched(filled.text(path), shown(value)):
            continue
        typed = _value(path, value, filled.text(path))
        *outer, last = path.split(".")
        if as_json(typed) == as_json(value):
            continue
        inside = facts
        for step in outer:
            inside = inside[step]
        inside[last] = typed
        changed.add(path.split(".")[0])
    if before == as_json(facts):
        raise BadInput("Nothing was changed: change a fact here, or approve it as it is.", _first(sight))
    parse_facts(as_json(facts))
    return as_json({name: facts[name] for name in changed})


def _is_untouched(now: str, before: str) -> bool:
    """Whether a field holds what it was given; Slack may write line ends, and the space around a text, its own way."""
    return now.replace("\r\n", "\n").strip() == before.replace("\r\n", "\n").strip()


def _first(sight: Sight) -> str | None:
    return next((path for path, _ in editable(sight)), None)


def _value(path: str, before: object, text: str) -> object:
    """What was typed, as the same kind of value as what it takes the place of."""
    plain = text.strip()
    if isinstance(before, bool):
        if plain.casefold() not in ("true", "false"):
            raise BadInput("Write true or false.", path)
        return plain.casefold() == "true"
    if isinstance(before, str):
        return text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not plain.isascii() or "_" in plain or not number.is_finite():
        raise BadInput(f"{cut(plain, 40)!r} is no number: write digits only, such as 20 or 20.50.", path)
    return number
