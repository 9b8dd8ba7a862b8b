"""Documents with every section that their kind needs, and short verbs for their way through review."""

from typing import Any

from bot.actions import documents
from bot.actions.documents import Seen
from bot.domain.documents import PARTS, Document, DocumentKind, Text
from bot.domain.people import Actor
from tests.program import Program


def body(kind: DocumentKind, **sections: str) -> str:
    """Markdown with all sections of a kind; `Score="9 of 9"` says what stands in one, `Score=""` leaves it out."""
    words = {
        part.title: "URED and URUN" if part.title == "Reviewers" else f"{part.title}, told." for part in PARTS[kind]
    }
    words |= sections
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in words.items() if text)


def text(kind: DocumentKind = DocumentKind.SPEC, *, title: str = "Refunds, told", **sections: str) -> Text:
    """A whole document."""
    incident = "INC-7" if kind is DocumentKind.POSTMORTEM else ""
    return Text(title=title, body=body(kind, **sections), incident=incident)


class Desk:
    """What people do with documents in a program."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def draft(
        self, kind: DocumentKind = DocumentKind.SPEC, by: str | Actor = "ana", given: Text | None = None, **more: Any
    ) -> str:
        """The id of a draft."""
        written = given or text(kind, **more)
        return self.program.do(by, documents.draft, self.program.workflow(), kind, written).document_id

    def edit(self, id_: str, by: str | Actor = "ana", *, seen: int | None = None, given: Text | None = None) -> None:
        """Another version written."""
        self.program.do(by, documents.edit, Seen(id_, seen), given or text(self.read(id_).kind, title="Again"))

    def submit(self, id_: str, by: str | Actor = "ana", *, seen: int | None = None) -> None:
        """The draft handed in."""
        self.program.do(by, documents.submit, Seen(id_, seen))

    def accept(self, id_: str, by: str | Actor = "bea", *, seen: int | None = None) -> None:
        """The document accepted."""
        self.program.do(by, documents.accept, Seen(id_, seen))

    def reject(self, id_: str, by: str | Actor = "bea", *, seen: int | None = None, reason: str = "Too thin.") -> None:
        """The document rejected."""
        self.program.do(by, documents.reject, Seen(id_, seen), reason)

    def in_review(self, kind: DocumentKind = DocumentKind.SPEC, by: str = "ana") -> str:
        """The id of a document that waits for its review."""
        id_ = self.draft(kind, by)
        self.submit(id_, by)
        return id_

    def read(self, id_: str) -> Document:
        """The document as it stands."""
        return self.program.ask(lambda view: view.documents.one(id_))
