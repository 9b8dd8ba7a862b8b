"""Whether every document, and every version of one, still stands as the audit log says it was written and judged."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.domain.documents import DocumentState
from store.halted import Row, person_in, records_of, row_text, rows_of
from store.tables.documents import document_versions, documents
from store.vouched import Fault, first_fault

_WRITING = ("document_drafted", "document_edited")
_DECIDED = {"document_accepted": DocumentState.ACCEPTED, "document_rejected": DocumentState.REJECTED}
_FACTS = (*_WRITING, "document_submitted", *_DECIDED)


@dataclass(slots=True)
class _Written:
    """A document and its versions as the records read so far leave them, by id, each with the last record about it."""

    documents: dict[str, tuple[int, Row]] = field(default_factory=dict)
    versions: dict[str, tuple[int, Row]] = field(default_factory=dict)


def fault_in_documents(connection: Connection) -> Fault | None:
    """The first document or version that is missing, changed or added past this program, with its record."""
    return first_fault(_faults(connection), "A document")


def _faults(connection: Connection) -> Iterator[Fault]:
    told = _told(connection)
    for table, expected, name in (
        (documents, told.documents, "Document"),
        (document_versions, told.versions, "Version"),
    ):
        standing = {row["id"]: row for row in rows_of(connection, table, [column.name for column in table.c])}
        for id_, (seq, row) in expected.items():
            found = standing.pop(id_, None)
            if found is None:
                yield seq, f"{name} {id_} (record {seq}) is missing."
            elif row_text(found) != row_text(row):
                yield seq, f"{name} {id_} (record {seq}) was changed: it is not as its records left it."
        for added in sorted(standing):
            yield None, f"{name} {added} was added past this program: no record tells of it."


def _told(connection: Connection) -> _Written:
    found = _Written()
    for record, said in records_of(connection, _FACTS):
        id_ = said["document_id"]
        _, row = found.documents.get(id_, (0, {}))
        found.documents[id_] = record.seq, _stands(record, said, row)
        if record.fact in _WRITING:
            version = _version(record, said, found.documents[id_][1]["version"])
            found.versions[version["id"]] = record.seq, version
    return found


def _stands(record: Any, said: dict[str, Any], before: Row) -> Row:
    """The document after a record about it."""
    if record.fact == "document_drafted":
        about = {name: said[name] for name in ("kind", "workflow_id")}
        return {"id": said["document_id"], **about, "state": DocumentState.DRAFT, "version": 1}
    kept = {name: before[name] for name in ("id", "kind", "workflow_id", "version")}
    if record.fact == "document_edited":
        return {**kept, "state": DocumentState.DRAFT, "version": said["seen_version"] + 1}
    if record.fact == "document_submitted":
        return {**kept, "state": DocumentState.IN_REVIEW, "submitted_by": record.principal}
    decided = {"decided_by": record.principal, "decided_at": record.effective_at, "because": said["because"]}
    return {**before, **decided, "state": _DECIDED[record.fact], "answer": said.get("answer")}


def _version(record: Any, said: dict[str, Any], number: int) -> Row:
    author, drafter = person_in(record), said.get("drafter") or {}
    return {
        "id": f"{said['document_id']}/{number}",
        "document_id": said["document_id"],
        "number": number,
        "title": said.get("title"),
        "body": said["body"],
        "incident": said.get("incident"),
        "author": author,
        "agent": None if author else record.principal,
        "written_at": record.effective_at,
        "model": drafter.get("model"),
        "prompt": drafter.get("prompt"),
    }
