"""Requests, from rows to frozen values."""

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from bot.domain.requests import Request, RequestKind, RequestState
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import audit, people, texts
from store.tables.program import requests, workflows

_asker = people.alias("asker")
_decider = people.alias("decider")
_reason = texts.alias("reason")
_answer = texts.alias("answer")

_DECIDING = ("request_approved", "request_declined")

_REQUESTS = (
    select(
        requests,
        workflows.c.name.label("workflow_name"),
        _reason.c.body.label("reason_body"),
        _answer.c.body.label("answer_body"),
        *person_columns(_asker, "asker"),
        *person_columns(_decider, "decider"),
    )
    .join(workflows, workflows.c.id == requests.c.workflow_id)
    .outerjoin(_reason, _reason.c.id == requests.c.reason)
    .join(_asker, _asker.c.id == requests.c.asked_by)
    .outerjoin(_decider, _decider.c.id == requests.c.decided_by)
    .outerjoin(_answer, _answer.c.id == requests.c.answer)
)


@lru_cache(maxsize=64)
def _requests_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _REQUESTS.where(*where).order_by(requests.c.asked_at, requests.c.id)


def read_requests(connection: Connection, *where: ColumnElement[bool], **values: object) -> tuple[Request, ...]:
    """The requests that fit, the oldest first; `values` are for the parameters in `where`."""
    rows = connection.execute(_requests_where(*where), values)
    return tuple(
        Request(
            id=row.id,
            kind=RequestKind(row.kind),
            workflow_id=row.workflow_id,
            workflow=row.workflow_name,
            item=row.item,
            terms=tuple(sorted(json.loads(row.terms).items())),
            reason=row.reason_body,
            asked_by=person_of(row, "asker"),
            asked_at=row.asked_at,
            state=RequestState(row.state),
            lapses_at=row.lapses_at,
            decided_by=person_of(row, "decider") if row.decided_by else None,
            decided_at=row.decided_at,
            because=row.because,
            answer=row.answer_body,
            escalated=row.escalated,
        )
        for row in rows
    )


def read_claim(connection: Connection, request_id: str) -> str | None:
    """Who decided a request at the command line, as the operating system had it; None where Slack vouched for them."""
    claim: str | None = connection.scalar(
        select(audit.c.claimed).where(audit.c.subject == request_id, audit.c.fact.in_(_DECIDING))
    )
    return claim
