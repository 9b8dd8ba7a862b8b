"""Whom a question of an agent must be told to: a card under the one message of the day, brought up to date in place."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.actions.addressees import addressees
from bot.domain.absences import Absences
from bot.domain.calendar import local_date
from bot.domain.escrow import Question, QuestionState
from bot.domain.people import Told
from bot.domain.workflows import Workflow

NUDGE_AFTER = timedelta(minutes=15)
"""After which a question that nobody answered mentions those who may (RULES, "Escrow")."""

_FIRST = timedelta(seconds=1)
"""By how much the message of the day is due before the cards that stand under it."""


def told_of_question(workflow: Workflow, question: Question, absences: Absences) -> tuple[Told, ...]:
    """A card under the workflow's one message of the day, a mention if nobody answers, and the card once it is over."""
    return tuple(_asked(workflow, question, addressees(workflow, absences)))


def _asked(workflow: Workflow, question: Question, whom: tuple[str, ...]) -> Iterator[Told]:
    about = _about(workflow, question)
    day = dict(about)["day"]
    for target in whom:
        parent = f"questions:{workflow.id}:{day}:{target}"
        yield Told("questions_of_day", target, about, parent, question.asked_at - _FIRST)
        yield Told("question_card", target, about, f"question:{question.id}:{target}")
        nudge = f"question-nudge:{workflow.id}:{day}:{target}:{question.id}"
        yield Told("question_nudge", target, about, nudge, question.asked_at + NUDGE_AFTER)
    yield _counts(workflow, question, "asked")
    yield from _in_place(workflow, question, QuestionState.EXPIRED, question.expires_at)


def told_of_answer(workflow: Workflow, question: Question, usable_until: datetime | None) -> tuple[Told, ...]:
    """The card brought up to date at once, and again when what it let through can't be used any more."""
    told = tuple(_in_place(workflow, question, "answered", None))
    if usable_until is None:
        return told
    return (*told, *_in_place(workflow, question, QuestionState.VOID, usable_until))


def told_of_use(workflow: Workflow, question: Question) -> tuple[Told, ...]:
    """The card brought up to date: what it let through was done."""
    return tuple(_in_place(workflow, question, "used", None))


def _in_place(workflow: Workflow, question: Question, stage: str, when: datetime | None) -> Iterator[Told]:
    about = (*_about(workflow, question), ("stage", str(stage)))
    yield Told("question_cards", question.id, about, f"question-cards:{question.id}:{stage}", when)
    if stage not in (QuestionState.VOID, "used"):
        yield _counts(workflow, question, str(stage), when)


def _counts(workflow: Workflow, question: Question, stage: str, when: datetime | None = None) -> Told:
    """The message of the day with its numbers as they are by then."""
    about = (*_about(workflow, question), ("stage", stage))
    key = f"question-counts:{workflow.id}:{dict(about)['day']}:{question.id}:{stage}"
    return Told("question_counts", question.id, about, key, when)


def _about(workflow: Workflow, question: Question) -> tuple[tuple[str, str], ...]:
    day = local_date(question.asked_at, workflow.team.zone).isoformat()
    return (("workflow", workflow.id), ("day", day), ("question", question.id))
