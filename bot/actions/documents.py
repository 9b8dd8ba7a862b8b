"""Documents: draft, edit, submit, accept, reject."""

from dataclasses import dataclass

from bot.actions.desk import Turn
from bot.actions.readers import demand_reads, reader_of
from bot.domain import judging
from bot.domain.documents import Document, DocumentKind, Text, own_people
from bot.domain.errors import NotAllowed
from bot.domain.facts import (
    DocumentAccepted,
    DocumentDrafted,
    DocumentEdited,
    DocumentRejected,
    DocumentSubmitted,
    ProofSeen,
)
from bot.domain.people import FreeText, Person, PrincipalKind
from bot.domain.rights import Right
from bot.domain.ticking import demand_words
from bot.domain.wording import one_line
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Seen:
    """Which document, and the number of the version that the asker saw (None: as it is now)."""

    document_id: str
    version: int | None = None


def draft(turn: Turn, workflow: Workflow, kind: DocumentKind, text: Text) -> DocumentDrafted:
    """The first version of a document, with gaps or without; agents may draft too."""
    _demand_writer(turn, workflow)
    judging.demand_draftable(text)
    fact = DocumentDrafted(
        document_id=turn.change.new_id("doc"),
        kind=kind,
        workflow_id=workflow.id,
        title=_title(text),
        body=FreeText(text.body),
        incident=one_line(text.incident) or None,
    )
    turn.record(fact)
    return fact


def edit(turn: Turn, seen: Seen, text: Text) -> DocumentEdited:
    """Another version; what was in review or rejected is a draft again."""
    document, workflow = _find(turn, seen)
    _demand_writer(turn, workflow)
    judging.demand_editable(document)
    judging.demand_seen(document, seen.version)
    judging.demand_draftable(text)
    fact = DocumentEdited(
        document_id=document.id,
        seen_version=document.latest.number,
        before=document.state,
        title=_title(text),
        body=FreeText(text.body),
        incident=one_line(text.incident) or None,
    )
    turn.record(fact)
    return fact


def submit(turn: Turn, seen: Seen) -> DocumentSubmitted:
    """The draft in review, if nothing is missing."""
    document, workflow = _find(turn, seen)
    turn.demand(Right.FILE, workflow.team, workflow)
    judging.demand_seen(document, seen.version)
    judging.demand_submittable(document, workflow)
    fact = DocumentSubmitted(document_id=document.id, seen_version=document.latest.number)
    turn.record(fact)
    return fact


def accept(turn: Turn, seen: Seen) -> DocumentAccepted:
    """The document accepted by someone who did not write it; it ticks the items that wait for it."""
    document, workflow, because = _judgeable(turn, seen)
    judging.demand_outsiders(document, workflow)
    fact = DocumentAccepted(document_id=document.id, seen_version=document.latest.number, because=because)
    turn.record(fact)
    if document.kind.proves:
        # The title stays out: it is its author's words, and this text would be kept as the accepter's.
        turn.record(
            ProofSeen(
                workflow_id=workflow.id,
                kind=document.kind.proves,
                seen_at=turn.at,
                summary=FreeText(f"the {document.kind.label} {document.id} is accepted"),
            )
        )
    return fact


def reject(turn: Turn, seen: Seen, reason: str) -> DocumentRejected:
    """The document rejected by someone who did not write it, with the reason."""
    document, _, because = _judgeable(turn, seen)
    answer = demand_words(reason, "reason", "why not, and what would make it acceptable")
    fact = DocumentRejected(
        document_id=document.id, seen_version=document.latest.number, because=because, answer=answer
    )
    turn.record(fact)
    return fact


def _demand_writer(turn: Turn, workflow: Workflow) -> None:
    if turn.actor.kind is PrincipalKind.HUMAN:
        turn.demand(Right.FILE, workflow.team, workflow)
    else:
        turn.change.allowed_because("agents and services may draft")


def _title(text: Text) -> FreeText | None:
    title = one_line(text.title)
    return FreeText(title) if title else None


def _find(turn: Turn, seen: Seen) -> tuple[Document, Workflow]:
    document = turn.change.documents.one(seen.document_id)
    demand_reads(reader_of(turn.change, turn.actor), document)
    return document, turn.change.workflow_by_id(document.workflow_id)


def _judgeable(turn: Turn, seen: Seen) -> tuple[Document, Workflow, str]:
    document = turn.change.documents.one(seen.document_id)
    workflow = turn.change.workflow_by_id(document.workflow_id)
    because = turn.demand(Right.JUDGE, workflow.team, workflow)
    _demand_another(turn, document, workflow)
    judging.demand_in_review(document, seen.version)
    return document, workflow, because


def _demand_another(turn: Turn, document: Document, workflow: Workflow) -> None:
    own = own_people(workflow) if document.kind is DocumentKind.RED_TEAM else frozenset[str]()
    barred = document.authors | own
    if not barred & set(turn.actor.handles):
        return
    able = tuple(person for person in turn.approvers(workflow.team) if person.handle not in barred)
    if turn.actor.handle in document.authors:
        why = "you wrote it"
    elif document.authors & set(turn.actor.handles):
        why = "whom you stand in for wrote it"
    else:
        why = f"you hold a role in {workflow.name}, and a red-team review is judged by others"
    raise NotAllowed(f"You can't accept or reject this: {why}. {_who(able)}")


def _who(able: tuple[Person, ...]) -> str:
    names = [person.name for person in able][:3]
    return f"{' or '.join(names)} can." if names else "Nobody else can yet: an approver has to be named for this team."
