"""What agents did and asked before doing, of many workflows at once, as was known before an instant."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, or_, select

from bot.domain.findings.acts import Act, Answer, GrantSpan
from bot.domain.grants.decisions import Outcome
from bot.domain.risk import Effect
from bot.domain.signals.kinds import ActionOutcome, AgentAction, Signal, SignalType, Span
from bot.domain.signals.order import latest
from bot.domain.verdicts import Trace
from store.reading.grouping import MOST, together
from store.reading.hindsight import told_since
from store.reading.signals import read_about
from store.tables.decisions import decisions
from store.tables.grants import grants
from store.tables.signals import agent_actions, signals

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_START: BindParameter[Any] = bindparam("start")
_END: BindParameter[Any] = bindparam("end")
_UNTIL: BindParameter[Any] = bindparam("until")
_IS_ALLOW = decisions.c.outcome == Outcome.ALLOW
_IS_DENY = decisions.c.outcome == Outcome.DENY
_COUNTS = decisions.c.dry_run.is_(False)
_OF_WEEK = and_(decisions.c.workflow_id.in_(_IDS), decisions.c.at >= _START, decisions.c.at < _END, _COUNTS)

_ACTS = (
    select(
        agent_actions.c.workflow_id,
        agent_actions.c.action,
        agent_actions.c.outcome,
        agent_actions.c.at,
        agent_actions.c.about,
        signals.c.id,
        signals.c.url,
        func.coalesce(agent_actions.c.body, signals.c.body).label("said"),
    )
    .join(signals, signals.c.seq == agent_actions.c.signal)
    .where(agent_actions.c.workflow_id.in_(_IDS), agent_actions.c.at >= _START, agent_actions.c.at < _END)
)
_ANSWERS = select(
    decisions.c.id,
    decisions.c.workflow_id,
    decisions.c.action,
    decisions.c.at,
    decisions.c.outcome,
    decisions.c.facts_hash,
    decisions.c.reported_hash,
).where(_COUNTS)
_NAMED = _ANSWERS.where(decisions.c.id.in_(_IDS), decisions.c.at < _UNTIL)
_ALLOWS = _ANSWERS.where(_OF_WEEK, _IS_ALLOW)
_HAS_OTHER = and_(
    decisions.c.reported_hash.is_not(None),
    or_(decisions.c.grant_hash.is_(None), decisions.c.grant_hash != decisions.c.reported_hash),
)
_HAS_NONE = and_(decisions.c.reported_hash.is_(None), decisions.c.grant_hash.is_not(None))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


_TALLIES = (
    select(
        decisions.c.workflow_id,
        decisions.c.action,
        func.count().label("asked"),
        _count(_IS_DENY).label("denies"),
        func.max(decisions.c.at).filter(_IS_DENY).label("denied_at"),
        _count(decisions.c.reported_hash.is_not(None)).label("reporting"),
        _count(_HAS_OTHER).label("other"),
        _count(_HAS_NONE).label("silent"),
        func.min(decisions.c.id).filter(_HAS_OTHER).label("one_other"),
        func.min(decisions.c.id).filter(_HAS_NONE).label("one_silent"),
    )
    .where(_OF_WEEK)
    .group_by(decisions.c.workflow_id, decisions.c.action)
    .order_by(decisions.c.workflow_id, decisions.c.action)
)
_ALLOWED_AT = select(func.max(decisions.c.at)).where(
    decisions.c.workflow_id == bindparam("workflow_id"),
    decisions.c.action == bindparam("action"),
    decisions.c.at < _UNTIL,
    _IS_ALLOW,
    _COUNTS,
)
_TOLD_AGAIN = (
    select(signals.c.about)
    .where(signals.c.about.in_(_IDS), signals.c.about.is_not(None), signals.c.voided_at.is_(None))
    .group_by(signals.c.about)
    .having(func.count() > 1)
)
_GRANTS = (
    select(grants)
    .where(grants.c.workflow_id.in_(_IDS), grants.c.approved_at.is_not(None))
    .order_by(grants.c.requested_at, grants.c.id)
)


@dataclass(frozen=True, slots=True)
class DecisionTally:
    """The decisions of a week about one action: how many there were, were denied, and named which grant.

    `other` reported another hash than that of the grant in force, `silent` none where there was a grant; `one_other`
    and `one_silent` are the ids of one of them.
    """

    action: str
    asked: int
    denies: int
    denied_at: datetime | None
    reporting: int
    other: int
    silent: int
    one_other: str | None
    one_silent: str | None


class Acts:
    """What agents did and asked, as `view.acts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def within(self, spans: Mapping[str, Span], until: datetime) -> Mapping[str, tuple[Act, ...]]:
        """The actions of each workflow that were last told of in the span, of any outcome, as was known at `until`."""
        found: dict[str, list[Act]] = {each: [] for each in spans}
        for span, ids in together(spans):
            bounds = {"ids": ids, "start": span.start, "end": min(span.end, until)}
            for row in self._connection.execute(_ACTS, bounds):
                found[row.workflow_id].append(_act_of_row(row))
            for workflow_id, told in told_since(self._connection, SignalType.AGENT_ACTION, ids, until):
                state = latest(told)
                if span.holds(state.at):
                    found[workflow_id].append(_act(workflow_id, state))
        return {each: tuple(acts) for each, acts in found.items()}

    def done_at(self, acts: Collection[Act], until: datetime) -> Mapping[str, datetime]:
        """When these actions were first said to be done, by what they are about."""
        found = {act.about: act.at for act in acts if act.about is not None}
        # Most are told of once, and then their state says it all.
        again: list[str] = []
        for _, things in together(dict.fromkeys(sorted(found))):
            again += self._connection.scalars(_TOLD_AGAIN, {"ids": things})
        for stored in read_about(self._connection, again):
            signal = stored.signal
            if stored.about and signal.at < until and signal.body.outcome is ActionOutcome.DONE:
                found[stored.about] = min(signal.at, found[stored.about])
        return found

    def named(self, decision_ids: Collection[str], until: datetime) -> Mapping[str, Answer]:
        """The decisions with these ids that were made before `until`, whatever they are about."""
        found: dict[str, Answer] = {}
        for _, ids in together(dict.fromkeys(sorted(decision_ids))):
            for row in self._connection.execute(_NAMED, {"ids": ids, "until": until}):
                found[row.id] = _answer(row)
        return found

    def allows(self, spans: Mapping[str, Span]) -> Mapping[str, tuple[Answer, ...]]:
        """Every allow of each workflow in the span."""
        found: dict[str, list[Answer]] = {each: [] for each in spans}
        for span, ids in together(spans):
            for row in self._connection.execute(_ALLOWS, {"ids": ids, "start": span.start, "end": span.end}):
                found[row.workflow_id].append(_answer(row))
        return {each: tuple(answers) for each, answers in found.items()}

    def tallies(self, workflow_ids: Sequence[str], span: Span) -> Mapping[str, tuple[DecisionTally, ...]]:
        """The decisions of each workflow in the span, counted by action; asked only to see, they count nowhere."""
        found: dict[str, list[DecisionTally]] = {each: [] for each in workflow_ids}
        for _, ids in together(dict.fromkeys(workflow_ids)):
            for row in self._connection.execute(_TALLIES, {"ids": ids, "start": span.start, "end": span.end}):
                workflow_id, *numbers = row
                found[workflow_id].append(DecisionTally(*numbers))
        return {each: tuple(tallies) for each, tallies in found.items()}

    def allowed_at(self, workflow_id: str, action: str, until: datetime) -> datetime | None:
        """When this action was last allowed before `until`."""
        bounds = {"workflow_id": workflow_id, "action": action, "until": until}
        found: datetime | None = self._connection.scalar(_ALLOWED_AT, bounds)
        return found

    def grants(self, workflow_ids: Sequence[str]) -> Mapping[str, tuple[GrantSpan, ...]]:
        """Every grant that was ever in force, with when it was, the oldest first."""
        found: dict[str, list[GrantSpan]] = defaultdict(list)
        for start in range(0, len(workflow_ids), MOST):
            for row in self._connection.execute(_GRANTS, {"ids": workflow_ids[start : start + MOST]}):
                found[row.workflow_id].append(_span_of(row))
        return {each: tuple(found[each]) for each in workflow_ids}


def _act_of_row(row: Any) -> Act:
    said = json.loads(row.said)
    # The facts stand in the body as a text of their own.
    return Act(
        trace=Trace("signal", row.id, row.url),
        action=row.action,
        at=row.at,
        is_done=row.outcome == ActionOutcome.DONE,
        facts=said["facts"],
        decision=said.get("decision"),
        grant_hash=said.get("grant_hash"),
        about=row.about,
    )


def _act(workflow_id: str, state: Signal[AgentAction]) -> Act:
    body = state.body
    return Act(
        trace=Trace("signal", state.id, state.url),
        action=body.action,
        at=state.at,
        is_done=body.outcome is ActionOutcome.DONE,
        facts=body.facts,
        decision=body.decision,
        grant_hash=body.grant_hash,
        about=f"{SignalType.AGENT_ACTION} {workflow_id} {body.run_id}",
    )


def _answer(row: Any) -> Answer:
    return Answer(
        id=row.id,
        workflow_id=row.workflow_id,
        action=row.action,
        at=row.at,
        is_allow=row.outcome == Outcome.ALLOW,
        facts_hash=row.facts_hash,
        has_reported=row.reported_hash is not None,
    )


def _span_of(row: Any) -> GrantSpan:
    # A narrowing keeps the instant at which the wider grant was approved; it began when it was asked for.
    since = row.requested_at if row.request_id is None else row.approved_at
    ends = [end for end in (row.ended_at, row.expires_at) if end is not None]
    return GrantSpan(row.action, row.hash, Effect(row.terms["effect"]), since, min(ends, default=None))
