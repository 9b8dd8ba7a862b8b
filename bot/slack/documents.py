"""Writing specs, postmortems and red-team reviews in Slack: three steps, each kept as a draft, then the review."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.actions import documents
from bot.actions.documents import Kept, Place, Seen, able_to_judge, unlearned
from bot.actions.readers import demand_reads
from bot.domain import judging
from bot.domain.composing import composed
from bot.domain.documents import PARTS, Document, DocumentKind, DocumentState, Text, reviewers
from bot.domain.errors import BadInput
from bot.domain.rights import Right
from bot.domain.wording import one_line
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Done, Open, Reshape, Say
from bot.slack.blocks import Block, Screen, modal, section
from bot.slack.document_reviews import one_card
from bot.slack.lookups import workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.documents import (
    LAST_STEP,
    Writing,
    block_of,
    document_modal,
    kept_before,
    step_of,
    which_modal,
    with_fresh_start,
)
from bot.slack.visit import Click, Form, Visit, memory

_NOT_SHOWN = object()
_UNFINISHED = (DocumentState.DRAFT, DocumentState.REJECTED)


@command("spec [workflow]", "write what an agent must do, with its acceptance tests", Group.DECIDE)
def spec(visit: Visit, typed: str) -> Answer:
    """The window for a spec; a draft of theirs is offered again."""
    return _typed_verb(visit, typed, DocumentKind.SPEC)


@command("postmortem [workflow] [incident]", "write what an incident teaches, without blame", Group.DECIDE)
def postmortem(visit: Visit, typed: str) -> Answer:
    """The window for a postmortem, of the incident that was typed."""
    return _typed_verb(visit, typed, DocumentKind.POSTMORTEM)


@command("redteam [workflow]", "write what attacks on an agent led to", Group.DECIDE)
def red_team(visit: Visit, typed: str) -> Answer:
    """The window for a red-team review."""
    return _typed_verb(visit, typed, DocumentKind.RED_TEAM)


def _typed_verb(visit: Visit, typed: str, kind: DocumentKind) -> Answer:
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, kind.value)
    incident = one_line(typed).partition(" ")[2] if kind is DocumentKind.POSTMORTEM else ""
    return Open(begun(visit, workflow, kind, incident))


@click("document.write")
def open_window(visit: Visit, clicked: Click) -> Answer:
    """The window from where something is missing; a document that waits for its review is shown instead."""
    kind, _, place = clicked.value.partition(":")
    workflow_id, _, incident = place.partition(":")
    if kind not in tuple(DocumentKind):
        raise BadInput("This button is from an older message. Type /rollout status to see how things stand now.")
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
        waiting = [
            document
            for document in view.documents.of_workflow(workflow.id)
            if (document.kind, document.state) == (kind, DocumentState.IN_REVIEW)
            and (not incident or document.latest.text.incident == incident)
        ]
    if waiting:
        return Say(one_card(visit, waiting[0].id))
    return Open(begun(visit, workflow, DocumentKind(kind), incident))


def begun(visit: Visit, workflow: Workflow, kind: DocumentKind, incident: str = "") -> Block:
    """The window for a document of that kind; what the visitor began and did not finish is offered again."""
    visit.desk.demand(visit.actor, Right.FILE, workflow.team, workflow)
    with visit.look() as view:
        written = view.documents.of_workflow(workflow.id)
        draft = _unfinished(visit, written, kind, incident)
        known = unlearned(view, workflow, visit.at) if kind is DocumentKind.POSTMORTEM else ()
    kept = memory(visit, kind=kind, workflow=workflow.id, step="1", **({"incident": incident} if incident else {}))
    if draft is None:
        preset = incident or (known[0] if len(known) == 1 else "")
        blank = Writing(kind, workflow, Text("", "", preset), known=known, written=len(written))
        return _drawn(visit, blank, kept)
    writing = Writing(kind, workflow, draft.latest.text, document=draft, known=known, written=len(written))
    writing = replace(writing, notice=kept_before(visit.pen, draft))
    view_of = _drawn(visit, writing, _remembered(json.loads(kept), _kept(draft), 1))
    return with_fresh_start(visit.pen, view_of)


def _unfinished(visit: Visit, written: tuple[Document, ...], kind: DocumentKind, incident: str) -> Document | None:
    """What the visitor began to write of that kind, and has not handed in yet or was given back."""
    for document in written:
        is_meant = document.kind is kind and (not incident or document.latest.text.incident == incident)
        if is_meant and document.state in _UNFINISHED and visit.actor.handle in document.authors:
            return document
    return None


@click("document.begin")
def begin(visit: Visit, clicked: Click) -> Answer:
    """The window for a spec, where there is one workflow only; else the question which one it is about."""
    del clicked
    with visit.look() as view:
        found = view.workflows()
    if not found:
        raise BadInput("There is no workflow yet that this could be about: start one first.")
    if len(found) == 1:
        return Open(begun(visit, found[0], DocumentKind.SPEC))
    return Open(which_modal(visit.pen, found, memory(visit)))


@form("document.begin")
def choose(visit: Visit, filled: Form) -> Answer:
    """The window about the workflow that was chosen."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.text("workflow"))
    return Reshape(begun(visit, workflow, DocumentKind.SPEC))


@click("document.edit")
def open_edit(visit: Visit, clicked: Click) -> Answer:
    """The window with what a document says by now."""
    with visit.look() as view:
        document = view.documents.one(clicked.value)
        demand_reads(visit.reader(view), document)
        workflow = view.workflow_by_id(document.workflow_id)
        known = unlearned(view, workflow, visit.at) if document.kind is DocumentKind.POSTMORTEM else ()
    visit.desk.demand(visit.actor, Right.FILE, workflow.team, workflow)
    judging.demand_editable(document)
    writing = Writing(document.kind, workflow, document.latest.text, document=document, known=known)
    if document.state is DocumentState.REJECTED:
        writing = replace(writing, notice=kept_before(visit.pen, document))
    way = memory(visit, kind=document.kind, workflow=workflow.id)
    return Open(_drawn(visit, writing, _remembered(json.loads(way), _kept(document), 1)))


def _drawn(visit: Visit, writing: Writing, memory: str) -> Block:
    return document_modal(visit.pen, replace(writing, has_model=visit.desk.model is not None), memory)


def _kept(document: Document) -> Kept:
    return Kept(document.id, document.latest.number)


def _remembered(before: Mapping[str, str], kept: Kept | None, step: int) -> str:
    """What the window remembers: its way back, what it is about, and what is kept of it so far."""
    found = {"document": kept.document_id, "version": str(kept.version)} if kept else {}
    return json.dumps({**before, **found, "step": str(step)}, separators=(",", ":"))


def writing_in(visit: Visit, kept: Mapping[str, str], values: Mapping[str, Any]) -> tuple[Writing, Place]:
    """What a window holds: the text as it is kept, with what stands in the fields; and where that is written."""
    if (
        kept.get("kind") not in tuple(DocumentKind)
        or not kept.get("workflow")
        or kept.get("step") not in ("1", "2", "3")
    ):
        raise BadInput("This window is from before Rollout was changed. Close it and open it again.")
    kind, step = DocumentKind(kept["kind"]), int(kept["step"])
    with visit.look() as view:
        workflow = view.workflow_by_id(kept["workflow"])
        document = view.documents.one(kept["document"]) if kept.get("document") else None
        if document:
            demand_reads(visit.reader(view), document)
        known = unlearned(view, workflow, visit.at) if kind is DocumentKind.POSTMORTEM else ()
    before = document.latest.text if document else Text("", "", kept.get("incident", ""))
    is_anew = bool(kept.get("anew"))
    text = _typed(kind, before, values, is_anew=is_anew)
    writing = Writing(kind, workflow, text, step, document, known=known, is_anew=is_anew)
    version = kept.get("version", "")
    seen = Seen(document.id, int(version) if version.isdigit() else None) if document else None
    return writing, Place(workflow, kind, seen)


def _typed(kind: DocumentKind, before: Text, values: Mapping[str, Any], *, is_anew: bool) -> Text:
    """`before` with what stands in the fields that the window shows; what it does not show stays."""

    def said(name: str) -> str | None:
        value = values.get(block_of(name, is_anew=is_anew), _NOT_SHOWN)
        if value is _NOT_SHOWN:
            return None
        if isinstance(value, list):
            # People are picked, and may have been typed in another form before.
            return None if tuple(value) == reviewers(before) else "\n".join(value)
        return value or ""

    title, incident = said("title"), said("incident")
    parts = {part.title: words for part in PARTS[kind] if (words := said(part.title)) is not None}
    return Text(
        title=before.title if title is None else one_line(title),
        body=composed(kind, before, parts),
        incident=before.incident if incident is None else one_line(incident),
    )


@click("document.keep")
def keep(visit: Visit, clicked: Click) -> Answer:
    """What was typed so far kept as a draft; the window stays."""
    before = visit.remembered
    writing, place = writing_in(visit, before, clicked.beside)
    kept = visit.do(documents.keep, place, writing.text)
    drafted = visit.pen.md(
        "documents.drafted", version=kept.version, kind=writing.kind.value, name=writing.workflow.name
    )
    return Reshape(redrawn(visit, before, replace(writing, notice=drafted), kept))


@click("document.back")
def back(visit: Visit, clicked: Click) -> Answer:
    """The step before, with what was typed in this one kept."""
    before = visit.remembered
    writing, place = writing_in(visit, before, clicked.beside)
    kept = visit.do(documents.keep, place, writing.text)
    return Reshape(redrawn(visit, before, replace(writing, step=max(writing.step - 1, 1)), kept))


@click("document.anew")
def anew(visit: Visit, clicked: Click) -> Answer:
    """An empty window instead of the draft that was offered, which stays as it is kept."""
    del clicked
    before = visit.remembered
    writing, _ = writing_in(visit, before, {})
    empty = Text("", "", before.get("incident", ""))
    fresh = Writing(writing.kind, writing.workflow, empty, known=writing.known, is_anew=True)
    way = {name: value for name, value in before.items() if name not in ("document", "version")}
    return Reshape(_drawn(visit, fresh, _remembered({**way, "anew": "yes"}, None, 1)))


def redrawn(visit: Visit, before: Mapping[str, str], writing: Writing, kept: Kept) -> Block:
    """The window with another step of what is kept by now."""
    with visit.look() as view:
        document = view.documents.one(kept.document_id)
    shown = replace(writing, document=document, text=document.latest.text, lacking=kept.lacking)
    return _drawn(visit, shown, _remembered(before, kept, shown.step))


@form("document.write")
def submit(visit: Visit, filled: Form) -> Answer:
    """The next step, what was typed being kept; after the last one the review, or what is still missing."""
    writing, place = writing_in(visit, filled.memory, filled.values)
    if writing.step < LAST_STEP:
        kept = visit.do(documents.keep, place, writing.text)
        return Reshape(redrawn(visit, filled.memory, replace(writing, step=writing.step + 1), kept))
    kept = visit.do(documents.hand_in, place, writing.text)
    if kept.lacking:
        step = step_of(writing.kind, kept.lacking)
        return Reshape(redrawn(visit, filled.memory, replace(writing, step=step), kept))
    return _handed_in(visit, filled, kept.document_id)


def _handed_in(visit: Visit, filled: Form, document_id: str) -> Answer:
    with visit.look() as view:
        document = view.documents.one(document_id)
        workflow = view.workflow_by_id(document.workflow_id)
        able = able_to_judge(document, workflow, visit.desk.deciders(view))
    names = visit.pen.md("people.either", people=able[:3]) if able else ""
    text = visit.pen.md("documents.handed_in", d=document, able=names, team=workflow.team)
    if filled.memory.get("url"):
        return Done(say=Screen(text, (section(text),)))
    # Opened from a window or from the Home there is no channel to say it in.
    return Reshape(modal("look", "Handed in", (section(text),), submit=None))
