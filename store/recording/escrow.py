"""How questions are kept, answered and used."""

from datetime import datetime

from sqlalchemy import Connection, insert, update

from bot.domain.facts import QuestionAnswered, QuestionAsked
from store.recording.scene import Scene
from store.tables.escrow import questions


def ask_question(scene: Scene, fact: QuestionAsked) -> None:
    """A question that waits; its facts are put beside it by `keep_facts`."""
    scene.write(
        insert(questions).values(
            id=fact.question_id,
            workflow_id=fact.workflow_id,
            action=fact.action,
            key=fact.key,
            summary=scene.words["summary"],
            url=scene.words.get("url"),
            facts_hash=fact.facts_hash,
            asked_hash=fact.facts_hash,
            grant_id=fact.grant_id,
            grant_hash=fact.grant_hash,
            agent=scene.by,
            asked_at=scene.at,
            expires_at=fact.expires_at,
        )
    )


def answer_question(scene: Scene, fact: QuestionAnswered) -> None:
    """The answer, if nobody gave one in between."""
    unanswered = (questions.c.id == fact.question_id) & questions.c.answer.is_(None)
    answered = {
        "answer": fact.answer,
        "answered_by": scene.by,
        "answered_at": scene.at,
        "because": fact.because,
        "note": scene.words.get("note"),
        "facts_hash": fact.facts_hash,
        "usable_until": fact.usable_until,
    }
    scene.write_one(update(questions).where(unanswered).values(answered), "This question")


def keep_facts(connection: Connection, question_id: str, facts: str) -> None:
    """What the question is about, in place of what it was about before an edit."""
    connection.execute(update(questions).where(questions.c.id == question_id).values(facts=facts))


def use_question(connection: Connection, question_id: str, at: datetime) -> bool:
    """Whether this is the one use that an answer lets through; it is spent from now on."""
    unused = (questions.c.id == question_id) & questions.c.used_at.is_(None) & (questions.c.usable_until > at)
    return connection.execute(update(questions).where(unused).values(used_at=at)).rowcount == 1
