"""A document in review: its card, what it says, what changed, and the question why not."""

from collections.abc import Iterator, Sequence
from itertools import islice

from bot.domain.document_changes import alterations
from bot.domain.documents import Document, DocumentKind, DocumentState, Version, words_under
from bot.domain.people import Person
from bot.domain.sections import sections
from bot.domain.sheltering import unsheltered
from bot.domain.teams import Team
from bot.domain.workflows import Workflow
from bot.slack.blocks import (
    SECTION_LIMIT,
    VIEW_BLOCKS,
    Block,
    Screen,
    actions,
    button,
    chosen,
    context,
    copied,
    field,
    modal,
    option,
    section,
    typed,
)
from bot.slack.pen import Pen
from bot.slack.screens.memo_cards import cut_up

_ESSENCE = {DocumentKind.SPEC: "Goal", DocumentKind.POSTMORTEM: "Summary"}
_CHANGED_LINES = 15
_CHANGES_LIMIT = 40
_LINE_LIMIT = 180
_VERSIONS_LIMIT = 100
_LIST_LIMIT = 60
_EXPORT_LIMIT = 12_000
_SHOWN_LIMIT = 40_000
"""A view of Slack's has 250 kB at most."""


def document_card(pen: Pen, document: Document, able: Sequence[Person], team: Team) -> Screen:
    """The card: who asks for a review of what; buttons while it waits, afterwards who decided and by what right."""
    waits = document.state is DocumentState.IN_REVIEW
    title = pen.md("documents.asked_title" if waits else "documents.title", d=document)
    blocks = [section(title), section(_essence(pen, document)), *drafter_told(pen, document.latest)]
    place = f"{document.id}:{document.latest.number}"
    show = button("Show", "document.show", place)
    if not waits:
        public = document.kind is not DocumentKind.RED_TEAM
        blocks.append(context(pen.md("documents.outcome", d=document, public=public)))
        edit = [button("Edit…", "document.edit", document.id)] if document.state is not DocumentState.ACCEPTED else []
        return Screen(title, (*blocks, actions(show, *edit)))
    blocks.append(context(pen.md("documents.effect", d=document)))
    names = pen.md("people.either", people=able[:3]) if able else ""
    blocks.append(context(pen.md("documents.waiting", able=names, team=team)))
    blocks.append(_deciding(document, show))
    return Screen(title, tuple(blocks))


def unnamed_document(pen: Pen, document: Document) -> Screen:
    """The card where another company reads too: that there is a document, and how far it has come."""
    title = pen.md("documents.unnamed", d=document)
    show = button("Show", "document.show", f"{document.id}:{document.latest.number}")
    if document.state is DocumentState.IN_REVIEW:
        return Screen(title, (section(title), _deciding(document, show)))
    return Screen(title, (section(title), actions(show)))


def _deciding(document: Document, show: Block) -> Block:
    place = f"{document.id}:{document.latest.number}"
    return actions(
        button("Accept", "document.accept", place, style="primary"),
        button("Reject…", "document.reject", place),
        show,
        button("Edit…", "document.edit", document.id),
    )


def drafter_told(pen: Pen, version: Version) -> list[Block]:
    """That a model wrote this version, and which; nothing where a person did."""
    return [context(pen.md("documents.by_model", v=version))] if version.drafter else []


def _essence(pen: Pen, document: Document) -> str:
    label = _ESSENCE.get(document.kind, "")
    said = words_under(document.latest.text, label) if label else ""
    return pen.md("documents.essence", d=document, label=label, said=said)


def show_modal(pen: Pen, document: Document, version: Version, memory: str, *, reads: bool) -> Block:
    """What a version says, for whoever may read it; else its title and verdict."""
    blocks = [section(pen.md("documents.title", d=document))]
    blocks.append(context(pen.md("documents.standing", d=document, v=version)))
    blocks += drafter_told(pen, version)
    if not reads:
        blocks += [section(_essence(pen, document)), context(pen.md("documents.for_few"))]
        return modal("document.show", "Document", blocks, submit=None, metadata=memory)
    controls = []
    if len(document.versions) > 1:
        controls.append(button("What changed", "document.changes", f"{document.id}:{version.number}"))
    if document.state is not DocumentState.ACCEPTED:
        controls.append(button("Edit…", "document.edit", document.id))
    blocks.append(actions(*controls, button("Export", "document.export", document.id)))
    room = VIEW_BLOCKS - len(blocks) - 1
    said = list(islice(_said(pen, version), room + 1))
    if len(said) > room or len(version.text.body) > _SHOWN_LIMIT:
        said = [*said[:room], context(pen.md("documents.rest", d=document))]
    return modal("document.show", "Document", [*blocks, *said], submit=None, metadata=memory)


def export_modal(pen: Pen, document: Document, sheet: str) -> Block:
    """The document as a file, to be copied; one that is too long for a window is named instead."""
    if len(sheet) > _EXPORT_LIMIT:
        return modal("look", "Export", [section(pen.md("documents.rest", d=document))], submit=None)
    return modal("look", "Export", [section(pen.md("documents.export", d=document)), copied(sheet)], submit=None)


def _said(pen: Pen, version: Version) -> Iterator[Block]:
    for found in sections(version.text.body[:_SHOWN_LIMIT]):
        (words, text), *rest = cut_up(pen, unsheltered(found.words) or "–")
        whole = pen.md("documents.part", title=found.title, words=words)
        # Both together may be more than one section takes, and what is more would be cut off.
        heads = (whole,) if len(whole) <= SECTION_LIMIT else (pen.md("documents.part_title", title=found.title), text)
        yield from (section(each) for each in (*heads, *(more for _, more in rest)))


def list_modal(pen: Pen, found: Sequence[Document], workflow: Workflow) -> Block:
    """What was written about a workflow, the last one first; one click shows it in place."""
    blocks = [section(pen.md("documents.listed", count=len(found), w=workflow))]
    for document in found[:_LIST_LIMIT]:
        place = f"{document.id}:{document.latest.number}"
        blocks.append(section(pen.md("documents.row", d=document), button("Show", "document.read", place)))
    return modal("look", "Documents", blocks, submit=None)


def changes_modal(pen: Pen, document: Document, before: Version, after: Version, memory: str) -> Block:
    """What changed between two versions, section by section, with menus for any other two."""
    blocks = [section(pen.md("documents.changes_title", before=before, after=after))]
    blocks.append(actions(_versions("from", document, before), _versions("to", document, after)))
    found = alterations(before.text, after.text)
    blocks += [
        section(pen.md("documents.change", c=each, limit=_CHANGED_LINES, width=_LINE_LIMIT))
        for each in found[:_CHANGES_LIMIT]
    ]
    if not found:
        blocks.append(section(pen.md("documents.unchanged")))
    return modal("document.changes", "What changed", blocks, submit=None, metadata=memory)


def _versions(name: str, document: Document, preset: Version) -> Block:
    known = document.versions[-_VERSIONS_LIMIT:]
    options = [option(f"{name} version {each.number}", str(each.number)) for each in known]
    return chosen(options, str(preset.number)) | {"action_id": f"document.{name}"}


def reject_modal(pen: Pen, document: Document, memory: str) -> Block:
    """The question why not."""
    blocks = [
        section(pen.md("documents.title", d=document)),
        field("reason", pen.plain("documents.reject_label"), typed(multiline=True)),
    ]
    return modal("document.reject", "Reject", blocks, submit="Reject", metadata=memory)
