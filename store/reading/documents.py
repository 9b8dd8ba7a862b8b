"""Documents with their versions, from rows to frozen values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select

from bot.domain.documents import Document, DocumentKind, DocumentState, Drafter, Text, Version
from bot.domain.errors import NotFound
from store.reading.among import by_workflow
from store.reading.history import words_given
from store.reading.reasons import read_because
from store.reading.workflows import person_columns, person_of
from store.tables.documents import document_versions as versions
from store.tables.documents import documents
from store.tables.ledger import people, texts
from store.tables.program import workflows

_submitter = people.alias("submitter")
_decider = people.alias("decider")
_author = people.alias("author_person")
_answer = texts.alias("answer")
_title = texts.alias("title")
_body = texts.alias("body")

_DOCUMENTS = (
    select(
        documents,
        workflows.c.name.label("workflow_name"),
        workflows.c.team_id,
        _answer.c.body.label("answer_body"),
        *person_columns(_submitter, "submitter"),
        *person_columns(_decider, "decider"),
    )
    .join(workflows, workflows.c.id == documents.c.workflow_id)
    .outerjoin(_submitter, _submitter.c.id == documents.c.submitted_by)
    .outerjoin(_decider, _decider.c.id == documents.c.decided_by)
    .outerjoin(_answer, _answer.c.id == documents.c.answer)
)

_VERSIONS = (
    select(
        versions,
        _title.c.body.label("title_body"),
        _body.c.body.label("body_body"),
        *person_columns(_author, "author_person"),
    )
    .join(_body, _body.c.id == versions.c.body)
    .outerjoin(_title, _title.c.id == versions.c.title)
    .outerjoin(_author, _author.c.id == versions.c.author)
    .where(versions.c.document_id.in_(bindparam("ids", expanding=True)))
    .order_by(versions.c.number)
)

_WITH_ID = documents.c.id == bindparam("document_id")
_OF_WORKFLOW = documents.c.workflow_id == bindparam("workflow_id")
_AMONG = documents.c.workflow_id.in_(bindparam("ids", expanding=True))
_WITH_IDS = documents.c.id.in_(bindparam("ids", expanding=True))
_ACCEPTED = (documents.c.kind == bindparam("kind")) & (documents.c.state == DocumentState.ACCEPTED)
_IN_REVIEW = documents.c.state == DocumentState.IN_REVIEW
_ABOUT = documents.c.id.in_(select(versions.c.document_id).where(versions.c.incident == bindparam("incident")))


@lru_cache(maxsize=64)
def _documents_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _DOCUMENTS.where(*where)


class Documents:
    """The documents, as `view.documents`; whether someone may read one is the caller's to ask."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, document_id: str) -> Document:
        """The document with that id."""
        found = self._read(_WITH_ID, document_id=document_id.strip())
        if not found:
            raise NotFound(
                f"There is no document {document_id.strip()!r}. The command doc list shows those that exist."
            )
        return found[0]

    def some(self, ids: Iterable[str]) -> tuple[Document, ...]:
        """The documents with these ids, a few hundred at most."""
        wanted = list(ids)
        return self._read(_WITH_IDS, ids=wanted) if wanted else ()

    def all(self) -> tuple[Document, ...]:
        """Every document, the last one that was written first."""
        return self._read()

    def of_workflow(self, workflow_id: str) -> tuple[Document, ...]:
        """The documents of one workflow, the last one that was written first."""
        return self._read(_OF_WORKFLOW, workflow_id=workflow_id)

    def among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Document, ...]]:
        """The documents of each of these workflows, the last one that was written first."""
        return by_workflow(workflow_ids, lambda ids: self._read(_AMONG, ids=ids))

    def accepted(self, workflow_id: str, kind: DocumentKind) -> tuple[Document, ...]:
        """The accepted documents of that kind, the last one that was accepted first."""
        found = self._read(_OF_WORKFLOW, _ACCEPTED, workflow_id=workflow_id, kind=kind)
        return tuple(sorted(found, key=lambda document: (document.decided_at, document.id), reverse=True))

    def in_review(self) -> tuple[Document, ...]:
        """The documents that wait for someone to accept or reject them, the last one that was written first."""
        return self._read(_IN_REVIEW)

    def postmortems_of(self, incident: str) -> tuple[Document, ...]:
        """The documents whose latest version is about that incident, whatever their state."""
        found = self._read(_ABOUT, incident=incident)
        return tuple(document for document in found if document.latest.text.incident == incident)

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Document, ...]:
        rows = self._connection.execute(_documents_where(*where), values).all()
        if not rows:
            return ()
        written = self._versions([row.id for row in rows])
        found = [_document(self._connection, row, tuple(written[row.id])) for row in rows]
        return tuple(sorted(found, key=lambda document: (document.latest.written_at, document.id), reverse=True))

    def _versions(self, ids: Iterable[str]) -> dict[str, list[Version]]:
        found: dict[str, list[Version]] = defaultdict(list)
        for row in self._connection.execute(_VERSIONS, {"ids": list(ids)}):
            found[row.document_id].append(
                Version(
                    number=row.number,
                    text=Text(words_given(row.title, row.title_body), row.body_body or "erased", row.incident or ""),
                    author=person_of(row, "author_person") if row.author else row.agent,
                    written_at=row.written_at,
                    drafter=Drafter(row.model, row.prompt) if row.model else None,
                )
            )
        return found


def _document(connection: Connection, row: Row[Any], written: tuple[Version, ...]) -> Document:
    return Document(
        id=row.id,
        kind=DocumentKind(row.kind),
        workflow_id=row.workflow_id,
        workflow=row.workflow_name,
        team_id=row.team_id,
        state=DocumentState(row.state),
        versions=written,
        submitted_by=person_of(row, "submitter") if row.submitted_by else None,
        decided_by=person_of(row, "decider") if row.decided_by else None,
        decided_at=row.decided_at,
        because=read_because(connection, row.because),
        answer=words_given(row.answer, row.answer_body) or None,
    )
