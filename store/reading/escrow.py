"""Questions of agents, from rows to frozen values."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, case, func, select

from bot.domain.errors import NotFound
from bot.domain.escrow import Answer, DayOfQuestions, Question
from bot.domain.grants.measures import Answers
from bot.domain.grants.terms import terms_of
from bot.domain.wording import cut
from store.reading.reasons import read_because
from store.reading.workflows import person_columns, person_of
from store.tables.escrow import questions
from store.tables.grants import grants
from store.tables.ledger import people, texts
from store.tables.program import workflows
from store.types import Instant

_summary, _url, _note = texts.alias("summary_text"), texts.alias("url_text"), texts.alias("note_text")

_QUESTIONS = (
    select(
        questions,
        workflows.c.name.label("workflow_name"),
        _summary.c.body.label("summary_body"),
        _url.c.body.label("url_body"),
        _note.c.body.label("note_body"),
        *person_columns(people, "answerer"),
    )
    .join(workflows, workflows.c.id == questions.c.workflow_id)
    .join(_summary, _summary.c.id == questions.c.summary)
    .outerjoin(_url, _url.c.id == questions.c.url)
    .outerjoin(_note, _note.c.id == questions.c.note)
    .outerjoin(people, people.c.id == questions.c.answered_by)
)
_WITH_ID = questions.c.id == bindparam("question_id")
_LONGEST_ID = 60
_OF_WORKFLOW = questions.c.workflow_id == bindparam("workflow_id")
_OF_KEY = questions.c.key == bindparam("key")
_OPEN = questions.c.answer.is_(None) & (questions.c.expires_at > bindparam("at"))
_HOW_MANY_OPEN = select(func.count()).select_from(questions).where(_OF_WORKFLOW, _OPEN)

_OF_DAY = select(
    func.count().label("asked"),
    func.count(questions.c.answer).label("answered"),
    func.count(case((_OPEN, 1))).label("open"),
).where(
    _OF_WORKFLOW,
    questions.c.asked_at >= bindparam("since", type_=Instant()),
    questions.c.asked_at < bindparam("until", type_=Instant()),
)


class Escrow:
    """What agents asked people, as `view.escrow`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, question_id: str) -> Question:
        """The question with that id; a refusal if there is none."""
        found = self.known(question_id)
        if found is None:
            named = cut(question_id, _LONGEST_ID)
            raise NotFound(f"There is no question {named!r}. The command approvals list shows what waits.")
        return found

    def known(self, question_id: str) -> Question | None:
        """The question with that id, if there is one."""
        found = self._read(_WITH_ID, question_id=cut(question_id, _LONGEST_ID))
        return found[0] if found else None

    def under(self, workflow_id: str, key: str) -> Question | None:
        """The question that was asked under this key."""
        found = self._read(_OF_WORKFLOW, _OF_KEY, workflow_id=workflow_id, key=key)
        return found[0] if found else None

    def waiting(self, at: datetime, workflow_id: str | None = None) -> tuple[Question, ...]:
        """The questions that wait for an answer at `at`, of one workflow or of all, the oldest first."""
        if workflow_id is None:
            return self._read(_OPEN, at=at)
        return self._read(_OPEN, _OF_WORKFLOW, at=at, workflow_id=workflow_id)

    def of_day(self, workflow_id: str, since: datetime, until: datetime, at: datetime) -> DayOfQuestions:
        """The questions of a workflow asked from `since` until before `until`, counted as they stand at `at`."""
        span = {"workflow_id": workflow_id, "since": since, "until": until, "at": at}
        row = self._connection.execute(_OF_DAY, span).one()
        return DayOfQuestions(row.open, row.answered, row.asked - row.open - row.answered)

    def answers(self, since: datetime | None, until: datetime) -> tuple[Answers, ...]:
        """The answers given from `since` on, or ever, and before `until`, counted by the terms they were about."""
        counted = (
            select(grants.c.terms, questions.c.answer, func.count().label("how_many"))
            .join(grants, grants.c.id == questions.c.grant_id)
            .where(questions.c.answered_at < until)
            .group_by(grants.c.terms, questions.c.answer)
            .order_by(grants.c.terms, questions.c.answer)
        )
        if since is not None:
            counted = counted.where(questions.c.answered_at >= since)
        rows = self._connection.execute(counted)
        return tuple(Answers(terms_of(row.terms), Answer(row.answer), row.how_many) for row in rows)

    def how_many_wait(self, workflow_id: str, at: datetime) -> int:
        """How many questions of a workflow wait at `at`."""
        return int(self._connection.scalar(_HOW_MANY_OPEN, {"workflow_id": workflow_id, "at": at}) or 0)

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Question, ...]:
        return tuple(
            _question(self._connection, row) for row in self._connection.execute(_questions_where(*where), values)
        )


@lru_cache(maxsize=32)
def _questions_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _QUESTIONS.where(*where).order_by(questions.c.asked_at, questions.c.id)


def _question(connection: Connection, row: Any) -> Question:
    return Question(
        id=row.id,
        workflow_id=row.workflow_id,
        workflow=row.workflow_name,
        action=row.action,
        key=row.key,
        summary=row.summary_body,
        url=row.url_body,
        facts=row.facts,
        facts_hash=row.facts_hash,
        asked_hash=row.asked_hash,
        grant_id=row.grant_id,
        grant_hash=row.grant_hash,
        agent=row.agent,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        answer=Answer(row.answer) if row.answer else None,
        answered_by=person_of(row, "answerer") if row.answered_by else None,
        answered_at=row.answered_at,
        because=read_because(connection, row.because),
        note=row.note_body,
        usable_until=row.usable_until,
        used_at=row.used_at,
    )
