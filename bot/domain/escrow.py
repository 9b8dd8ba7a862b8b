"""Escrow: an agent's question whether it may do one thing, held until a person answers (RULES, "Escrow")."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import BadInput, Conflict
from bot.domain.people import FreeText, Person
from bot.domain.signals.kinds import ReviewOutcome
from bot.domain.wording import one_line

SUMMARY_LIMIT = 300
KEY_LIMIT = 200
URL_LIMIT = 2000
_WEB = ("http://", "https://")


class Answer(StrEnum):
    """What a person says to a question."""

    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"

    @property
    def outcome(self) -> ReviewOutcome:
        """The answer as the outcome of a review."""
        return ReviewOutcome(self.value)

    @property
    def lets_through(self) -> bool:
        """Whether the agent may go on, with what it asked for or with what the person made of it."""
        return self is not Answer.REJECTED


class QuestionState(StrEnum):
    """How a question stands at one instant; `VOID` is an answer that can't be used (any more)."""

    PENDING = "pending"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Asking:
    """What an agent says when it asks: `key` makes a repeat the same question."""

    key: str
    summary: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was recorded.

    `facts` is the JSON text of all facts (None once they were forgotten), `facts_hash` its SHA-256; an edit puts what
    the person made of them in their place, while `asked_hash` stays that of the facts as they were asked about.
    `usable_until` is None until someone lets it through. `agent` is the principal that asked.
    """

    id: str
    workflow_id: str
    workflow: str
    action: str
    key: str
    summary: str | None
    url: str | None
    facts: str | None
    facts_hash: str
    asked_hash: str
    grant_id: str
    grant_hash: str
    agent: str
    asked_at: datetime
    expires_at: datetime
    answer: Answer | None = None
    answered_by: Person | None = None
    answered_at: datetime | None = None
    because: str | None = None
    note: str | None = None
    usable_until: datetime | None = None
    used_at: datetime | None = None

    def state(self, at: datetime) -> QuestionState:
        """How it stands at `at`, recorded or not."""
        if self.answer is None:
            return QuestionState.PENDING if at < self.expires_at else QuestionState.EXPIRED
        if self.answer.lets_through and self.used_at is None and not self._is_usable(at):
            return QuestionState.VOID
        return QuestionState(self.answer.value)

    def facts_to_see(self, at: datetime) -> str | None:
        """The facts, as JSON, while someone may answer or they are let through; None when it is over, or forgotten.

        After an edit they are what the person made of them, and nothing else may be done.
        """
        over = (QuestionState.REJECTED, QuestionState.EXPIRED, QuestionState.VOID)
        return None if self.state(at) in over else self.facts

    @property
    def use_minutes(self) -> int | None:
        """Within how many minutes of the answer what it let through can be done; None where nothing was let through."""
        if self.usable_until is None or self.answered_at is None:
            return None
        return round((self.usable_until - self.answered_at) / timedelta(minutes=1))

    def _is_usable(self, at: datetime) -> bool:
        return self.usable_until is not None and at < self.usable_until

    def mismatch(self, use: "Use", at: datetime) -> str | None:
        """Why the answer does not cover this use, in a sentence; None if it does, once."""
        state = self.state(at)
        if state not in (QuestionState.APPROVED, QuestionState.EDITED):
            return f"The question {self.id} is {state}, so it lets nothing through."
        if self.used_at is not None:
            return (
                f"The question {self.id} was let through once, at {self.used_at:%H:%M} UTC; an answer serves one use."
            )
        if (use.workflow_id, use.action, use.facts_hash) != (self.workflow_id, self.action, self.facts_hash):
            return f"The question {self.id} was about another workflow, action or set of facts; ask anew."
        if (use.grant_id, use.grant_hash) != (self.grant_id, self.grant_hash):
            return f"The grant changed since the question {self.id} was asked; ask anew."
        return None


@dataclass(frozen=True, slots=True)
class DayOfQuestions:
    """How many of a day's questions wait, were answered, and expired unanswered."""

    open: int
    answered: int
    expired: int


@dataclass(frozen=True, slots=True)
class Use:
    """What an agent wants to do by an answer."""

    workflow_id: str
    action: str
    facts_hash: str
    grant_id: str | None
    grant_hash: str | None


def demand_asking(asking: Asking) -> Asking:
    """The question's words, made fit to be kept; a refusal that names the field."""
    key, summary, url = asking.key.strip(), one_line(asking.summary), asking.url
    if not key or len(key) > KEY_LIMIT or one_line(key) != key:
        raise BadInput(
            f"ask.key is 1 to {KEY_LIMIT} characters, all of them visible; it makes a repeat the same question.", "key"
        )
    if not summary or len(summary) > SUMMARY_LIMIT:
        raise BadInput(f"ask.summary says what is asked in 1 to {SUMMARY_LIMIT} characters.", "summary")
    if url is not None and (len(url) > URL_LIMIT or one_line(url) != url or not url.startswith(_WEB)):
        raise BadInput(f"ask.url is a web address (http or https) of at most {URL_LIMIT} characters.", "url")
    return Asking(key, summary, url)


def demand_same(question: Question, asking: Asking, use: Use) -> None:
    """Nothing, if a question asked again under its key is the same; else a Conflict."""
    asked = (question.action, question.asked_hash, question.summary)
    if asked != (use.action, use.facts_hash, asking.summary):
        raise Conflict(
            f"The key {asking.key[:60]!r} was used for another question ({question.id}): each question has its own."
        )


def demand_open_question(question: Question, at: datetime) -> None:
    """Nothing, if someone may still answer; else a Conflict that says what became of it."""
    state = question.state(at)
    if state is QuestionState.PENDING:
        return
    if question.answered_by and question.answered_at:
        raise Conflict(
            f"This question was already {question.answer} by {question.answered_by.name} at "
            f"{question.answered_at:%H:%M} UTC, so nothing changed."
        )
    raise Conflict("Nobody answered this question in time, so it expired; the agent may ask anew.")


def facts_sha256(canonical_facts: str) -> str:
    """What identifies a set of facts."""
    return hashlib.sha256(canonical_facts.encode()).hexdigest()


def usable_until(answered_at: datetime, minutes: int) -> datetime:
    """Until when an answer lets its question through."""
    return answered_at + timedelta(minutes=minutes)


def as_text(words: str | None) -> FreeText | None:
    """Words to be kept outside the chain, None where there are none."""
    return FreeText(words) if words else None
