"""What may become of an item next: each rule looks at a row and returns the fact, or refuses."""

from dataclasses import dataclass
from datetime import date

from bot.domain.checklists import Row
from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.facts import ItemAssigned, ItemBlocked, ItemDone, ItemReopened, ItemRestored, ItemSkipped
from bot.domain.items import ItemState
from bot.domain.people import FreeText, Person
from bot.domain.playbook import DoneWhen, EvidenceKind
from bot.domain.workflows import Workflow

WORDS_LIMIT = 3000
SKIP_LIMIT_DAYS = 180

_SELF_TICKING = {
    DoneWhen.ROLES: "every required role is held",
    DoneWhen.SUCCESS_METRIC: "a success metric with baseline and target is defined",
    DoneWhen.GUARDRAIL_METRIC: "a guardrail metric with its limit is defined",
    DoneWhen.SPEC: "the spec is accepted",
    DoneWhen.RED_TEAM: "the red-team review is accepted",
    DoneWhen.KICKOFF_MEMO: "a memo about this workflow is filed",
    DoneWhen.MOVE_MEMO: "the memo for leaving this phase is filed",
    DoneWhen.EVAL_RUN: "an eval run is taken in",
    DoneWhen.RED_LINES: "every red line was seen firing in a test",
    DoneWhen.FREEZE_DRILL: "a freeze drill is recorded with its measured time",
    DoneWhen.ROLLBACK_DRILL: "a rollback drill is recorded with its measured time",
    DoneWhen.GRANTS_ATTESTED: "every active grant is attested",
}

_ASKED_FOR = {
    EvidenceKind.LINK: "a link",
    EvidenceKind.DOCUMENT: "a link to the document",
    EvidenceKind.MEMO: "a link to the memo",
    EvidenceKind.EVAL_RUN: "a link to the eval run",
    EvidenceKind.RECORD: "a link to the record, or where it is kept",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What someone typed beside a tick: evidence and a note, both optional until the item asks for one."""

    evidence: str = ""
    note: str = ""


def ticks_itself_when(done_when: DoneWhen) -> str:
    """In words, what makes an item with this `done_when` tick itself."""
    return _SELF_TICKING[done_when]


def words(text: str, field: str) -> FreeText | None:
    """`text` trimmed as free text, None if nothing is left; NUL, lone surrogates and over-length are refused."""
    body = text.strip()
    if not body:
        return None
    if len(body) > WORDS_LIMIT:
        raise BadInput(
            f"This has {len(body):,} characters and at most {WORDS_LIMIT:,} fit: shorten it, or link to a document.",
            field,
        )
    if "\0" in body or any("\ud800" <= char <= "\udfff" for char in body):
        raise BadInput("This contains a character that can't be stored (NUL or half a character): remove it.", field)
    return FreeText(body)


def demand_words(text: str, field: str, what: str) -> FreeText:
    """`text` as free text, or a refusal that asks for `what`."""
    found = words(text, field)
    if found is None:
        raise BadInput(f"Please say {what}: others will read it later and act on it.", field)
    return found


def demand_seen(row: Row, seen_version: int | None) -> None:
    """Nothing, if nobody changed the item since the asker looked; else a conflict that says who did, and what."""
    if seen_version is None or seen_version == row.version or row.record is None:
        return
    record = row.record
    whose = f" and it is {record.assignee.name}'s" if record.assignee else ""
    raise Conflict(
        f"This item changed while you were at it: {record.changed_by.name} marked it {record.state.replace('_', ' ')} "
        f"on {record.changed_at:%-d %b at %H:%M} UTC{whose}. Look at it again; what you typed was not saved."
    )


def check(workflow: Workflow, row: Row, given: Given) -> ItemDone:
    """The tick of an item by hand."""
    if row.item.done_when:
        raise Refused(
            f"“{row.item.title}” ticks itself when {ticks_itself_when(row.item.done_when)}; nobody ticks it by hand."
        )
    if row.state is ItemState.DONE:
        raise Conflict(_already(row))
    if row.waiting_for:
        raise Refused(f"“{row.item.title}” comes after “{row.waiting_for[0]}”, which is still open. Do that first.")
    evidence = words(given.evidence, "evidence")
    if row.item.evidence and evidence is None:
        raise BadInput(
            f"“{row.item.title}” needs evidence ({_ASKED_FOR[row.item.evidence]}) so that others can see it was done.",
            "evidence",
        )
    return ItemDone(
        workflow_id=workflow.id,
        item=str(row.key),
        seen_version=row.version,
        before=row.state,
        evidence_kind=(row.item.evidence or EvidenceKind.LINK) if evidence else None,
        evidence=evidence,
        note=words(given.note, "note"),
    )


def asked_for(evidence_kind: EvidenceKind) -> str:
    """In words, what an item with this kind of evidence wants."""
    return _ASKED_FOR[evidence_kind]


def block(workflow: Workflow, row: Row, reason: str) -> ItemBlocked:
    """The mark that work on an item cannot go on."""
    if row.is_settled:
        raise Conflict(f"{_already(row)} Reopen it first if it is not finished after all.")
    return ItemBlocked(
        workflow_id=workflow.id,
        item=str(row.key),
        seen_version=row.version,
        before=row.state,
        note=demand_words(reason, "note", "what blocks it and who could help"),
    )


def reopen(workflow: Workflow, row: Row, note: str) -> ItemReopened:
    """The mark that an item is open again."""
    if row.state is ItemState.OPEN:
        raise Conflict(f"“{row.item.title}” is open already, so there is nothing to reopen.")
    if row.proof and row.state is ItemState.DONE:
        raise Refused(
            f"“{row.item.title}” ticked itself ({row.proof.summary}); "
            "it opens again by itself when that no longer holds."
        )
    return ItemReopened(
        workflow_id=workflow.id,
        item=str(row.key),
        seen_version=row.version,
        before=row.state,
        note=words(note, "note"),
    )


def restore(workflow: Workflow, row: Row) -> ItemRestored:
    """The return of an item to what it was before its last change."""
    if row.record is None or row.record.before is None:
        raise Refused(f"Nothing was changed about “{row.item.title}” yet, so there is nothing to restore.")
    return ItemRestored(
        workflow_id=workflow.id,
        item=str(row.key),
        seen_version=row.version,
        before=row.record.state,
        state=row.record.before,
    )


def demand_skippable(row: Row, until: date, today: date) -> None:
    """Nothing, if `row` may be skipped until `until`; else a refusal."""
    if row.is_settled:
        raise Conflict(_already(row))
    if until <= today:
        raise BadInput(
            "A skip ends on a later day than today: give the date when the item must be looked at again.",
            "until",
        )
    if (until - today).days > SKIP_LIMIT_DAYS:
        raise BadInput(f"A skip lasts at most {SKIP_LIMIT_DAYS} days: give an earlier date.", "until")


def skip(workflow: Workflow, row: Row, until: date, request_id: str) -> ItemSkipped:
    """The skip of an item, by an approved request."""
    return ItemSkipped(
        workflow_id=workflow.id,
        item=str(row.key),
        seen_version=row.version,
        before=row.state,
        until=until,
        request_id=request_id,
    )


def assign(workflow: Workflow, row: Row, person: Person) -> ItemAssigned:
    """The item's passing into someone's hands."""
    before = row.record.assignee.id if row.record and row.record.assignee else None
    if before == person.id:
        raise Conflict(f"“{row.item.title}” is {person.name}'s already.")
    return ItemAssigned(
        workflow_id=workflow.id, item=str(row.key), seen_version=row.version, person=person.id, before=before
    )


def _already(row: Row) -> str:
    state = row.state.replace("_", " ")
    if row.proof and row.state is ItemState.DONE:
        return f"“{row.item.title}” is done already: {row.proof.summary}."
    if row.record is None:
        return f"“{row.item.title}” is {state} already."
    return (
        f"“{row.item.title}” is {state} already: {row.record.changed_by.name} marked it on "
        f"{row.record.changed_at:%-d %b at %H:%M} UTC."
    )
