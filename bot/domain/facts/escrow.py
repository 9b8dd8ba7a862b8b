"""Facts about questions that agents ask people."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.escrow import Answer
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """An agent asked whether it may do one thing; the facts stand beside the chain, which has their hash."""

    question_id: str
    workflow_id: str
    action: str
    key: str
    summary: FreeText
    url: FreeText | None
    facts_hash: str
    grant_id: str
    grant_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered:
    """A person answered; after an edit `facts_hash` is that of the facts which the person made of them."""

    question_id: str
    workflow_id: str
    answer: Answer
    because: str
    note: FreeText | None
    facts_hash: str
    usable_until: datetime | None
