"""What a team's channel hears of its agent's questions: one message a day, a card for each under it, one mention."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.actions.addressees import answering
from bot.actions.asking import sight_of
from bot.actions.desk import Desk
from bot.actions.told_of_questions import NUDGE_AFTER
from bot.domain.calendar import end_of_day
from bot.domain.escrow import QuestionState
from bot.domain.workflows import Workflow
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.screens.questions import day_screen, nudge_screen, question_card
from store import outbox

DAY_KEY = "questions:{workflow}:{day}:{target}"
"""The key of the posting under which the questions of a day stand."""


def day_of_questions(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The message of the day with its numbers."""
    del target
    day = date.fromisoformat(about["day"])
    with desk.reading() as view:
        workflow = view.workflow_by_id(about["workflow"])
        zone = workflow.team.zone
        since, until = end_of_day(day - timedelta(days=1), zone), end_of_day(day, zone)
        counts = view.escrow.of_day(workflow.id, since, until, desk.clock.now())
    return day_screen(_pen(workflow), workflow, counts)


def day_in_place(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The same again, unless it will be drawn once more in this very moment, or nothing ran out."""
    prefix = f"question-counts:{about['workflow']}:{about['day']}:"
    with desk.store.database.reading() as box:
        if outbox.waits_under(box, prefix, desk.clock.now()):
            return None
    if about["stage"] == QuestionState.EXPIRED and not _is_still(desk, about, QuestionState.EXPIRED):
        return None
    return day_of_questions(desk, about, target)


def card_of_question(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The card as it stands."""
    del target
    now = desk.clock.now()
    with desk.reading() as view:
        sight = sight_of(view, view.escrow.one(about["question"]), now)
    return question_card(_pen(sight.workflow), sight)


def card_in_place(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The card again; what was to say that time ran out says nothing where someone was quicker."""
    stage = about["stage"]
    if stage in (QuestionState.EXPIRED, QuestionState.VOID) and not _is_still(desk, about, QuestionState(stage)):
        return None
    return card_of_question(desk, about, target)


def nudge_of_questions(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """A mention of those who may answer, once under a message of the day, for all that wait by then."""
    now = desk.clock.now()
    with desk.reading() as view:
        workflow = view.workflow_by_id(about["workflow"])
        question = view.escrow.one(about["question"])
        waiting = view.escrow.waiting(now, workflow.id)
        people = answering(workflow, view.absences(now))
    prefix = f"question-nudge:{workflow.id}:{about['day']}:{target}:"
    with desk.store.database.reading() as box:
        is_said = any(posting.first_at for posting in outbox.posted_under(box, prefix))
    is_open = question.state(now) is QuestionState.PENDING and question.asked_at + NUDGE_AFTER <= now
    if not is_open or is_said:
        return None
    return nudge_screen(_pen(workflow), workflow, waiting, people)


def _is_still(desk: Desk, about: Mapping[str, str], state: QuestionState) -> bool:
    with desk.reading() as view:
        return view.escrow.one(about["question"]).state(desk.clock.now()) is state


def _pen(workflow: Workflow) -> Pen:
    return Pen(ZoneInfo(workflow.team.zone))
