"""Item records, proofs and history, from rows to frozen values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.domain.checklists import Known
from bot.domain.items import Evidence, ItemKey, ItemRecord, ItemState, Proof
from store.reading.among import chunks
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import people, texts
from store.tables.program import evidence, items, proofs

_changer = people.alias("changer")
_assignee = people.alias("assignee")
_giver = people.alias("giver")
_note = texts.alias("note")
_words = texts.alias("words")
_summary = texts.alias("summary")
_url = texts.alias("url")

_RECORDS = (
    select(
        items,
        _note.c.body.label("note_body"),
        _words.c.body.label("evidence_body"),
        evidence.c.kind.label("evidence_kind"),
        evidence.c.given_at,
        *person_columns(_changer, "changer"),
        *person_columns(_assignee, "holder"),
        *person_columns(_giver, "giver"),
    )
    .join(_changer, _changer.c.id == items.c.changed_by)
    .outerjoin(_assignee, _assignee.c.id == items.c.assignee)
    .outerjoin(_note, _note.c.id == items.c.note)
    .outerjoin(evidence, evidence.c.id == items.c.evidence_id)
    .outerjoin(_words, _words.c.id == evidence.c.text_id)
    .outerjoin(_giver, _giver.c.id == evidence.c.given_by)
    .where(items.c.workflow_id.in_(bindparam("ids", expanding=True)))
)

_PROOFS = (
    select(proofs, _summary.c.body.label("summary_body"), _url.c.body.label("url_body"))
    .join(_summary, _summary.c.id == proofs.c.summary)
    .outerjoin(_url, _url.c.id == proofs.c.url)
    .where(proofs.c.workflow_id.in_(bindparam("ids", expanding=True)))
)


def read_known(connection: Connection, workflow_ids: Iterable[str]) -> Mapping[str, Known]:
    """What is known of the items of each workflow; a workflow without records is there, empty."""
    ids = list(workflow_ids)
    seen = read_proofs(connection, ids)
    records: dict[str, list[ItemRecord]] = defaultdict(list)
    for row in connection.execute(_RECORDS, {"ids": ids}):
        records[row.workflow_id].append(_record(row))
    return {id_: Known(tuple(records[id_]), seen[id_]) for id_ in ids}


def read_proofs(connection: Connection, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Proof, ...]]:
    """What was proven of the items of each workflow; each that was asked for is there."""
    seen: dict[str, list[Proof]] = {each: [] for each in workflow_ids}
    for ids in chunks(list(seen)):
        for row in connection.execute(_PROOFS, {"ids": ids}):
            seen[row.workflow_id].append(Proof(row.kind, row.seen_at, row.summary_body or "erased", row.url_body))
    return {each: tuple(of) for each, of in seen.items()}


def _record(row: Row[Any]) -> ItemRecord:
    proof = None
    if row.evidence_id is not None:
        proof = Evidence(row.evidence_kind, row.evidence_body, person_of(row, "giver"), row.given_at)
    return ItemRecord(
        key=ItemKey.parse(row.item),
        state=ItemState(row.state),
        version=row.version,
        changed_by=person_of(row, "changer"),
        changed_at=row.changed_at,
        assignee=person_of(row, "holder") if row.assignee else None,
        note=row.note_body,
        until=row.until,
        evidence=proof,
        before=ItemState(row.before_state) if row.before_state else None,
    )
