"""Memos with a standard for everything that a test leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.actions.memos import About
from bot.actions.memos import file as put_down
from bot.domain.memos import Category, Comparison, Content, Entry, Memo, Prediction, content
from bot.domain.people import Actor, Person
from tests.program import Program

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FASTER = Prediction("hours_per_refund", Comparison.AT_MOST, Decimal("0.5"), date(2026, 6, 1))


def entry(**fields: Any) -> Entry:
    """A memo that says what it must, and nothing else."""
    standard = Entry(
        title="Refunds go out alone",
        decision="Up to $25, as the evals of February allow it.",
        category=Category.GRANT,
        is_reversible=True,
    )
    return replace(standard, **fields)


def said(**fields: Any) -> Content:
    """The content of such a memo."""
    return content(entry(**fields), TODAY)


def memo(**fields: Any) -> Memo:
    """Such a memo about refunds_agent, owned by ana and filed by stu."""
    standard = Memo(
        id="memo_1",
        content=said(),
        workflow_id="wf_1",
        workflow="refunds_agent",
        team_id="team_1",
        owner=Person("p_ana", "UANA", "Ana"),
        filed_by=Person("p_stu", "USTU", "Stu"),
        decided_at=AT,
        superseded_by=None,
        content_hash="0" * 64,
    )
    return replace(standard, **fields)


def file(program: Program, by: str | Actor = "ana", *, of: bool = True, **fields: Any) -> str:
    """The id of such a memo, filed about refunds_agent unless it is `of` nothing; `owner` names one of the cast."""
    owner = fields.pop("owner", None)
    about = About(program.workflow() if of else None, owner=program.person(owner) if owner else None)
    return program.do(by, put_down, entry(**fields), about).memo_id
