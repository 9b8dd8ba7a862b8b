"""Which workflows and teams a fact changes, and their marks moved in its transaction.

What was made of a workflow is kept for as long as its marks stand (`View.marks`). So every fact says here what it
touches; one that is about neither a workflow nor a team touches the whole program, and one that changes nothing that
anybody looks at there (a denial, a decision in its log, a policy, where its signals come from) touches nothing.
"""

from collections.abc import Iterable
from typing import Any, assert_never

from sqlalchemy import BindParameter, Connection, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain import facts
from bot.domain.facts import Fact, FindingPlace
from store.tables.deviations import deviations
from store.tables.documents import documents
from store.tables.marks import PROGRAM, marks
from store.tables.memos import memos
from store.tables.program import requests
from store.tables.signals import signals

_NOTHING: frozenset[str] = frozenset()


def touched_by(connection: Connection, fact: Fact) -> frozenset[str]:  # noqa: C901, PLR0912 - one flat table over the facts, closed by the type checker
    """The ids of the workflows and teams that look different once the fact has landed, or `PROGRAM`."""
    match fact:
        case (
            facts.Denied()
            | facts.SignalsForgotten()
            | facts.DecisionsLogged()
            | facts.TokenMade()
            | facts.TokenRevoked()
            | facts.PolicyAdded()
            | facts.PolicyEdited()
            | facts.SourceConnected()
            | facts.SourceDisconnected()
        ):
            return _NOTHING
        case (
            facts.DigestFrozen()
            | facts.DigestSkipped()
            | facts.DigestPosted()
            | facts.DigestHeld()
            | facts.DigestReleased()
            | facts.DigestConfirmed()
            | facts.DigestMissed()
            | facts.DigestPartHeld()
            | facts.DigestPartReleased()
            | facts.DigestPartConfirmed()
            | facts.DuplicateDeleted()
        ):
            return _NOTHING
        case facts.TeamMade() | facts.TeamEdited():
            return frozenset({fact.team_id})
        case facts.PersonAway() | facts.PersonBack() | facts.PersonErased():
            return frozenset({PROGRAM})
        case facts.SignalVoided():
            return frozenset({fact.workflow_id or fact.team_id or PROGRAM})
        case facts.SignalsTaken():
            return frozenset(connection.scalars(_OF_BATCH, {"id": fact.subject}))
        case facts.MemoFiled():
            before = _workflow_of(connection, memos, fact.supersedes) if fact.supersedes else _NOTHING
            return before | {fact.workflow_id or PROGRAM}
        case (
            facts.RequestApproved()
            | facts.RequestDeclined()
            | facts.RequestWithdrawn()
            | facts.RequestEscalated()
            | facts.RequestLapsed()
        ):
            return _workflow_of(connection, requests, fact.request_id)
        case facts.DocumentEdited() | facts.DocumentSubmitted() | facts.DocumentAccepted() | facts.DocumentRejected():
            return _workflow_of(connection, documents, fact.document_id)
        case facts.DeviationClosed():
            return _workflow_of(connection, deviations, fact.deviation_id)
        case facts.FindingsTracked():
            return frozenset(_subject_of(each) for each in (*fact.came, *fact.changed, *fact.gone))
        case facts.FindingAcknowledged() | facts.FindingSnoozed() | facts.FindingAssigned() | facts.FindingJudged():
            return frozenset({_subject_of(fact)})
        case (
            facts.WorkflowStarted()
            | facts.RoleGiven()
            | facts.RoleVacated()
            | facts.WorkflowPaused()
            | facts.WorkflowResumed()
            | facts.WorkflowEdited()
            | facts.WorkflowClosed()
            | facts.PhaseChanged()
            | facts.GateJudged()
            | facts.OverrideMet()
            | facts.OverrideOwed()
            | facts.PlaybookMoved()
            | facts.ProofSeen()
            | facts.ProofWithdrawn()
            | facts.ItemDone()
            | facts.ItemBlocked()
            | facts.ItemReopened()
            | facts.ItemRestored()
            | facts.ItemSkipped()
            | facts.ItemAssigned()
            | facts.ItemTakenOver()
            | facts.RequestMade()
            | facts.DocumentDrafted()
            | facts.DeviationOpened()
            | facts.DrillHeld()
            | facts.GrantRequested()
            | facts.GrantActivated()
            | facts.GrantNarrowed()
            | facts.GrantRevoked()
            | facts.GrantExpired()
            | facts.GrantSuspended()
            | facts.SuspensionLifted()
            | facts.GrantResumed()
            | facts.GrantAttested()
            | facts.WorkflowFrozen()
            | facts.WorkflowUnfrozen()
            | facts.FreezeMeasured()
            | facts.MetricDefined()
            | facts.MetricTightened()
            | facts.MetricLoosened()
            | facts.RedLineDefined()
            | facts.QuestionAnswered()
            | facts.QuestionAsked()
        ):
            return frozenset({fact.workflow_id})
        case _:
            assert_never(fact)


def _subject_of(finding: FindingPlace) -> str:
    return finding.workflow_id or finding.team_id or PROGRAM


def move(connection: Connection, subjects: Iterable[str]) -> None:
    """The marks of these subjects moved on.

    Call it near the end of a transaction: on PostgreSQL the rows are locked until the commit, always in the same
    order, so that two writers never wait for each other.
    """
    rows = [{"subject": subject} for subject in sorted(subjects)]
    if rows:
        connection.execute(_MOVES[connection.dialect.name], rows)


def _move(insert: Any) -> Any:
    first = insert(marks).values(subject=bindparam("subject"), value=1)
    return first.on_conflict_do_update(index_elements=["subject"], set_={"value": marks.c.value + 1})


_MOVES = {"sqlite": _move(sqlite_insert), "postgresql": _move(postgresql_insert)}

_ID: BindParameter[Any] = bindparam("id")
_OF_BATCH = select(func.coalesce(signals.c.workflow_id, signals.c.team_id)).where(signals.c.batch == _ID).distinct()
_WORKFLOW_OF = {
    table: select(table.c.workflow_id).where(table.c.id == _ID) for table in (memos, requests, documents, deviations)
}


def _workflow_of(connection: Connection, table: Table, id_: str) -> frozenset[str]:
    """The workflow that a row is about; the whole program where it is about none."""
    return frozenset({connection.scalar(_WORKFLOW_OF[table], {"id": id_}) or PROGRAM})
