"""What may become of a document next: each rule looks at it and refuses, or says nothing."""

from collections.abc import Iterable, Iterator

from bot.domain.documents import (
    PARTS,
    REVIEWERS,
    Document,
    DocumentKind,
    DocumentState,
    Part,
    Text,
    own_people,
    reviewers,
)
from bot.domain.errors import Conflict, Refused
from bot.domain.gaps import Gap, Incomplete, gaps_in_title, gaps_in_words
from bot.domain.nearness import near
from bot.domain.people import Person
from bot.domain.sections import Section, key_of, sections
from bot.domain.wording import cut, one_line
from bot.domain.workflows import Role, Workflow

BODY_LIMIT = 100_000
INCIDENT_LIMIT = 200


def demand_draftable(text: Text) -> None:
    """Nothing, if `text` may be kept as a draft, with gaps or without; Incomplete if it cannot be."""
    gaps = (*(gap for gap in gaps_in_title(text.title) if text.title), *gaps_in_words("file", text.body, BODY_LIMIT))
    if len(text.incident) > INCIDENT_LIMIT:
        gaps = (*gaps, Gap("incident", f"An incident's key has at most {INCIDENT_LIMIT} characters."))
    if gaps:
        raise Incomplete(" ".join(f"{gap.field}: {gap.sentence}" for gap in gaps), gaps)


def gaps(kind: DocumentKind, text: Text) -> tuple[Gap, ...]:
    """What a document still lacks before anyone can review it; none if it is whole."""
    return tuple(_gaps(kind, text))


def _gaps(kind: DocumentKind, text: Text) -> Iterator[Gap]:
    if not text.title:
        yield from gaps_in_title(text.title)
    if kind is DocumentKind.POSTMORTEM and not one_line(text.incident):
        yield Gap("incident", "Name the incident that this is about, by its key.")
    found = sections(text.body)
    for part in PARTS[kind]:
        said = [section for section in found if part.is_headed(section)]
        if not said:
            yield Gap(part.title, f"There is no section “## {part.title}”. {_lookalike(part, kind, found)}{part.asks}")
        elif all(section.is_blank for section in said):
            yield Gap(part.title, f"Nothing is written here yet. {part.asks}")
        elif part is REVIEWERS and not reviewers(text):
            yield Gap(part.title, f"No Slack user id is named here, such as U0123ABCD. {part.asks}")


def _lookalike(part: Part, kind: DocumentKind, found: tuple[Section, ...]) -> str:
    """A heading that was probably meant to be this one."""
    strange = {s.key: s.title for s in found if s.title and not any(p.is_headed(s) for p in PARTS[kind])}
    guess = near(key_of(part.title), strange)
    return f"Is “{cut(strange[guess], 60)}” meant for it? " if guess else ""


def demand_editable(document: Document) -> None:
    """Nothing, if a new version may be written; else a refusal."""
    if document.state is DocumentState.ACCEPTED:
        raise Refused(
            f"“{document.title}” was accepted as it is, so it does not change any more; write a new {_kind(document)}."
        )


def demand_submittable(document: Document, workflow: Workflow) -> None:
    """Nothing, if `document` may be reviewed now; else a refusal that names every gap."""
    if document.state is not DocumentState.DRAFT:
        raise Conflict(
            f"“{document.title}” is {document.state.label}, so there is nothing to submit; "
            "an edit makes it a draft again."
        )
    if lacking := gaps(document.kind, document.latest.text):
        raise Incomplete(
            f"This {_kind(document)} can't be submitted yet, {_counted(lacking)}: "
            f"{', '.join(gap.field for gap in lacking)}. Fill them and edit the document; nothing is lost meanwhile.",
            lacking,
        )
    demand_outsiders(document, workflow)


def demand_outsiders(document: Document, workflow: Workflow) -> None:
    """Nothing, unless a red-team review names someone of the workflow itself as its reviewer."""
    for gap in insiders_named(document.kind, document.latest.text, workflow):
        raise Refused(gap.sentence)


def insiders_named(kind: DocumentKind, text: Text, workflow: Workflow) -> tuple[Gap, ...]:
    """Each reviewer of a red-team review who is one of the workflow's own people; none of other kinds."""
    if kind is not DocumentKind.RED_TEAM:
        return ()
    own = {holder.person.handle: holder for holder in workflow.holders}
    return tuple(
        Gap(
            REVIEWERS.title,
            f"A red-team review is made by others than the workflow's own people, and {own[handle].person.name} is "
            f"{own[handle].role.label} of {workflow.name}: name reviewers who hold no role there.",
        )
        for handle in reviewers(text)
        if handle in own
    )


def judges(document: Document, workflow: Workflow, approvers: Iterable[Person]) -> tuple[Person, ...]:
    """Who may accept or reject it, in the order they are asked; `approvers` are those who decide and are here.

    Those who run the workflow come first; a red-team review is for outsiders, so there they are left out.
    """
    runners = (*workflow.holders_of(Role.OWNER), *workflow.holders_of(Role.STEWARD), workflow.team.lead)
    is_outside = document.kind is DocumentKind.RED_TEAM
    asked = (*approvers, workflow.team.lead) if is_outside else (*runners, *approvers)
    kept_out = barred(document, workflow)
    return tuple({each.handle: each for each in asked if each.handle and each.handle not in kept_out}.values())


def barred(document: Document, workflow: Workflow) -> frozenset[str]:
    """The handles of those who may neither accept nor reject it: its authors, and of a red-team review insiders too."""
    return document.authors | (own_people(workflow) if document.kind is DocumentKind.RED_TEAM else frozenset())


def demand_in_review(document: Document, seen_version: int | None) -> None:
    """Nothing, if someone may accept or reject `document` as they saw it; else a refusal."""
    if document.state is not DocumentState.IN_REVIEW:
        who = f" by {document.decided_by.name}" if document.decided_by else ""
        how = (
            "not in review yet: submit it first" if document.state is DocumentState.DRAFT else f"{document.state}{who}"
        )
        raise Conflict(f"“{document.title}” is {how}, so nothing changed.")
    demand_seen(document, seen_version)


def demand_seen(document: Document, seen_version: int | None) -> None:
    """Nothing, if nobody wrote a newer version than the one that the asker saw; else a conflict that says who did."""
    latest = document.latest
    if seen_version is not None and seen_version != latest.number:
        raise Conflict(
            f"This document changed while you were at it: {latest.author_name} wrote version {latest.number} on "
            f"{latest.written_at:%-d %b at %H:%M} UTC. Read it again; what you did was not saved."
        )


def _kind(document: Document) -> str:
    return document.kind.label


def _counted(lacking: tuple[Gap, ...]) -> str:
    return "1 part is missing or empty" if len(lacking) == 1 else f"{len(lacking)} parts are missing or empty"
