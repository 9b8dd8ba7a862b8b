"""Grants, suspensions and freezes, from rows to frozen values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, select

from bot.domain.errors import NotFound
from bot.domain.freezes import Freeze, FreezeKind
from bot.domain.grants.ladder import LeadTime
from bot.domain.grants.life import LIVING, Grant, GrantState, Suspension, SuspensionCause
from bot.domain.grants.measures import Asked
from bot.domain.grants.terms import terms_of
from bot.domain.requests import RequestState
from bot.domain.signals.kinds import AgentAction, Signal, Span
from bot.domain.wording import cut
from store.reading.among import by_workflow
from store.reading.effects import read_lead_times
from store.reading.signals import read_states
from store.reading.workflows import person_columns, person_of
from store.tables.grants import freezes, grants, suspensions
from store.tables.ledger import people, texts
from store.tables.program import requests

_requester = people.alias("requester")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_GRANTS = select(grants, *person_columns(_requester, "requester")).join(
    _requester, _requester.c.id == grants.c.requested_by
)
_SUSPENSIONS = (
    select(suspensions, texts.c.body.label("reason_body"), *person_columns(people, "person"))
    .outerjoin(people, people.c.id == suspensions.c.by)
    .outerjoin(texts, texts.c.id == suspensions.c.reason)
    .where(suspensions.c.grant_id.in_(_IDS))
    .order_by(suspensions.c.since, suspensions.c.cause, suspensions.c.subject)
)
_OPEN = _SUSPENSIONS.where(suspensions.c.lifted_at.is_(None))
_FREEZE = (
    select(freezes, texts.c.body.label("reason_body"), *person_columns(people, "person"))
    .join(people, people.c.id == freezes.c.frozen_by)
    .outerjoin(texts, texts.c.id == freezes.c.reason)
    .where(freezes.c.workflow_id == bindparam("workflow_id"), freezes.c.lifted_at.is_(None))
)

_REQUESTED = (
    select(grants.c.terms, requests.c.state, requests.c.asked_at, requests.c.decided_at)
    .join(requests, requests.c.id == grants.c.request_id)
    .order_by(requests.c.asked_at, requests.c.id)
)

_WITH_ID = grants.c.id == bindparam("grant_id")
_OF_REQUEST = grants.c.request_id == bindparam("request_id")
_OF_WORKFLOW = grants.c.workflow_id == bindparam("workflow_id")
_AMONG = grants.c.workflow_id.in_(_IDS)
_OF_ACTION = grants.c.action == bindparam("action")
_LIVING = grants.c.state.in_(LIVING)
_ASKED_FOR = grants.c.state == GrantState.REQUESTED
_WITH_LIVING = select(grants.c.workflow_id).where(_LIVING).distinct().order_by(grants.c.workflow_id)
_IN_QUESTION = grants.c.state.in_((*LIVING, GrantState.EXPIRED))
_ANSWERED = (
    select(suspensions)
    .join(grants, grants.c.id == suspensions.c.grant_id)
    .where(_OF_WORKFLOW, suspensions.c.cause == bindparam("cause"), suspensions.c.lifted_at.is_not(None))
)


class Grants:
    """What agents may do, as `view.grants`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, grant_id: str) -> Grant:
        """The grant with that id."""
        found = self._read(_WITH_ID, grant_id=grant_id.strip())
        if not found:
            raise NotFound(f"There is no grant {cut(grant_id, 60)!r}. The command grant list shows those that exist.")
        return found[0]

    def of_request(self, request_id: str) -> Grant:
        """The grant that a request asks for."""
        found = self._read(_OF_REQUEST, request_id=request_id)
        if not found:
            raise NotFound("This request asks for no grant (any more).")
        return found[0]

    def all(self) -> tuple[Grant, ...]:
        """Every grant of the program, those that live and those that ended, the oldest first."""
        return self._read()

    def of_workflow(self, workflow_id: str) -> tuple[Grant, ...]:
        """Every grant of a workflow, whatever became of it, the oldest first."""
        return self._read(_OF_WORKFLOW, workflow_id=workflow_id)

    def living(self, workflow_id: str) -> tuple[Grant, ...]:
        """The active and the suspended grants of a workflow, the oldest first; some may have expired by now."""
        return self._read(_OF_WORKFLOW, _LIVING, workflow_id=workflow_id)

    def living_among(self, workflow_ids: Iterable[str]) -> Mapping[str, tuple[Grant, ...]]:
        """The active and the suspended grants of each of these workflows, the oldest first."""
        return by_workflow(workflow_ids, lambda ids: self._read(_LIVING, _AMONG, ids=ids))

    def workflows_with_living(self) -> tuple[str, ...]:
        """The ids of the workflows that have an active or a suspended grant."""
        return tuple(self._connection.scalars(_WITH_LIVING))

    def living_for(self, workflow_id: str, action: str) -> Grant | None:
        """The grant by which this action may be done, or would but for a suspension."""
        found = self._read(_OF_WORKFLOW, _OF_ACTION, _LIVING, workflow_id=workflow_id, action=action)
        return found[0] if found else None

    def asked_for(self, workflow_id: str, action: str) -> Grant | None:
        """The grant for this action that waits for a decision."""
        found = self._read(_OF_WORKFLOW, _OF_ACTION, _ASKED_FOR, workflow_id=workflow_id, action=action)
        return found[0] if found else None

    def in_question(self, workflow_id: str, action: str) -> tuple[Grant, ...]:
        """The grants that a decision about this action looks at: those that live, and those that expired."""
        return self._read(_OF_WORKFLOW, _OF_ACTION, _IN_QUESTION, workflow_id=workflow_id, action=action)

    def answered(self, workflow_id: str, cause: SuspensionCause) -> tuple[Suspension, ...]:
        """The suspensions of the workflow's grants for this cause that a person lifted."""
        rows = self._connection.execute(_ANSWERED, {"workflow_id": workflow_id, "cause": cause})
        return tuple(Suspension(SuspensionCause(r.cause), r.since, r.subject, r.observed_at) for r in rows)

    def requested(self, since: datetime | None, until: datetime) -> tuple[Asked, ...]:
        """Every grant that was asked for in that time, the oldest first, with what became of the request."""
        begun = (requests.c.asked_at >= since,) if since else ()
        rows = self._connection.execute(_REQUESTED.where(requests.c.asked_at <= until, *begun))
        return tuple(Asked(terms_of(r.terms), RequestState(r.state), r.asked_at, r.decided_at) for r in rows)

    def actions(self, workflow_id: str, action: str, span: Span) -> tuple[Signal[AgentAction], ...]:
        """What the workflow's agent did or tried of one action, last touched in the span, as was known at its end."""
        found = read_states(self._connection, AgentAction, (workflow_id,), span)[workflow_id]
        return tuple(each for each in found if each.body.action == action)

    def freeze(self, workflow_id: str) -> Freeze | None:
        """The freeze that holds the workflow, if one does."""
        row = self._connection.execute(_FREEZE, {"workflow_id": workflow_id}).one_or_none()
        if row is None:
            return None
        kind, by = FreezeKind(row.kind), person_of(row, "person")
        return Freeze(row.id, row.workflow_id, kind, row.reason_body, by, row.frozen_at, row.took_s)

    def lead_times(self, workflow_id: str, at: datetime) -> tuple[LeadTime, ...]:
        """How long changes took before `at`, in the first 28 days with data and in the last 28."""
        return read_lead_times(self._connection, workflow_id, at)

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Grant, ...]:
        rows = self._connection.execute(_grants_where(*where), values).all()
        if not rows:
            return ()
        still = _suspensions(self._connection, [row.id for row in rows if row.state == GrantState.SUSPENDED])
        return tuple(_grant(row, tuple(still[row.id])) for row in rows)


@lru_cache(maxsize=64)
def _grants_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _GRANTS.where(*where).order_by(grants.c.requested_at, grants.c.id)


def _suspensions(connection: Connection, grant_ids: Iterable[str]) -> dict[str, list[Suspension]]:
    found: dict[str, list[Suspension]] = defaultdict(list)
    ids = list(grant_ids)
    for row in connection.execute(_OPEN, {"ids": ids}) if ids else ():
        by = person_of(row, "person") if row.by else None
        cause = SuspensionCause(row.cause)
        found[row.grant_id].append(Suspension(cause, row.since, row.subject, row.observed_at, by, row.reason_body))
    return found


def _grant(row: Any, still: tuple[Suspension, ...]) -> Grant:
    return Grant(
        id=row.id,
        workflow_id=row.workflow_id,
        terms=terms_of(row.terms),
        state=GrantState(row.state),
        approved_at=row.approved_at,
        expires_at=row.expires_at,
        attested_at=row.attested_at,
        suspensions=still,
        hash=row.hash,
        requested_by=person_of(row, "requester"),
        requested_at=row.requested_at,
        request_id=row.request_id,
        replaces=row.replaces,
        ended_at=row.ended_at,
        version=row.version,
    )
