"""Documents: draft, edit, submit, accept, reject."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.authority import Deciders
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.readers import demand_reads, reader_of
from bot.actions.told_of_papers import told_of_edit, told_of_submission, told_of_verdict
from bot.domain import judging
from bot.domain.documents import Document, DocumentKind, DocumentState, Drafter, Text
from bot.domain.errors import NotAllowed
from bot.domain.facts import (
    DocumentAccepted,
    DocumentDrafted,
    DocumentEdited,
    DocumentRejected,
    DocumentSubmitted,
    ProofSeen,
)
from bot.domain.gaps import Gap
from bot.domain.people import FreeText, Person, PrincipalKind
from bot.domain.requests import Patience
from bot.domain.rights import Right, demand_person, standings, why_allowed
from bot.domain.ticking import demand_words
from bot.domain.wording import clean, one_line
from bot.domain.workflows import Workflow
from store import View


@dataclass(frozen=True, slots=True)
class Seen:
    """Which document, and the number of the version that the asker saw (None: as it is now)."""

    document_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window writes: a document that somebody saw, or none yet of that kind about this workflow."""

    workflow: Workflow
    kind: DocumentKind
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept by now: the document, the number of its latest version, and what still keeps it from its review."""

    document_id: str
    version: int
    lacking: tuple[Gap, ...] = ()


def keep(turn: Turn, place: Place, text: Text, drafter: Drafter | None = None) -> Kept:
    """What was typed so far, or a model wrote, kept as a draft; no version more where the latest one says the same.

    A window from which two clicks come makes one draft: a new one that says the same as one of theirs is that one.
    """
    if place.seen is None:
        if same := _same(turn, place, text, drafter):
            return Kept(same.id, same.latest.number)
        return Kept(draft(turn, place.workflow, place.kind, text, drafter).document_id, 1)
    document, _ = _find(turn, place.seen)
    if text == document.latest.text:
        return Kept(document.id, document.latest.number)
    judging.demand_seen(document, place.seen.version)
    return Kept(document.id, edit(turn, place.seen, text, drafter).seen_version + 1)


def _same(turn: Turn, place: Place, text: Text, drafter: Drafter | None) -> Document | None:
    """The actor's own draft of that kind that says just this, if there is one."""
    meant = Text(one_line(text.title), _body(text).body, one_line(text.incident))
    for each in turn.change.documents.of_workflow(place.workflow.id):
        latest = each.latest
        is_own = each.kind is place.kind and each.state is DocumentState.DRAFT and len(each.versions) == 1
        if is_own and latest.author_handle == turn.actor.handle and (latest.text, latest.drafter) == (meant, drafter):
            return each
    return None


def hand_in(turn: Turn, place: Place, text: Text) -> Kept:
    """The same, and in review if nothing is missing; what was typed is kept either way."""
    kept = keep(turn, place, text)
    lacking = (*judging.gaps(place.kind, text), *judging.insiders_named(place.kind, text, place.workflow))
    if lacking:
        return replace(kept, lacking=lacking)
    submit(turn, Seen(kept.document_id, kept.version))
    return kept


def draft(
    turn: Turn, workflow: Workflow, kind: DocumentKind, text: Text, drafter: Drafter | None = None
) -> DocumentDrafted:
    """The first version of a document, with gaps or without; agents may draft too, and a model for whoever asks."""
    _demand_writer(turn, workflow)
    judging.demand_draftable(text)
    fact = DocumentDrafted(
        document_id=turn.change.new_id("doc"),
        kind=kind,
        workflow_id=workflow.id,
        title=_title(text),
        body=_body(text),
        incident=one_line(text.incident) or None,
        drafter=drafter,
    )
    turn.record(fact)
    return fact


def edit(turn: Turn, seen: Seen, text: Text, drafter: Drafter | None = None) -> DocumentEdited:
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
        body=_body(text),
        incident=one_line(text.incident) or None,
        drafter=drafter,
    )
    turn.record(fact)
    if document.state is not DocumentState.DRAFT:
        turn.tell(told_of_edit(document))
    return fact


def submit(turn: Turn, seen: Seen) -> DocumentSubmitted:
    """The draft in review, if nothing is missing."""
    document, workflow = _find(turn, seen)
    turn.demand(Right.FILE, workflow.team, workflow)
    judging.demand_seen(document, seen.version)
    judging.demand_submittable(document, workflow)
    fact = DocumentSubmitted(document_id=document.id, seen_version=document.latest.number)
    turn.record(fact)
    in_review = turn.change.documents.one(document.id)
    able = able_to_judge(in_review, workflow, turn.deciders)
    patience = Patience.of(playbook_of(turn.change, workflow))
    turn.tell(told_of_submission(in_review, workflow.team, able, turn.at, patience))
    return fact


def unlearned(view: View, workflow: Workflow, at: datetime) -> tuple[str, ...]:
    """The keys of the workflow's incidents, and the ids of its open deviations, without an accepted postmortem."""
    accepted = view.documents.accepted(workflow.id, DocumentKind.POSTMORTEM)
    learned = {document.latest.text.incident for document in accepted}
    courses = sorted(view.gates.incidents(workflow.id, at), key=lambda course: course.opened_at, reverse=True)
    keys = (*(course.latest.body.key for course in courses), *(each.id for each in view.deviations.open(workflow.id)))
    return tuple(key for key in keys if key not in learned)


def able_to_judge(document: Document, workflow: Workflow, deciders: Deciders) -> tuple[Person, ...]:
    """Who is here and may accept or reject it, in the order they are asked."""
    asked = judging.judges(document, workflow, deciders.of(workflow.team))
    bound = deciders.absences.bound_by(judging.barred(document, workflow))
    return deciders.absences.here_among(person for person in asked if person.handle not in bound)


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
    turn.tell(told_of_verdict(document, turn.actor.handle, "accepted"))
    return fact


def reject(turn: Turn, seen: Seen, reason: str) -> DocumentRejected:
    """The document rejected by someone who did not write it, with the reason."""
    document, _, because = _judgeable(turn, seen)
    answer = demand_words(reason, "reason", "why not, and what would make it acceptable")
    fact = DocumentRejected(
        document_id=document.id, seen_version=document.latest.number, because=because, answer=answer
    )
    turn.record(fact)
    turn.tell(told_of_verdict(document, turn.actor.handle, "rejected"))
    return fact


def _demand_writer(turn: Turn, workflow: Workflow) -> None:
    if turn.actor.kind is PrincipalKind.HUMAN:
        turn.demand(Right.FILE, workflow.team, workflow)
    else:
        turn.change.allowed_because("agents and services may draft")


def _title(text: Text) -> FreeText | None:
    title = one_line(text.title)
    return FreeText(title) if title else None


def _body(text: Text) -> FreeText:
    """The body as an export can give it back: nothing invisible in it, and no tabs."""
    return FreeText(clean(text.body.expandtabs(4)))


def _find(turn: Turn, seen: Seen) -> tuple[Document, Workflow]:
    document = turn.change.documents.one(seen.document_id)
    demand_reads(reader_of(turn.change, turn.actor), document)
    return document, turn.change.workflow_by_id(document.workflow_id)


def demand_may_judge(turn: Turn, seen: Seen) -> None:
    """Nothing, if the actor may accept or reject this document as they saw it; else the refusal."""
    _judgeable(turn, seen)


def _judgeable(turn: Turn, seen: Seen) -> tuple[Document, Workflow, str]:
    document = turn.change.documents.one(seen.document_id)
    workflow = turn.change.workflow_by_id(document.workflow_id)
    _demand_judge(turn, document, workflow)
    because = turn.demand(Right.JUDGE, workflow.team, workflow)
    _demand_another(turn, document, workflow)
    judging.demand_in_review(document, seen.version)
    return document, workflow, because


def _demand_judge(turn: Turn, document: Document, workflow: Workflow) -> None:
    """Nothing, if the actor is one of those who judge documents here; else a refusal that names who may judge this."""
    demand_person(turn.actor)
    if why_allowed(Right.JUDGE, standings(turn.actor, workflow.team, workflow)) is None:
        able = able_to_judge(document, workflow, turn.deciders)
        raise NotAllowed(f"You can't {Right.JUDGE}{':' if able else '.'} {_who(able)}")


def _demand_another(turn: Turn, document: Document, workflow: Workflow) -> None:
    barred = judging.barred(document, workflow)
    if not barred & set(turn.actor.handles):
        return
    kept_out = barred | turn.deciders.absences.bound_by(barred)
    able = tuple(person for person in turn.approvers(workflow.team) if person.handle not in kept_out)
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
