"""Whether the audit log is whole: the chain, its head, the database's guards, and all that it vouches for."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Select, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from bot.domain.people import PrincipalKind
from store.answered import fault_in_decisions
from store.asked import fault_in_questions
from store.audit import CITED, FIRST_HASH, Head, head, record_hash
from store.counted import fault_in_days
from store.filed import fault_in_memos
from store.granted import fault_in_grants
from store.halted import fault_in_freezes, fault_in_suspensions
from store.published import fault_in_digests
from store.standing import missing_guard
from store.tables.ledger import audit, texts
from store.texts import salted_hash
from store.types import instant_text
from store.vouched import Vouched, fault_in_signals, fault_in_verdicts
from store.written import fault_in_documents

BATCH = 2000

_ERASURE = "person_erased"
_TAKEN = "signals_taken"

# The instants come as the driver has them: no parsing, and on SQLite byte for byte what is stored.
_COLUMNS = (
    audit.c.seq,
    type_coerce(audit.c.real_at, NullType),
    type_coerce(audit.c.effective_at, NullType),
    audit.c.principal_kind,
    audit.c.principal,
    audit.c.claimed,
    audit.c.through,
    audit.c.fact,
    audit.c.fact_version,
    audit.c.subject,
    audit.c.details,
    audit.c.prev_hash,
    audit.c.hash,
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found; `first_broken` is the first record that cannot be trusted.

    `first_broken` is None where `why` is about the database's guards or something that no record vouches for.
    """

    ok: bool
    records: int
    erased_texts: int
    first_broken: int | None
    why: str | None
    head: Head


@dataclass(frozen=True, slots=True)
class _Cited:
    """By which record a text is vouched for, whose words it is, and whether they were typed into a signal."""

    seq: int
    sha256: str
    author: str | None
    in_signal: bool


@dataclass(slots=True)
class _Walk:
    """How far the walk has come, and what its records vouch for.

    `cited` are texts by id; `erased` are people and texts: id → the record of it.
    """

    seq: int = 0
    hash: str = FIRST_HASH
    cited: dict[str, _Cited] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)
    vouched: Vouched = field(default_factory=Vouched)


Fault = tuple[int | None, str]
_Record = Sequence[object]


def verify(connection: Connection, kept: Head | None = None) -> Verification:
    """What stands of the log; with `kept`, a head noted elsewhere, also whether its tail was cut.

    Without a kept head a chain that was rewritten from some record to the end, head included, looks whole.
    """
    walk = _Walk()
    fault = _first_fault(connection, walk, kept)
    erased = select(func.count()).select_from(texts).where(texts.c.body.is_(None))
    return Verification(
        ok=fault is None,
        records=connection.execute(select(func.count()).select_from(audit)).scalar_one(),
        erased_texts=connection.execute(erased).scalar_one(),
        first_broken=fault[0] if fault else None,
        why=fault[1] if fault else None,
        head=head(connection),
    )


def _first_fault(connection: Connection, walk: _Walk, kept: Head | None) -> Fault | None:
    checks: tuple[Callable[[], Fault | None], ...] = (
        lambda: _fault_in_chain(connection, walk, kept),
        lambda: _fault_at_end(walk, head(connection)),
        lambda: _fault_before_kept(walk, kept),
        lambda: _fault_in_texts(connection, walk),
        lambda: fault_in_memos(connection),
        lambda: fault_in_documents(connection),
        lambda: fault_in_verdicts(connection, walk.vouched),
        lambda: fault_in_signals(connection, walk.vouched),
        lambda: fault_in_decisions(connection),
        lambda: fault_in_grants(connection),
        lambda: fault_in_suspensions(connection),
        lambda: fault_in_freezes(connection),
        lambda: fault_in_days(connection),
        lambda: fault_in_questions(connection),
        lambda: fault_in_digests(connection),
        lambda: _fault_in_guards(connection),
    )
    return next((found for check in checks if (found := check()) is not None), None)


def _fault_in_chain(connection: Connection, walk: _Walk, kept: Head | None) -> Fault | None:
    whole = select(*_COLUMNS).order_by(audit.c.seq)
    try:
        with connection.execute(whole, execution_options={"yield_per": BATCH}) as rows:
            for batch in rows.partitions():
                fault = _fault_in([_undated(row) for row in batch], walk, kept)
                if fault is not None:
                    return fault
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return _unreadable(connection, walk)
    return None


def _undated(row: Sequence[object]) -> _Record:
    if isinstance(row[1], datetime) and isinstance(row[2], datetime):
        return (row[0], instant_text(row[1]), instant_text(row[2]), *row[3:])
    return row


def _fault_in(batch: Sequence[_Record], walk: _Walk, kept: Head | None) -> Fault | None:
    for row in batch:
        stored = row[12]
        seq = walk.seq + 1
        if row[0] != seq or row[11] != walk.hash or not _vouches(row, walk.hash, seq):
            return _blame(walk, row)
        if kept is not None and kept.seq == seq and kept.hash != stored:
            return seq, f"Record {seq} is not the one whose hash was noted elsewhere: the log was rewritten."
        try:
            _note_citations(walk, seq, row)
            walk.vouched.note(seq, row[7], row[9], str(row[10]))
        except (ValueError, AttributeError, KeyError, TypeError):
            return seq, f"Record {seq} was rewritten: its details are not what this program writes."
        walk.seq, walk.hash = seq, str(stored)
    return None


def _vouches(row: _Record, prev_hash: object, seq: int) -> bool:
    """Whether a row's own hash is that of its content, were it number `seq` after `prev_hash`."""
    try:
        return record_hash(prev_hash, (seq, *row[1:11])) == row[12]  # type: ignore[arg-type]
    except (TypeError, UnicodeEncodeError):
        return False


def _unreadable(connection: Connection, walk: _Walk) -> Fault:
    """The first record that the driver cannot even read (bytes that are no text, a time out of range)."""
    for seq in range(walk.seq + 1, walk.seq + 1 + BATCH):
        one: Select[tuple[object, ...]] = select(*_COLUMNS).where(audit.c.seq == seq)
        try:
            batch = [_undated(row) for row in connection.execute(one)]
        except DBAPIError:
            return seq, f"Record {seq} was changed: it holds what this program never writes."
        fault = _fault_in(batch, walk, None) if batch else (seq, f"Record {seq} is missing.")
        if fault is not None:
            return fault
    return walk.seq + 1, f"Record {walk.seq + 1} or one soon after it cannot be read."


def _blame(walk: _Walk, row: _Record) -> Fault:
    """Which record was tampered with, where the one after `walk.seq` does not fit."""
    seq, before = int(str(row[0])), walk.seq
    if seq < before + 1:
        return seq, f"Record {seq} was put in front of the log."
    if seq > before + 1:
        return before + 1, f"Record {before + 1} is missing."
    if row[11] != walk.hash and _vouches(row, row[11], seq):
        if before == 0:
            return seq, f"Record {seq} does not begin the log: what came before it is missing."
        return before, f"Record {before} was rewritten: record {seq} still vouches for what it was."
    if row[11] != walk.hash and _vouches(row, row[11], before):
        return before, f"Record {before} was inserted: the record after it used to have its number."
    return seq, f"Record {seq} was changed: its content does not match its hash."


def _note_citations(walk: _Walk, seq: int, row: _Record) -> None:
    details, author = str(row[10]), str(row[4]) if row[3] == PrincipalKind.HUMAN else None
    if f'"{CITED}":' in details:
        for text_id, sha256 in json.loads(details).get(CITED, {}).items():
            walk.cited[text_id] = _Cited(seq, sha256, author, row[7] == _TAKEN)
    if row[7] == _ERASURE:
        emptied = json.loads(details).get("text_ids", ())
        walk.erased |= dict.fromkeys((str(row[9]), *emptied), seq)


def _fault_at_end(walk: _Walk, noted: Head) -> Fault | None:
    if noted.seq > walk.seq:
        return walk.seq + 1, f"Record {walk.seq + 1} and all after it are missing; the last was {noted.seq}."
    if noted.seq < walk.seq:
        return noted.seq + 1, f"Record {noted.seq + 1} was added past this program."
    if noted.hash != walk.hash:
        return walk.seq, f"Record {walk.seq} was rewritten: the head still vouches for what it was."
    return None


def _fault_before_kept(walk: _Walk, kept: Head | None) -> Fault | None:
    if kept is None or kept.seq <= walk.seq:
        return None
    return walk.seq + 1, (f"Record {walk.seq + 1} and all after it are missing: record {kept.seq} was noted elsewhere.")


def _fault_in_texts(connection: Connection, walk: _Walk) -> Fault | None:
    faults: list[Fault] = []
    try:
        faults += _faults_of_texts(connection, walk)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return None, "A stored text was changed: it holds bytes that are no text."
    missing = ((gone, cited.seq) for gone, cited in walk.cited.items())
    faults += [(seq, f"Text {gone} (record {seq}) is missing.") for gone, seq in missing]
    return min(faults, key=lambda fault: (fault[0] is None, fault[0] or 0), default=None)


def _faults_of_texts(connection: Connection, walk: _Walk) -> Iterator[Fault]:
    kept = select(texts.c.id, texts.c.sha256, texts.c.nonce, texts.c.body, texts.c.author)
    with connection.execute(kept, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            cited = walk.cited.pop(row.id, None)
            seq, by = (cited.seq, f" (record {cited.seq})") if cited else (None, "")
            changed = row.body is not None and salted_hash(row.nonce or "", row.body) != row.sha256
            if changed or (cited and cited.sha256 != row.sha256):
                yield seq, f"Text {row.id}{by} was changed: its words do not match its hash."
            elif row.body is None and not _may_be_gone(walk, row.id, cited or _Cited(0, "", row.author, False)):
                yield seq, f"Text {row.id}{by} lost its words, and no record tells that whoever wrote it was erased."


def _may_be_gone(walk: _Walk, text_id: str, cited: _Cited) -> bool:
    """Whether an erasure after a text tells of it or of its author, or it was in a signal that is forgotten."""
    erased = max(walk.erased.get(each, 0) for each in (cited.author or "", text_id))
    return erased > cited.seq or (cited.in_signal and cited.seq <= walk.vouched.forgotten)


def _fault_in_guards(connection: Connection) -> Fault | None:
    gone = missing_guard(connection)
    if gone is None:
        return None
    return None, (
        f"The database no longer guards the log: its trigger {gone} is missing, changed or switched off. "
        "Find out who did that, then restore a backup."
    )
