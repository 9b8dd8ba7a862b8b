"""Drafts by a model, from Slack: asked for in a window with notes, made while one waits, put into the usual windows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from bot.actions import documents, drafts
from bot.actions.documents import Place
from bot.actions.linked_records import RecordKind, records_of
from bot.actions.sketching import Undrafted, begun_in, filled, memo_sketch, open_parts, sketch
from bot.domain.documents import DocumentKind, Text
from bot.domain.errors import BadInput, Refused, RolloutError, Unavailable
from bot.domain.material import Material, Said
from bot.domain.redaction import redact
from bot.domain.rights import Right
from bot.domain.visibility import Visibility
from bot.domain.workflows import Workflow, demand_open
from bot.slack import memos
from bot.slack.answers import Answer, Late, Open, Reshape
from bot.slack.blocks import Block
from bot.slack.documents import redrawn, writing_in
from bot.slack.quoting import author_of, said_at, words_of
from bot.slack.registry import click, form, shortcut
from bot.slack.screens.documents import Writing
from bot.slack.screens.memos import TEXT_LIMIT
from bot.slack.screens.model_drafts import KINDS, MEMO, NONE, THREAD, Asking, asking_modal, said, waiting_modal
from bot.slack.visit import Click, Form, Visit, memory
from store import AlreadyDone

log = structlog.get_logger()

_NOTES = "model notes"
_DRAFT, _THREAD, _MEMO_DRAFT, _FEW = "notes", "thread", "memo", "few"
_WAY = ("channel", "url", "above")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a window asks of a model; `kept` is what it remembers, `before` what a person wrote so far."""

    asking: Asking
    kept: Mapping[str, str]
    place: Place | None = None
    before: Text = _NOTHING

    @property
    def kind(self) -> str:
        """What is to be drafted."""
        return self.asking.kind


@shortcut("model.message", "Draft with the model")
def open_from_message(visit: Visit) -> Answer:
    """The window with a message's words as notes, and its thread to draw on."""
    _demand_model(visit)
    message = visit.message or {}
    offered = _offered(visit)
    root = str(message.get("thread_ts") or message.get("ts") or "")
    has_thread = bool(message.get("thread_ts") or message.get("reply_count"))
    ids = {_DRAFT: drafts.new_id(), "visibility": memos.preset_visibility(visit).value, **_few(visit)}
    kept = memory(visit, **ids, **({_THREAD: f"{visit.channel}:{root}"} if has_thread else {}))
    words = words_of(visit, str(message.get("text") or ""))
    # Masked before it is cut: half of a number or key would not be known as one when the notes leave.
    notes = words if len(words) <= TEXT_LIMIT else redact(words)[:TEXT_LIMIT]
    drawn = (THREAD,) if has_thread else ()
    asking = Asking("", None, offered, notes, drawn, has_thread, is_from_few=_FEW in ids)
    return Open(asking_modal(visit.pen, asking, kept))


def _few(visit: Visit) -> dict[str, str]:
    """What a window remembers of being opened where only some can read; nothing elsewhere."""
    return {_FEW: "yes"} if memos.preset_visibility(visit) is Visibility.TEAM else {}


def _offered(visit: Visit) -> tuple[Workflow, ...]:
    """The workflows of this channel's team, else all."""
    with visit.look() as view:
        team = view.team_of_channel(visit.channel) if visit.channel else None
        return view.workflows(team.id if team else None)


@click("document.ask_model")
def ask_for_document(visit: Visit, clicked: Click) -> Answer:
    """The same window about the document at hand; what was typed of it is kept first, and left as it is."""
    _demand_model(visit)
    before = visit.remembered
    writing, place = writing_in(visit, before, clicked.beside)
    found: dict[str, str] = {}
    if begun_in(writing.kind, writing.text):
        kept = visit.do(documents.keep, place, writing.text)
        found = {"document": kept.document_id, "version": str(kept.version)}
    asking = Asking(writing.kind.value, writing.workflow)
    more = {"incident": writing.text.incident} if writing.text.incident else {}
    return Reshape(_asked_anew(visit, asking, {**before, **found, **more}))


@click("memo.ask_model")
def ask_for_memo(visit: Visit, clicked: Click) -> Answer:
    """The same window about a memo; what was typed of it is kept as a draft first."""
    _demand_model(visit)
    aside = memos.kept_aside(visit, clicked)
    way = {name: text for name, text in visit.remembered.items() if name in _WAY}
    about = {"workflow": aside.workflow.id} if aside.workflow else {}
    kept = {**way, **aside.chosen, "kind": MEMO, _MEMO_DRAFT: aside.draft_id, **about}
    return Reshape(_asked_anew(visit, Asking(MEMO, aside.workflow), kept))


def _asked_anew(visit: Visit, asking: Asking, kept: Mapping[str, str]) -> Block:
    """The window with the notes that were typed last and came to nothing, if there are any."""
    before = next(iter(drafts.known(visit.desk, visit.actor, _NOTES)), None)
    draft_id = before.id if before else drafts.new_id()
    notes = before.given.get("notes", "") if before else ""
    few = _few(visit)
    way = json.dumps({**kept, **few, _DRAFT: draft_id}, separators=(",", ":"))
    return asking_modal(visit.pen, replace(asking, notes=notes, is_from_few=bool(few)), way)


@form("model.draft")
def submit(visit: Visit, filled_in: Form) -> Answer:
    """A window to wait in, and the draft in it once it is made; the notes are kept until then."""
    _demand_model(visit)
    draft_id, notes = filled_in.kept(_DRAFT), filled_in.text("notes")
    if notes.strip():
        drafts.keep(visit.desk, visit.actor, _NOTES, draft_id, {"notes": notes})
    wish = _wish(visit, filled_in)
    name = hashlib.sha256(visit.once.encode()).hexdigest()
    return Reshape(waiting_modal(visit.pen, wish.kind) | {"external_id": name}, later=lambda: _made(visit, wish))


def _asking(visit: Visit, kept: Mapping[str, str], filled_in: Form) -> Asking:
    """What the window asks, as it was opened."""
    workflow, offered = None, tuple[Workflow, ...]()
    if kept.get("workflow"):
        with visit.look() as view:
            workflow = view.workflow_by_id(kept["workflow"])
    elif "kind" not in kept:
        offered = _offered(visit)
    return Asking(
        kind=kept.get("kind", ""),
        workflow=workflow,
        offered=offered,
        notes=filled_in.text("notes"),
        drawn=filled_in.texts("drawn"),
        has_thread=_THREAD in kept,
        is_from_few=_FEW in kept,
    )


def _wish(visit: Visit, filled_in: Form) -> Wish:
    chosen = {name: filled_in.text(name) for name in ("kind", "workflow")}
    kept = {**filled_in.memory, **{name: value for name, value in chosen.items() if value not in ("", NONE)}}
    if kept.get("kind") not in KINDS:
        raise BadInput("Choose what is to be drafted.", "kind")
    asking = _asking(visit, kept, filled_in)
    workflow = asking.workflow
    if workflow:
        visit.desk.demand(visit.actor, Right.FILE, workflow.team, workflow)
        demand_open(workflow)
    else:
        asking = replace(asking, drawn=tuple(each for each in asking.drawn if each == THREAD))
    if not asking.notes.strip() and not asking.drawn:
        raise BadInput("There is nothing to draft from: type notes, or choose what to draw on.", "notes")
    if asking.kind == MEMO:
        return Wish(asking, kept)
    if workflow is None:
        raise BadInput("A document is about a workflow: choose one.", "workflow")
    writing, place = writing_in(visit, {**kept, "step": "1"}, {})
    if not open_parts(place.kind, writing.text):
        raise BadInput("Every part says something already, and a model only fills what is empty.", "notes")
    return Wish(asking, kept, place, writing.text)


def _made(visit: Visit, wish: Wish) -> Late:
    """The window with the draft; where there is none the first one, with the notes and why."""
    try:
        made = _memo(visit, wish) if wish.place is None else _document(visit, wish, wish.place)
    except AlreadyDone:
        raise
    except RolloutError as refusal:
        if isinstance(refusal, Undrafted):
            log.warning("draft.none", kind=wish.kind, why=refusal.why)
        why = visit.pen.md("drafting.failed", why=str(refusal))
        way = json.dumps(dict(wish.kept), separators=(",", ":"))
        return Late(asking_modal(visit.pen, replace(wish.asking, notice=why), way), said(why))
    drafts.forget(visit.desk, visit.actor, wish.kept[_DRAFT])
    return made


def _material(visit: Visit, wish: Wish) -> Material:
    asking = wish.asking
    workflow = asking.workflow
    kinds = tuple(RecordKind(each) for each in asking.drawn if each in tuple(RecordKind))
    return Material(
        workflow=workflow.name if workflow else None,
        notes=asking.notes,
        messages=_thread(visit, wish.kept[_THREAD]) if THREAD in asking.drawn and asking.has_thread else (),
        records=records_of(visit.desk, workflow, kinds) if workflow and kinds else (),
        begun=begun_in(wish.place.kind, wish.before) if wish.place else {},
    )


def _thread(visit: Visit, place: str) -> tuple[Said, ...]:
    channel, _, root = place.partition(":")
    try:
        messages = visit.thread(channel, root)
    except Unavailable:
        raise Refused(
            "The thread can't be read: invite Rollout to its channel, or leave it out and type what matters."
        ) from None
    return tuple(
        Said(
            author_of(visit, each), at.isoformat() if (at := said_at(each)) else "", words_of(visit, str(each["text"]))
        )
        for each in messages
        if each.get("text")
    )


def _document(visit: Visit, wish: Wish, place: Place) -> Late:
    found = sketch(visit.desk, DocumentKind(wish.kind), _material(visit, wish))
    text = filled(place.kind, wish.before, found)
    if text == wish.before:
        raise Refused("The language model found nothing for the parts that are empty, so nothing changed.")
    kept = visit.do(documents.keep, place, text, found.drafter)
    name = place.workflow.name
    notice = visit.pen.md("drafting.kept", version=kept.version, kind=place.kind.value, name=name)
    way = {key: text for key, text in wish.kept.items() if key in ("kind", "workflow", "incident", *_WAY)}
    writing = Writing(place.kind, place.workflow, wish.before, notice=notice)
    return Late(redrawn(visit, way, writing, kept), said(notice))


def _memo(visit: Visit, wish: Wish) -> Late:
    found = memo_sketch(visit.desk, _material(visit, wish))
    given = {
        "title": found.title,
        "decision": found.decision,
        "context": found.context,
        "options": found.options,
        "category": found.category.value,
        "reversible": "yes" if found.is_reversible else "no",
        "workflow": wish.asking.workflow.id if wish.asking.workflow else NONE,
        **{name: wish.kept[name] for name in memos.CHOSEN if wish.kept.get(name)},
    }
    before = {each.id: each.given for each in drafts.known(visit.desk, visit.actor, memos.KIND)}
    typed = {name: text for name, text in before.get(wish.kept.get(_MEMO_DRAFT, ""), {}).items() if text}
    view = memos.drafted(visit, given | typed, wish.asking.workflow, found.drafter)
    return Late(view, said(visit.pen.md("drafting.memo_kept")))


def _demand_model(visit: Visit) -> None:
    """Nothing, if there is a model to ask; else a refusal."""
    if visit.desk.model is None:
        raise Refused("No language model is set up here (OPENAI_API_KEY), so drafts are written by hand.")
