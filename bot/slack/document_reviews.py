"""Documents in review, from Slack: the card's controls, what a document says, and what changed in it."""

import json

from bot.actions import documents
from bot.actions.documents import Seen, able_to_judge
from bot.actions.readers import demand_reads
from bot.domain.documents import Document
from bot.domain.errors import BadInput
from bot.sheets import document_sheet
from bot.slack.answers import Answer, Done, Open, Redraw, Reshape, Say
from bot.slack.blocks import Block, Screen
from bot.slack.registry import click, form
from bot.slack.rooms import is_among_us
from bot.slack.screens.document_reviews import (
    changes_modal,
    document_card,
    export_modal,
    list_modal,
    reject_modal,
    show_modal,
    unnamed_document,
)
from bot.slack.visit import Click, Form, Visit, memory
from store import View


def one_card(visit: Visit, document_id: str) -> Screen:
    """A document's card as it stands."""
    with visit.look() as view:
        document = view.documents.one(document_id)
        workflow = view.workflow_by_id(document.workflow_id)
        able = able_to_judge(document, workflow, visit.desk.deciders(view))
    return document_card(visit.pen, document, able, workflow.team)


def _in_place(visit: Visit, document_id: str) -> Screen:
    """The same where it was clicked, with as much of it as all may know who read there."""
    if is_among_us(visit.desk, visit.channel):
        return one_card(visit, document_id)
    with visit.look() as view:
        return unnamed_document(visit.pen, view.documents.one(document_id))


def _seen(value: str) -> Seen:
    """The document that a control names, and the version that it was drawn with."""
    document_id, _, number = value.partition(":")
    if not number.isascii() or not number.isdigit():
        raise BadInput("This button is from an older message. Type /rollout status to see how things stand now.")
    return Seen(document_id, int(number))


@click("document.card")
def open_card(visit: Visit, clicked: Click) -> Answer:
    """One document's card, told to whoever clicked."""
    return Say(one_card(visit, clicked.value))


@click("document.accept")
def accept(visit: Visit, clicked: Click) -> Answer:
    """The document accepted, as it was seen."""
    seen = _seen(clicked.value)
    visit.do(documents.accept, seen)
    return Redraw(_in_place(visit, seen.document_id))


@click("document.reject")
def reject(visit: Visit, clicked: Click) -> Answer:
    """The window that asks why not, for whoever may judge; others are refused before they type."""
    seen = _seen(clicked.value)
    visit.do(documents.demand_may_judge, seen)
    with visit.look() as view:
        document = view.documents.one(seen.document_id)
    kept = memory(visit, document=document.id, version=str(seen.version))
    return Open(reject_modal(visit.pen, document, kept))


@form("document.reject")
def submit_reject(visit: Visit, filled: Form) -> Answer:
    """The document rejected, with the reason."""
    seen = _seen(f"{filled.kept('document')}:{filled.kept('version')}")
    visit.do(documents.reject, seen, filled.text("reason"))
    return Done(redraw=_in_place(visit, seen.document_id))


@click("document.show")
def show(visit: Visit, clicked: Click) -> Answer:
    """What the document says, as far as the visitor may read it."""
    return Open(_shown(visit, clicked))


@click("document.read")
def read(visit: Visit, clicked: Click) -> Answer:
    """The same in place of the list from which it was chosen."""
    return Reshape(_shown(visit, clicked))


def _shown(visit: Visit, clicked: Click) -> Block:
    seen = _seen(clicked.value)
    with visit.look() as view:
        document = view.documents.one(seen.document_id)
        reads = visit.reader(view).reads(document.audience)
    kept = memory(visit, document=document.id)
    return show_modal(visit.pen, document, document.version(seen.version), kept, reads=reads)


@click("document.export")
def export(visit: Visit, clicked: Click) -> Answer:
    """The document as a file of Markdown, to be copied, for whoever may read it."""
    with visit.look() as view:
        document = _readable(visit, view, clicked.value)
    return Open(export_modal(visit.pen, document, document_sheet(document)))


@click("document.list")
def show_all(visit: Visit, clicked: Click) -> Answer:
    """What was written about a workflow."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
        found = view.documents.of_workflow(workflow.id)
    return Open(list_modal(visit.pen, found, workflow))


@click("document.changes")
def open_changes(visit: Visit, clicked: Click) -> Answer:
    """What a version changed against the one before."""
    seen = _seen(clicked.value)
    with visit.look() as view:
        document = _readable(visit, view, seen.document_id)
    after = document.version(seen.version)
    before = document.version(max(after.number - 1, 1))
    kept = memory(visit, document=document.id, since=str(before.number), until=str(after.number))
    return Open(changes_modal(visit.pen, document, before, after, kept))


@click("document.from")
def choose_from(visit: Visit, clicked: Click) -> Answer:
    """The same against another version."""
    return _compared(visit, visit.remembered | {"since": clicked.value})


@click("document.to")
def choose_to(visit: Visit, clicked: Click) -> Answer:
    """What another version changed."""
    return _compared(visit, visit.remembered | {"until": clicked.value})


def _compared(visit: Visit, kept: dict[str, str]) -> Answer:
    with visit.look() as view:
        document = _readable(visit, view, kept.get("document", ""))
    before, after = (document.version(_seen(f"{document.id}:{kept.get(name)}").version) for name in ("since", "until"))
    return Reshape(changes_modal(visit.pen, document, before, after, json.dumps(kept)))


def _readable(visit: Visit, view: View, document_id: str) -> Document:
    document = view.documents.one(document_id)
    demand_reads(visit.reader(view), document)
    return document
