"""Deciding requests: the card's controls, the decline modal, and the list of what waits."""

from dataclasses import replace

from bot.actions import requests
from bot.actions.bases import basis_of
from bot.actions.checklists import checklist_of
from bot.domain.checklists import Checklist
from bot.domain.requests import Request, demand_another, demand_waiting
from bot.domain.rights import Right
from bot.slack.answers import Answer, Done, Open, Redraw, Say
from bot.slack.blocks import Screen, button, context, section
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.grant_card import SAW_NO_DATA, SEEN
from bot.slack.screens.requests import Waiting, decline_modal, request_card, requests_screen, what_is_asked
from bot.slack.visit import Click, Form, Visit, memory


def _found(visit: Visit, request_id: str) -> tuple[Request, Checklist]:
    with visit.look() as view:
        request = view.request(request_id)
        return request, checklist_of(view, view.workflow_by_id(request.workflow_id), visit.at)


def card(visit: Visit, request_id: str) -> Screen:
    """A request's card as it stands."""
    request, checklist = _found(visit, request_id)
    able = visit.desk.deciders().of(checklist.workflow.team, but=request.asked_by.handle)
    with visit.look() as view:
        basis = basis_of(view, request, visit.at)
    return request_card(visit.pen, request, checklist, able, basis)


def asked_words(visit: Visit, request_id: str) -> str:
    """What is said to someone who has just asked for something."""
    request, checklist = _found(visit, request_id)
    asked = what_is_asked(visit.pen, request, checklist)
    able = visit.approvers(checklist.workflow.team)
    if not able:
        return visit.pen.md("requests.made_alone", asked=asked, team=checklist.workflow.team)
    return visit.pen.md("requests.made", asked=asked, able=visit.pen.md("people.either", people=able[:3]))


@command("requests [workflow]", "what waits for a decision, and who is asked", Group.DECIDE)
def waiting(visit: Visit, typed: str) -> Answer:
    """The requests that wait, of one workflow or of all, the oldest first."""
    return Say(_listed(visit, typed.split(maxsplit=1)[0] if typed.split() else None))


def _listed(visit: Visit, name: str | None) -> Screen:
    deciders = visit.desk.deciders()
    with visit.look() as view:
        about = view.workflow(name).id if name else None
        found = []
        for request in view.requests(about):
            if request.waits(visit.at):
                checklist = checklist_of(view, view.workflow_by_id(request.workflow_id), visit.at)
                able = deciders.of(checklist.workflow.team, but=request.asked_by.handle)
                found.append(Waiting(request, checklist, able))
        asking = len(view.escrow.waiting(visit.at, about))
    screen = requests_screen(visit.pen, tuple(found), visit.actor.handle, visit.at)
    if not asking:
        return screen
    text = visit.pen.md("escrow.list_title", count=asking)
    line = section(text, button("Look at them", "question.list", about or "-"))
    return replace(screen, blocks=(*screen.blocks, line))


@click("requests.withdraw")
def withdraw_listed(visit: Visit, clicked: Click) -> Answer:
    """A request taken back from the list, which is drawn anew."""
    visit.do(requests.withdraw, clicked.value)
    return Redraw(_listed(visit, None))


@click("request.open")
def open_card(visit: Visit, clicked: Click) -> Answer:
    """One request's card, told to whoever clicked; whoever asked is told that they can't decide it."""
    screen = card(visit, clicked.value)
    request, _ = _found(visit, clicked.value)
    if request.waits(visit.at) and request.asked_by.handle == visit.actor.handle:
        screen = replace(screen, blocks=(*screen.blocks, context(visit.pen.md("requests.mine"))))
    return Say(screen)


@click("request.approve")
def approve(visit: Visit, clicked: Click) -> Answer:
    """The request approved and carried out."""
    visit.do(requests.approve, clicked.value, saw_no_data=clicked.ticks(SEEN, SAW_NO_DATA))
    return Redraw(card(visit, clicked.value))


@click("request.decline")
def decline(visit: Visit, clicked: Click) -> Answer:
    """The modal that asks why not, for whoever may decide; others are refused before they type."""
    request, checklist = _found(visit, clicked.value)
    team = checklist.workflow.team
    demand_another(request, visit.actor, visit.approvers(team))
    visit.desk.demand(visit.actor, Right.APPROVE, team, checklist.workflow)
    demand_waiting(request, visit.at)
    return Open(decline_modal(visit.pen, request, memory(visit, request=request.id)))


@form("request.decline")
def submit_decline(visit: Visit, filled: Form) -> Answer:
    """The request declined, with the reason."""
    request_id = filled.kept("request")
    visit.do(requests.decline, request_id, filled.text("reason"))
    return Done(redraw=card(visit, request_id))


@click("request.withdraw")
def withdraw(visit: Visit, clicked: Click) -> Answer:
    """The request taken back by whoever asked."""
    visit.do(requests.withdraw, clicked.value)
    return Redraw(card(visit, clicked.value))
