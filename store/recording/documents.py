"""How facts about documents change the state tables."""

from typing import Any

from sqlalchemy import insert, update

from bot.domain.documents import DocumentState
from bot.domain.facts import (
    DocumentAccepted,
    DocumentDrafted,
    DocumentEdited,
    DocumentRejected,
    DocumentSubmitted,
)
from bot.domain.searching import Sought
from store import searching
from store.recording.scene import Scene
from store.searching import Entry
from store.tables.documents import document_versions, documents

_UNDECIDED = {"decided_by": None, "decided_at": None, "because": None, "answer": None}


def draft(scene: Scene, fact: DocumentDrafted) -> None:
    """A row for the document and one for its first version."""
    scene.write(
        insert(documents).values(
            id=fact.document_id,
            kind=fact.kind,
            workflow_id=fact.workflow_id,
            state=DocumentState.DRAFT,
            version=1,
        )
    )
    _write(scene, fact, 1)


def edit(scene: Scene, fact: DocumentEdited) -> None:
    """One version more; the document is a draft again."""
    changes = {"state": DocumentState.DRAFT, "version": fact.seen_version + 1, "submitted_by": None, **_UNDECIDED}
    _change(scene, fact, fact.before, changes)
    _write(scene, fact, fact.seen_version + 1)


def submit(scene: Scene, fact: DocumentSubmitted) -> None:
    """The draft in review."""
    changes = {"state": DocumentState.IN_REVIEW, "submitted_by": scene.by, **_UNDECIDED}
    _change(scene, fact, DocumentState.DRAFT, changes)


def accept(scene: Scene, fact: DocumentAccepted) -> None:
    """The document accepted, by whom and by what right."""
    _decide(scene, fact, DocumentState.ACCEPTED)


def reject(scene: Scene, fact: DocumentRejected) -> None:
    """The document rejected, by whom, by what right and why."""
    _decide(scene, fact, DocumentState.REJECTED)


def _decide(scene: Scene, fact: DocumentAccepted | DocumentRejected, state: DocumentState) -> None:
    changes = {
        "state": state,
        "decided_by": scene.by,
        "decided_at": scene.at,
        "because": fact.because,
        "answer": scene.words.get("answer"),
    }
    _change(scene, fact, DocumentState.IN_REVIEW, changes)


_Change = DocumentEdited | DocumentSubmitted | DocumentAccepted | DocumentRejected


def _change(scene: Scene, fact: _Change, before: DocumentState, changes: dict[str, Any]) -> None:
    seen = (
        (documents.c.id == fact.document_id)
        & (documents.c.version == fact.seen_version)
        & (documents.c.state == before)
    )
    scene.write_one(update(documents).where(seen).values(**changes), "This document")


def _write(scene: Scene, fact: DocumentDrafted | DocumentEdited, number: int) -> None:
    scene.write(
        insert(document_versions).values(
            id=f"{fact.document_id}/{number}",
            document_id=fact.document_id,
            number=number,
            title=scene.words.get("title"),
            body=scene.words["body"],
            incident=fact.incident,
            author=scene.by if scene.by_person else None,
            agent=None if scene.by_person else scene.by,
            written_at=scene.at,
            model=fact.drafter.model if fact.drafter else None,
            prompt=fact.drafter.prompt if fact.drafter else None,
        )
    )
    title = fact.title.body if fact.title else ""
    searching.write(scene.connection, Entry(Sought.DOCUMENT, fact.document_id, title, fact.body.body))
