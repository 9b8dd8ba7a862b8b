"""What a report adds up of one workflow: a query for each count, as was known before an instant."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from bot.domain.documents import DocumentKind, DocumentState
from bot.domain.findings.precision import Precision
from bot.domain.grants.decisions import Outcome
from bot.domain.playbook import PhaseName
from bot.domain.reports.autonomy import PhaseTurn
from bot.domain.reports.ledger import Answered, MemosFiled, ReviewEffort, ReworkOfKind
from bot.domain.signals.kinds import ReworkKind, Span
from store.reading.activity import bounds
from store.reading.findings import CALLED_USELESS
from store.tables.decisions import decisions
from store.tables.documents import document_versions, documents
from store.tables.findings import findings
from store.tables.ledger import audit
from store.tables.memos import memos
from store.tables.signals import MILLIONTHS, review_tallies, reworks

_ID: BindParameter[Any] = bindparam("workflow_id")
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")

_successor = memos.alias("successor")

_REWORKS = (
    select(reworks.c.kind, func.count().label("many"), func.sum(reworks.c.cost_millionths).label("cost"))
    .where(reworks.c.workflow_id == _ID, reworks.c.at >= _START, reworks.c.at < _END)
    .group_by(reworks.c.kind)
)
_TYPED = select(
    func.count().label("many"),
    func.sum(review_tallies.c.outputs).label("outputs"),
    func.sum(review_tallies.c.reviewed).label("reviewed"),
    func.sum(review_tallies.c.overridden).label("overridden"),
).where(review_tallies.c.workflow_id == _ID, review_tallies.c.at >= _START, review_tallies.c.at < _END)
_ANSWERED = (
    select(decisions.c.outcome, func.count().label("many"))
    .where(decisions.c.workflow_id == _ID, decisions.c.at < _END, decisions.c.dry_run.is_(False))
    .group_by(decisions.c.outcome)
)
_MEMOS = (
    select(func.count().label("filed"), func.count(_successor.c.id).label("superseded"))
    .select_from(memos)
    .outerjoin(_successor, and_(_successor.c.supersedes == memos.c.id, _successor.c.decided_at < _END))
    .where(memos.c.workflow_id == _ID, memos.c.decided_at < _END)
)
_POSTMORTEMS = (
    select(document_versions.c.incident, documents.c.state)
    .join(
        document_versions,
        and_(
            document_versions.c.document_id == documents.c.id,
            document_versions.c.number == documents.c.version,
        ),
    )
    .where(
        documents.c.workflow_id == _ID,
        documents.c.kind == DocumentKind.POSTMORTEM,
        document_versions.c.incident.is_not(None),
    )
)
_COURSE = (
    select(audit.c.effective_at, audit.c.fact, audit.c.details)
    .where(audit.c.subject == _ID, audit.c.fact.in_(("phase_changed", "workflow_closed")))
    .order_by(audit.c.seq)
)
_CAME = select(func.sum(findings.c.times).label("came")).where(findings.c.workflow_id == _ID)
_USELESS = (
    select(func.count())
    .select_from(findings)
    .join(CALLED_USELESS, CALLED_USELESS.c.finding_id == findings.c.id)
    .where(findings.c.workflow_id == _ID)
)


class Reports:
    """What a report adds up of one workflow, as `view.reports`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rework(self, workflow_id: str, span: Span) -> tuple[ReworkOfKind, ...]:
        """What had to be done again in the span, the costliest kind first."""
        rows = self._connection.execute(_REWORKS, bounds(workflow_id, span))
        found = [ReworkOfKind(ReworkKind(r.kind), r.many, Decimal(int(r.cost)) / MILLIONTHS) for r in rows]
        return tuple(sorted(found, key=lambda each: (-each.cost_usd, each.kind)))

    def typed_reviews(self, workflow_id: str, span: Span) -> ReviewEffort | None:
        """The weeks' reviews in the span that people typed, together; None where nobody did."""
        row = self._connection.execute(_TYPED, bounds(workflow_id, span)).one()
        return ReviewEffort(int(row.outputs), int(row.reviewed), int(row.overridden)) if row.many else None

    def answered(self, workflow_id: str, until: datetime) -> Answered:
        """What the agent was answered before `until`."""
        rows = self._connection.execute(_ANSWERED, {"workflow_id": workflow_id, "end": until})
        many = {Outcome(row.outcome): row.many for row in rows}
        return Answered(many.get(Outcome.ALLOW, 0), many.get(Outcome.NEEDS_APPROVAL, 0), many.get(Outcome.DENY, 0))

    def memos(self, workflow_id: str, until: datetime) -> MemosFiled:
        """How many memos about it were filed before `until`; what they say is not looked at."""
        row = self._connection.execute(_MEMOS, {"workflow_id": workflow_id, "end": until}).one()
        return MemosFiled(row.filed, row.superseded)

    def postmortems(self, workflow_id: str) -> Mapping[str, frozenset[DocumentState]]:
        """How far its postmortems have come, by the key of their incident."""
        found: dict[str, set[DocumentState]] = defaultdict(set)
        for row in self._connection.execute(_POSTMORTEMS, {"workflow_id": workflow_id}):
            found[row.incident].add(DocumentState(row.state))
        return {incident: frozenset(states) for incident, states in found.items()}

    def course(self, workflow_id: str) -> tuple[tuple[PhaseTurn, ...], datetime | None]:
        """Every change of phase, the oldest first, and when the workflow was closed, None while it runs."""
        turns, closed_at = [], None
        for row in self._connection.execute(_COURSE, {"workflow_id": workflow_id}):
            if row.fact == "workflow_closed":
                closed_at = row.effective_at
                continue
            details = json.loads(row.details)
            turns.append(PhaseTurn(row.effective_at, PhaseName(details["left"]), PhaseName(details["entered"])))
        return tuple(turns), closed_at

    def precision(self, workflow_id: str) -> Precision:
        """How often findings about it came up, and how many of them somebody called not useful."""
        asked = {"workflow_id": workflow_id}
        came = self._connection.scalar(_CAME, asked)
        return Precision(int(came or 0), self._connection.scalar(_USELESS, asked) or 0)
