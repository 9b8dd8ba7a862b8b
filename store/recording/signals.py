"""How signals are kept: each once, in bulk, with what they say about a key made anew from all that name it."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.errors import NotFound
from bot.domain.signals.by_hand import SOURCE
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.signals.texts import words_in
from store.reading.signals import read_about
from store.recording.scene import new_id
from store.recording.signal_rows import (
    Numbered,
    Row,
    about,
    content_row,
    hashed_line,
    signal_row,
    state_row,
    subject_name,
    typed_row,
)
from store.tables.ledger import texts
from store.tables.program import teams, workflows
from store.tables.signals import TABLE_OF, signals
from store.texts import StoredText
from store.texts import write as write_text

CHUNK = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: how many signals are new, and what the audit record needs to say about them.

    `touched` are the workflows and types of the new ones, for whoever judges what they cause; `texts` hold what people
    typed into them.
    """

    batch: str
    accepted: int
    duplicate: int
    hash: str
    touched: tuple[tuple[str, SignalType], ...]
    texts: tuple[StoredText, ...] = ()


@dataclass(frozen=True, slots=True)
class Voiding:
    """When a signal was taken back, by whom, and the id of the text that says why."""

    at: datetime
    by: str | None
    reason: str | None


class _Scribe:
    """Makes the rows of a batch; words that a person typed go to texts of their own."""

    def __init__(self, connection: Connection, author: str | None, at: datetime) -> None:
        self._connection, self._author, self._at = connection, author, at
        self._written: list[StoredText] = []

    @property
    def written(self) -> tuple[StoredText, ...]:
        """The texts that are new."""
        return tuple(self._written)

    def row(self, signal: Signal[Body], subject_id: str) -> Row:
        words = words_in(signal.body) if self._author and signal.source == SOURCE else None
        if words is None or self._is_known(signal):
            return signal_row(signal, subject_id)
        return typed_row(signal, subject_id, self._said_before(signal, subject_id, words) or self._write(words))

    def _is_known(self, signal: Signal[Body]) -> bool:
        this = (signals.c.source == signal.source) & (signals.c.id == signal.id)
        return self._connection.scalar(select(signals.c.seq).where(this)) is not None

    def _said_before(self, signal: Signal[Body], subject_id: str, words: str) -> str | None:
        """The text of a signal that says just this already: a correction repeats what another may have typed."""
        kind = SHAPE_OF[type(signal.body)].kind
        same = (signals.c.workflow_id == subject_id) & (signals.c.type == kind) & signals.c.words.is_not(None)
        found = select(signals.c.words).join(texts, texts.c.id == signals.c.words).where(same, texts.c.body == words)
        known: str | None = self._connection.scalar(found.order_by(signals.c.seq).limit(1))
        return known

    def _write(self, words: str) -> str:
        self._written.append(write_text(self._connection, words, self._author, self._at))
        return self._written[-1].id


def keep_signals(
    connection: Connection, batch: Sequence[Signal[Body]], received_at: datetime, author: str | None = None
) -> Kept:
    """The signals of a batch kept, those that are known already (by source and id) left as they are.

    What is typed is in the words of `author`, a person's random id.
    The workflows are locked, so that two batches about the same one come one after the other.
    """
    batch_id = new_id("bat")
    subjects = lock_subjects(connection, batch)
    stamp = {"received_at": received_at, "batch": batch_id}
    scribe = _Scribe(connection, author, received_at)
    sent: dict[tuple[str, str], tuple[Signal[Body], Row]] = {}
    for signal in batch:
        if (signal.source, signal.id) not in sent:
            sent[signal.source, signal.id] = signal, scribe.row(signal, subjects[subject_name(signal)]) | stamp
    for chunk in _chunks([row for _, row in sent.values()]):
        _insert_new(connection, chunk)
    digest = hashlib.sha256()
    kept: list[Numbered] = []
    arrived = select(signals.c.seq, signals.c.source, signals.c.id).where(signals.c.batch == batch_id)
    for seq, *name in connection.execute(arrived.order_by(signals.c.seq)):
        signal, row = sent[name[0], name[1]]
        digest.update(hashed_line(row))
        kept.append(Numbered(seq, subjects[subject_name(signal)], signal))
    _keep_contents(connection, kept)
    touched = {(each.subject_id, SHAPE_OF[type(each.signal.body)].kind) for each in kept if each.signal.workflow}
    return Kept(batch_id, len(kept), len(batch) - len(kept), digest.hexdigest(), tuple(sorted(touched)), scribe.written)


def void_signal(connection: Connection, seq: int, voiding: Voiding) -> bool:
    """Whether the signal was still in force: it is out of every sum now, and what it updated is as without it."""
    still = (signals.c.seq == seq) & signals.c.voided_at.is_(None)
    marked = (
        update(signals)
        .where(still)
        .values(voided_at=voiding.at, voided_by=voiding.by, void_reason=voiding.reason)
        .returning(signals.c.type, signals.c.about)
    )
    found = connection.execute(marked).one_or_none()
    if found is None:
        return False
    kind = SignalType(found.type)
    connection.execute(delete(TABLE_OF[kind]).where(TABLE_OF[kind].c.signal == seq))
    if found.about is not None:
        _forget(connection, kind, [found.about])
        _know(connection, kind, _all_about(connection, [found.about]))
    return True


def lock_subjects(connection: Connection, batch: Iterable[Signal[Body]]) -> Mapping[tuple[str, str], str]:
    """The ids of the workflows and teams that the batch names, by ("workflow" or "team", name); nobody else may write.

    Always all of a batch at once, so that two batches that name the same ones never wait for each other in a circle.
    """
    wanted = {subject_name(signal) for signal in batch}
    found: dict[tuple[str, str], str] = {}
    for kind, table, column in (("workflow", workflows, workflows.c.name), ("team", teams, teams.c.name_key)):
        for names in _chunks(sorted(name for of, name in wanted if of == kind)):
            query = select(table.c.id, column.label("name")).where(column.in_(names)).order_by(table.c.id)
            for row in connection.execute(query.with_for_update(key_share=True)):
                found[kind, row.name] = row.id
    if missing := sorted(wanted - found.keys()):
        kind, name = missing[0]
        raise NotFound(f"There is no {kind} {name!r} any more, so nothing of this batch was kept. Send it again.")
    return found


def _insert_new(connection: Connection, rows: Sequence[Row]) -> None:
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(make(signals).on_conflict_do_nothing(index_elements=["source", "id"]), rows)


def _keep_contents(connection: Connection, kept: Sequence[Numbered]) -> None:
    plain: dict[SignalType, list[Row]] = defaultdict(list)
    updating: dict[SignalType, dict[str, list[Numbered]]] = defaultdict(lambda: defaultdict(list))
    for each in kept:
        kind = SHAPE_OF[type(each.signal.body)].kind
        thing = about(each.signal, each.subject_id)
        if thing is None:
            plain[kind].append(content_row(each))
        else:
            updating[kind][thing].append(each)
    for kind, rows in plain.items():
        for chunk in _chunks(rows):
            connection.execute(insert(TABLE_OF[kind]), chunk)
    for kind, news in updating.items():
        for things in _chunks(list(news)):
            known = _forget(connection, kind, things)
            new = {thing: news[thing] for thing in things if thing not in known}
            _know(connection, kind, new | _all_about(connection, known))


def _forget(connection: Connection, kind: SignalType, things: Collection[str]) -> set[str]:
    """Those of the things of which something was known; nothing is now."""
    table = TABLE_OF[kind]
    gone = delete(table).where(table.c.about.in_(things)).returning(table.c.about)
    return set(connection.scalars(gone))


def _all_about(connection: Connection, things: Collection[str]) -> dict[str, list[Numbered]]:
    """Every signal in force about each of the things, in order of arrival."""
    found: dict[str, list[Numbered]] = defaultdict(list)
    for stored in read_about(connection, things):
        found[str(stored.about)].append(Numbered(stored.seq, stored.subject_id, stored.signal))
    return found


def _know(connection: Connection, kind: SignalType, told: Mapping[str, Sequence[Numbered]]) -> None:
    if told:
        connection.execute(insert(TABLE_OF[kind]), [state_row(of_thing) for of_thing in told.values()])


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
