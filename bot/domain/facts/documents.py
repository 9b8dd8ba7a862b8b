"""Facts about documents; `seen_version` is the number of the version that a change was decided on."""

from dataclasses import dataclass

from bot.domain.documents import DocumentKind, DocumentState, Drafter
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDrafted:
    """The first version of a document was written; by a `drafter`, where a model did it for whoever asked."""

    document_id: str
    kind: DocumentKind
    workflow_id: str
    title: FreeText | None
    body: FreeText
    incident: str | None
    drafter: Drafter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """Something changed about a document that stood at `seen_version`."""

    document_id: str
    seen_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEdited(DocumentChange):
    """Another version was written; the document is a draft again, whatever it was `before`."""

    before: DocumentState
    title: FreeText | None
    body: FreeText
    incident: str | None
    drafter: Drafter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSubmitted(DocumentChange):
    """A draft was handed in for review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAccepted(DocumentChange):
    """Someone other than its authors accepted it; `because` says by what right."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRejected(DocumentChange):
    """Someone other than its authors rejected it, and said why."""

    because: str
    answer: FreeText
