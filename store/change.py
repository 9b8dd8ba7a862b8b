"""A change under way: what may be read and recorded inside one writing transaction."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select

from bot.domain.digests.audiences import Audience, Presence
from bot.domain.digests.editions import Message
from bot.domain.digests.slots import Slot
from bot.domain.facts import Fact
from bot.domain.grants.decisions import DayCount
from bot.domain.grants.log import Day, LoggedDecision
from bot.domain.people import Actor, FreeText, Person, PrincipalKind, Told
from bot.domain.signals.kinds import Body, Signal
from bot.domain.tokens import Token
from bot.domain.verdicts import Verdict
from bot.domain.workflows import PlaybookPin
from store import audit, outbox, people, recording, texts
from store.reading.among import chunks
from store.recording import decisions, digests, marks, tokens
from store.recording.decisions import Asker, KeptDecisions
from store.recording.escrow import keep_facts, use_question
from store.recording.scene import Scene, new_id
from store.recording.signals import Kept, keep_signals, lock_subjects
from store.tables.marks import PROGRAM
from store.tables.program import playbook_texts, workflows
from store.tables.verdicts import verdicts
from store.texts import StoredText
from store.types import canonical_sha256
from store.view import View

T = TypeVar("T")

_SUBJECTS = (
    "finding_id",
    "memo_id",
    "document_id",
    "deviation_id",
    "policy_id",
    "question_id",
    "grant_id",
    "token_id",
    "digest_id",
    "workflow_id",
    "request_id",
    "team_id",
    "person_id",
    "subject",
)
# Key share: whoever only refers to the workflow need not wait.
_LOCKED = (
    select(workflows.c.id)
    .where(workflows.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(workflows.c.id)
    .with_for_update(key_share=True)
)
_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who changes something, and when it counts as having happened; `real_at` is when it is written."""

    actor: Actor
    at: datetime
    real_at: datetime


class Change(View):
    """A view that may also record; everything is committed together, or not at all."""

    def __init__(self, connection: Connection, circumstances: Circumstances, texts_by_hash: dict[str, str]) -> None:
        super().__init__(connection, texts_by_hash)
        self._circumstances = circumstances
        self._me: Person | None = None
        self._because: str | None = None
        self._entries: list[audit.AuditEntry] = []
        self._touched: set[str] = set()
        self._typed: dict[str, tuple[StoredText, ...]] = {}

    @property
    def me(self) -> Person:
        """Whoever acts, as a person whom the program knows from now on."""
        if self._me is None:
            actor = self._circumstances.actor
            self._me = self.person(Person("", actor.handle, actor.name, actor.zone))
        return self._me

    def person(self, person: Person) -> Person:
        """`person` with the random id that they have here, made on the first meeting; names are brought up to date."""
        if person.id:
            return person
        assert person.handle
        known = self.person_by_handle(person.handle)
        if known and (person.name == person.handle or (known.name, known.zone) == (person.name, person.zone)):
            return known
        person_id = known.id if known else people.known(self._connection, person.handle, self._circumstances.real_at)
        people.describe(self._connection, person_id, person.name, person.zone)
        self._touched.add(PROGRAM)
        return Person(person_id, person.handle, person.name, person.zone)

    def allowed_because(self, why: str) -> None:
        """Notes why the actor may do what is recorded next."""
        self._because = why

    def new_id(self, prefix: str) -> str:
        """A random id with that prefix."""
        return new_id(prefix)

    def lock_workflow(self, workflow_id: str) -> None:
        """Nobody else brings signals about this workflow, or lets its grants go on, until this change is over."""
        self.lock_all((workflow_id,))

    def lock_all(self, workflow_ids: Iterable[str]) -> None:
        """The same for several, in an order in which no two ever wait for each other in a circle."""
        for ids in chunks(sorted(set(workflow_ids))):
            self._connection.execute(_LOCKED, {"ids": ids})

    def lock_workflows(self, batch: Sequence[Signal[Body]]) -> Mapping[tuple[str, str], str]:
        """The same for all that a batch is about: their ids, by ("workflow" or "team", name)."""
        return lock_subjects(self._connection, batch)

    def keep_signals(self, batch: Sequence[Signal[Body]]) -> Kept:
        """The signals of a batch kept, those known already left as they are; whoever asks records `SignalsTaken`."""
        author = self.me.id if self._circumstances.actor.kind is PrincipalKind.HUMAN else None
        kept = keep_signals(self._connection, batch, self._circumstances.real_at, author)
        self._typed[kept.batch] = kept.texts
        return kept

    def hold_tokens(self, hashes: Iterable[str]) -> Mapping[str, Token]:
        """The tokens with these secrets, by the hash; none of them is revoked before this change is over."""
        return tokens.hold(self._connection, hashes)

    def hold(self, workflow_ids: Iterable[str]) -> None:
        """These workflows and their grants as they are until the commit: for decisions, which then read them."""
        decisions.hold(self._connection, workflow_ids)

    def hold_days(self, days: Iterable[Day]) -> dict[Day, DayCount]:
        """What was allowed on these days so far; nobody else counts there until the commit."""
        return decisions.hold_days(self._connection, days)

    def count_days(self, counted: Mapping[Day, DayCount]) -> None:
        """Each of these days, held before, as it is counted now."""
        decisions.count_days(self._connection, counted)

    def keep_decisions(self, batch: Sequence[LoggedDecision], by: Sequence[Actor | None]) -> KeptDecisions:
        """The answers kept in the log, each for whoever stands at its place in `by` (None: whoever acts)."""
        askers = [self._asker(actor or self._circumstances.actor) for actor in by]
        return decisions.keep_decisions(self._connection, batch, askers)

    def _asker(self, actor: Actor) -> Asker:
        principal = self.me.id if actor.kind is PrincipalKind.HUMAN else actor.handle
        return Asker(actor.kind, principal, actor.through)

    def keep_playbook(self, pin: PlaybookPin, text: str) -> None:
        """The text that a pin names, kept once however many workflows follow it."""
        if not self.has_playbook(pin.hash):
            row = {"hash": pin.hash, "id": pin.id, "version": pin.version, "text": text}
            self._connection.execute(playbook_texts.insert().values(row))

    def keep_verdict(self, workflow_id: str, verdict: Verdict) -> tuple[str, str]:
        """The verdict kept whole: its id, and the SHA-256 of what was kept."""
        body = verdict.as_json()
        verdict_id, sha256 = new_id("verdict"), canonical_sha256(body)
        row = {"id": verdict_id, "workflow_id": workflow_id, "judged_at": verdict.at, "sha256": sha256, "body": body}
        self._connection.execute(verdicts.insert().values(row))
        return verdict_id, sha256

    def keep_question_facts(self, question_id: str, facts: str) -> None:
        """What a question is about, in place of what it was about before an edit; the chain has the hash."""
        keep_facts(self._connection, question_id, facts)

    def use_question(self, question_id: str, at: datetime) -> bool:
        """Whether this is the one use that an answer lets through; it is spent from now on."""
        return use_question(self._connection, question_id, at)

    def note_audience(self, audience: str, presence: Presence) -> None:
        """Whether an audience is one at present, as a bot saw it; nobody's act, and no fact."""
        digests.note_audience(self._connection, audience, presence)

    def note_due(self, audience: Audience, slot: Slot) -> str | None:
        """The id of the digest that is due; None where its week is noted already, whoever did it."""
        return digests.note_due(self._connection, new_id("dg"), audience, slot)

    def keep_digest(self, digest_id: str, inputs: object, messages: Sequence[Message], told: object) -> tuple[str, str]:
        """What a digest was made from and says, kept as it is: the SHA-256 of each; whoever asks records the fact.

        `told` is what it changes about what is known of findings, kept until it is posted.
        """
        return digests.keep_digest(self._connection, digest_id, inputs, messages, told)

    def in_outbox(self, settle: Callable[[Connection], T]) -> T:
        """What a function of the outbox returns, its work committed together with what is recorded here."""
        return settle(self._connection)

    def record(self, fact: Fact, told: Sequence[Told] = (), by: Actor | None = None) -> None:
        """The state changed as `fact` says, its audit record noted for the end, and what must be told put aside.

        `by` is whoever did it, where that is not whoever asked for the change: a guard, for instance.
        """
        self._record(fact, by or self._circumstances.actor, told, self._circumstances.at)

    def record_past(self, fact: Fact, at: datetime) -> None:
        """The same of what happened at `at`, before now; nobody is told of it."""
        self._record(fact, self._circumstances.actor, (), at)

    def tell(self, told: Sequence[Told]) -> None:
        """What must be told although it changes nothing but what was recorded already."""
        for each in told:
            outbox.tell(self._connection, each, self._circumstances.at)

    def _record(self, fact: Fact, actor: Actor, told: Sequence[Told], at: datetime) -> None:
        by_person = actor.kind is PrincipalKind.HUMAN
        by = self.me.id if by_person else actor.handle
        kept = {
            field.name: texts.write(
                self._connection, value.body, by if by_person else None, self._circumstances.real_at
            )
            for field in fields(fact)
            if isinstance(value := getattr(fact, field.name), FreeText)
        }
        words = {name: text.id for name, text in kept.items()}
        recording.apply(Scene(self._connection, at, by, by_person, words), fact)
        self._touched |= marks.touched_by(self._connection, fact)
        self._entries.append(replace(self._entry(fact, actor, by, kept), effective_at=at))
        self.tell(told)

    def finish(self) -> audit.Head | None:
        """The marks moved, and the audit records appended last, so that both are locked as briefly as can be.

        The newest of these records, None where nothing was recorded.
        """
        marks.move(self._connection, self._touched)
        self._touched.clear()
        newest = None
        for entry in self._entries:
            newest = audit.append(self._connection, entry)
        self._entries.clear()
        return newest

    def _entry(self, fact: Fact, actor: Actor, by: str, kept: dict[str, StoredText]) -> audit.AuditEntry:
        details: dict[str, object] = {
            field.name: _plain(value)
            for field in fields(fact)
            if (value := getattr(fact, field.name)) is not None and field.name not in kept
        }
        details |= {name: text.id for name, text in kept.items()}
        if self._because and actor is self._circumstances.actor:
            details["allowed_because"] = self._because
        return audit.AuditEntry(
            real_at=self._circumstances.real_at,
            effective_at=self._circumstances.at,
            principal_kind=actor.kind,
            principal=by,
            through=actor.through,
            fact=fact_code(type(fact)),
            subject=subject_of(fact),
            claimed=actor.claimed,
            details=details,
            texts=(*kept.values(), *self._typed.pop(subject_of(fact), ())),
        )


def fact_code(kind: type[Fact]) -> str:
    """The stable name of a kind of fact in the log, such as `item_done`."""
    return _WORD_START.sub("_", kind.__name__).lower()


def subject_of(fact: Fact) -> str:
    """The id of what a fact is about: an item is `workflow/item`, everything else its own id."""
    item = getattr(fact, "item", None)
    if item is not None:
        return f"{fact.workflow_id}/{item}"  # type: ignore[union-attr]
    for name in _SUBJECTS:
        if found := getattr(fact, name, None):
            return str(found)
    raise AssertionError(f"{type(fact).__name__} names nothing that it is about")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | Decimal | datetime | date):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]
