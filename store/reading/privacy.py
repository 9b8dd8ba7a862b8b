"""Everything that is kept about one person, and everything they wrote."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from bot.domain.digests.editions import EditionState
from bot.domain.people import Person
from bot.domain.quoting import quotes, texts_in
from store.reading.belongings import Row, belongings
from store.reading.workflows import person_columns, person_of
from store.tables.digests import digests
from store.tables.ledger import audit, people, texts
from store.tables.program import roles, team_approvers, teams, workflows
from store.tables.signals import signals

_ID: Any = bindparam("id")
_HANDLE: Any = bindparam("handle")
_PERSON = select(*person_columns(people, "person"), people.c.seen_at).where(
    or_(people.c.id == bindparam("asked"), people.c.handle == bindparam("asked")), people.c.erased_at.is_(None)
)
_RECORDS = (
    select(audit.c.seq, audit.c.effective_at, audit.c.fact, audit.c.subject)
    .where(or_(audit.c.principal == _ID, audit.c.subject == _ID, audit.c.details.contains(_ID)))
    .order_by(audit.c.seq)
)
_TEXTS = (
    select(texts.c.id, texts.c.written_at, texts.c.body)
    .where(texts.c.author == _ID, texts.c.body.is_not(None))
    .order_by(texts.c.written_at, texts.c.id)
)
_SIGNALS = (
    select(signals.c.source, signals.c.id, signals.c.type, signals.c.at, workflows.c.name.label("workflow"))
    .outerjoin(workflows, workflows.c.id == signals.c.workflow_id)
    .where(signals.c.person == _HANDLE)
    .order_by(signals.c.seq)
)
_ROLES = (
    select(workflows.c.name, roles.c.role)
    .join(workflows, workflows.c.id == roles.c.workflow_id)
    .where(roles.c.person == _ID, workflows.c.outcome.is_(None))
    .order_by(workflows.c.name, roles.c.role)
)
_LEADS = select(teams.c.name).where(teams.c.lead == _ID).order_by(teams.c.name)
_APPROVES = (
    select(teams.c.name)
    .join(team_approvers, team_approvers.c.team_id == teams.c.id)
    .where(team_approvers.c.person == _ID)
    .order_by(teams.c.name)
)
_DIGESTS = (
    select(digests.c.id, digests.c.state, digests.c.posted_at, digests.c.inputs)
    .where(digests.c.inputs.is_not(None))
    .order_by(digests.c.slot_at)
)
_DENIALS = select(audit.c.details).where(audit.c.fact == "denied")
_SENTENCES = (
    select(texts.c.id, texts.c.author, texts.c.body)
    .where(or_(texts.c.body.contains(bindparam("name")), texts.c.body.contains(bindparam("handle"))))
    .order_by(texts.c.written_at, texts.c.id)
)
_OPEN = {state.value for state in EditionState if state.is_open}


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person left here: who they are, what they do, their words, signals that name them, their records.

    `texts` are when and what, `signals` source, id, type, instant and workflow, `records` number, instant, fact and
    subject: those that they made, and those that tell of them. `rows` are all others that name them, by table.
    `sentences` and `digests` (ids) are what an erasure empties beside that, since it names or quotes them.
    """

    person: Person
    seen_at: datetime
    roles: tuple[str, ...]
    texts: tuple[tuple[datetime, str], ...]
    signals: tuple[tuple[str, str, str, datetime, str | None], ...]
    records: tuple[tuple[int, datetime, str, str], ...]
    rows: tuple[tuple[str, tuple[Row, ...]], ...]
    sentences: tuple[str, ...]
    digests: tuple[str, ...]


class Privacy:
    """What is kept about people, as `view.privacy`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, asked: str) -> tuple[Person, datetime] | None:
        """Who goes by that id or handle, and when they were met first; None for a stranger or someone erased."""
        row = self._connection.execute(_PERSON, {"asked": asked}).first()
        return (person_of(row, "person"), row.seen_at) if row else None

    def kept(self, person: Person, seen_at: datetime) -> Kept:
        """Everything there is about the person."""
        asked: Mapping[str, Any] = {"id": person.id, "handle": person.handle}
        return Kept(
            person=person,
            seen_at=seen_at,
            roles=self.roles(person),
            texts=tuple((row.written_at, row.body) for row in self._connection.execute(_TEXTS, asked)),
            signals=tuple(
                (row.source, row.id, row.type, row.at, row.workflow)
                for row in self._connection.execute(_SIGNALS, asked)
            ),
            records=tuple(
                (row.seq, row.effective_at, row.fact, row.subject) for row in self._connection.execute(_RECORDS, asked)
            ),
            rows=belongings(self._connection, person),
            sentences=tuple(body for _, body in self._sentences(person)),
            digests=tuple(id_ for id_, _ in self.digests_naming(person, seen_at)),
        )

    def roles(self, person: Person) -> tuple[str, ...]:
        """What they answer for now, each in words."""
        asked = {"id": person.id}
        held = (f"{row.role} of {row.name}" for row in self._connection.execute(_ROLES, asked))
        leads = (f"lead of {name}" for name in self._connection.scalars(_LEADS, asked))
        approves = (f"approver of {name}" for name in self._connection.scalars(_APPROVES, asked))
        return (*held, *leads, *approves)

    def texts_by(self, person: Person) -> int:
        """How many of their texts still have their words."""
        words = select(func.count()).select_from(_TEXTS.subquery())
        return int(self._connection.scalar(words, {"id": person.id}) or 0)

    def signals_naming(self, person: Person) -> int:
        """How many signals name them."""
        named = select(func.count()).select_from(signals).where(signals.c.person == _HANDLE)
        return int(self._connection.scalar(named, {"handle": person.handle}) or 0)

    def sentences_naming(self, person: Person) -> tuple[str, ...]:
        """The ids of the texts that no person wrote, refusals for instance, and that hold their name or handle."""
        return tuple(id_ for id_, _ in self._sentences(person))

    def _sentences(self, person: Person) -> tuple[tuple[str, str], ...]:
        whole = re.compile(
            "|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in (person.name, person.handle) if each)
        )
        denied = self._connection.scalars(_DENIALS)
        refusals = {str(json.loads(each).get("why")) for each in denied}
        rows = self._connection.execute(_SENTENCES, {"name": person.name, "handle": person.handle})
        made = (row for row in rows if row.author is None or row.id in refusals)
        return tuple((row.id, row.body) for row in made if whole.search(row.body))

    def digests_naming(self, person: Person, settled: datetime) -> tuple[tuple[str, bool], ...]:
        """The ids of the digests whose inputs name or quote them, each with whether it was not posted by `settled`."""
        words = (person.name, *(row.body for row in self._connection.execute(_TEXTS, {"id": person.id})))
        said = tuple(part for each in words for part in _parts(each))
        return tuple(
            (row.id, (row.posted_at is None and row.state in _OPEN) or bool(row.posted_at and row.posted_at > settled))
            for row in self._connection.execute(_DIGESTS)
            if any(person.id == each.get("id") or person.handle == each.get("handle") for each in _people(row.inputs))
            or quotes(texts_in(row.inputs.get("value")), said)
        )


def _people(inputs: dict[str, Any]) -> Sequence[Mapping[str, Any]]:
    named: Sequence[Mapping[str, Any]] = inputs.get("people", ())
    return named


def _parts(words: str) -> Iterator[str]:
    """What someone wrote; of words typed into a signal, which are kept as an object, each by itself."""
    try:
        said = json.loads(words)
    except ValueError:
        said = words
    yield from texts_in(said) if isinstance(said, dict) else (words,)
