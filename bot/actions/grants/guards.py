"""The guards: what signals, and time alone, make stand still; written down as their own doing and told at once.

Whoever changes what guards look at has a `look` first, in the same transaction, and then lets them `act`. What is
judged is the state before and after, never the single signal: what is repeated, late or out of order and leaves the
latest state as it was changes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.grants.watch import LATEST, evals_fresh_until, watched_among
from bot.actions.told import told_of_breach
from bot.domain.facts import GrantExpired, GrantResumed, GrantSuspended, SuspensionLifted
from bot.domain.grants.guarding import TIMED, Cause, Watched, causes, causes_for, crossings, due_at, news_for, tells_of
from bot.domain.grants.life import Grant, Suspension, SuspensionCause
from bot.domain.people import FreeText
from bot.domain.signals.kinds import Body, EvalRun, Incident, Metric, RedLine, Signal, Span
from bot.domain.signals.order import is_history
from bot.domain.workflows import Workflow
from store import View

_GUARDED = (EvalRun, Incident, Metric, RedLine)
_TOLD_ANYWAY: frozenset[type[Body]] = frozenset({Metric, RedLine})
_TAKEN_BACK = "The signal that suspended it was taken back."


@dataclass(frozen=True, slots=True)
class Sight:
    """What the guards saw of a workflow: its state, its living grants, and the last violation of each rule."""

    workflow: Workflow
    watched: Watched
    grants: tuple[Grant, ...]
    violations: Mapping[str, Signal[RedLine]]


def look_at_all(turn: Turn, batch: Sequence[Signal[Body]]) -> tuple[Sight, ...]:
    """The workflows for which a batch of signals may have consequences, as they are without it."""
    kinds: dict[str, set[type[Body]]] = {}
    for each in batch:
        if each.workflow and isinstance(each.body, _GUARDED):
            kinds.setdefault(each.workflow, set()).add(type(each.body))
    if not kinds:
        return ()
    ids = turn.change.lock_workflows(batch)
    by_id = {ids["workflow", name]: of for name, of in kinds.items()}
    granted = turn.change.grants.living_among(by_id)
    # Without a grant only what is told all the same matters.
    return _look_among(turn, [each for each, of in by_id.items() if of & _TOLD_ANYWAY or granted[each]])


def look(turn: Turn, workflow_id: str) -> Sight | None:
    """The workflow as the guards see it now, None once it is closed; nobody else changes that until they acted."""
    return next(iter(_look_among(turn, (workflow_id,))), None)


def _look_among(turn: Turn, workflow_ids: Collection[str]) -> tuple[Sight, ...]:
    view = turn.change
    view.lock_all(workflow_ids)
    found = view.workflows_among(workflow_ids)
    running = {each: found[each] for each in workflow_ids if not found[each].outcome}
    seen, grants = watched_among(view, running.values(), turn.at), view.grants.living_among(running)
    known = view.gates.violations_among(running, LATEST)
    return tuple(
        Sight(each, seen[id_], grants[id_], _of_its_days(known[id_], each))
        for id_, each in sorted(running.items(), key=lambda pair: pair[1].name)
    )


def _of_its_days(known: Mapping[str, Signal[RedLine]], workflow: Workflow) -> Mapping[str, Signal[RedLine]]:
    start_on, zone = workflow.start_on, workflow.team.zone
    return {rule: signal for rule, signal in known.items() if not is_history(signal, start_on, zone)}


def act(turn: Turn, *before: Sight) -> None:
    """What follows from how these workflows stand now, after what time alone had caused by then."""
    seen = {each.workflow.id: each for each in before}
    for now in _look_among(turn, seen):
        _act(turn, seen[now.workflow.id], now)


def _act(turn: Turn, before: Sight, now: Sight) -> None:
    _stop_timed(turn, replace(before, grants=now.grants))
    crossed = crossings(before.violations, now.violations)
    found = causes(now.watched)
    _stop(turn, now, (*crossed, *found))
    known = {each.name for each in causes(before.watched)}
    breached = (each for each in found if each.cause is SuspensionCause.GUARDRAIL and each.name not in known)
    for each in (*crossed, *breached):
        turn.tell(told_of_breach(now.workflow, each, turn.deciders.absences))


def record_time(turn: Turn, workflow_id: str) -> None:
    """What time alone has caused by now: grants that are over, stale evals, missed attestations."""
    if sight := look(turn, workflow_id):
        _stop_timed(turn, sight)


def first_due(view: View, workflow_id: str) -> datetime | None:
    """The first instant at which time alone does something to the workflow's grants that is not recorded yet."""
    workflow = view.workflow_by_id(workflow_id)
    playbook = playbook_of(view, workflow)
    fresh, days = evals_fresh_until(view, workflow, playbook), playbook.count("grant.life", "attest_every_days")
    instants = (due_at(grant, fresh, days) for grant in view.grants.living(workflow_id))
    return min((at for at in instants if at), default=None)


def judge_anew(turn: Turn, workflow_id: str, voided: Signal[Body]) -> None:
    """What follows from a signal that was taken back: what rested on it alone is lifted, what it hid comes to light."""
    now = look(turn, workflow_id)
    if now is None or not isinstance(voided.body, _GUARDED):
        return
    _stop_timed(turn, now)
    found = causes(now.watched)
    _stop(turn, now, found)
    if isinstance(voided.body, Metric) and tells_of(voided, now.watched) is None:
        for each in found:
            if each.name == _about(voided):
                turn.tell(told_of_breach(now.workflow, each, turn.deciders.absences))
    held = {each.name for each in found}
    for grant in turn.change.grants.living(workflow_id):
        for suspension in grant.suspensions:
            is_held = (suspension.cause, suspension.subject) in held
            if not is_held and _rested_on(turn, now, suspension, voided):
                _lift(turn, grant.id, suspension)


def _stop_timed(turn: Turn, sight: Sight) -> None:
    """What time alone had caused by now, as things stood in `sight`."""
    for grant in sight.grants:
        if grant.has_expired(turn.at):
            turn.guarded(GrantExpired(grant_id=grant.id, workflow_id=grant.workflow_id, seen_version=grant.version))
            continue
        timed = (each for each in causes_for(grant, sight.watched) if each.cause in TIMED)
        _suspend(turn, grant, timed)


def _stop(turn: Turn, sight: Sight, found: Iterable[Cause]) -> None:
    """Every grant of the workflow standing still for each cause that reaches it, if it does not already."""
    found = tuple(found)
    for grant in turn.change.grants.living(sight.workflow.id) if found else ():
        _suspend(turn, grant, found)


def _suspend(turn: Turn, grant: Grant, found: Iterable[Cause]) -> None:
    for place, each in enumerate(news_for(grant, found)):
        turn.guarded(
            GrantSuspended(
                grant_id=grant.id,
                workflow_id=grant.workflow_id,
                seen_version=grant.version + place,
                cause=each.cause,
                subject=each.subject,
                observed_at=each.observed_at,
            )
        )


def _rested_on(turn: Turn, sight: Sight, suspension: Suspension, voided: Signal[Body]) -> bool:
    """Whether `voided` is what a suspension was about, and no signal since tells of the same."""
    since = suspension.observed_at
    if since is None or _about(voided) != (suspension.cause, suspension.subject):
        return False
    left: Iterable[Signal[Any]]
    if isinstance(voided.body, Incident):
        left = turn.change.gates.about_incident(sight.workflow.id, voided.body.key)
    else:
        left = turn.change.gates.within(sight.workflow.id, type(voided.body), Span(since, LATEST))
    return all(tells_of(each, sight.watched) != (suspension.cause, suspension.subject) for each in left)


def _about(signal: Signal[Body]) -> tuple[SuspensionCause, str] | None:
    body = signal.body
    if isinstance(body, EvalRun):
        return SuspensionCause.EVAL_FAILED, body.suite
    if isinstance(body, Incident):
        return SuspensionCause.INCIDENT, body.key
    if isinstance(body, Metric):
        return SuspensionCause.GUARDRAIL, body.metric
    return (SuspensionCause.RED_LINE, body.rule) if isinstance(body, RedLine) else None


def _lift(turn: Turn, grant_id: str, suspension: Suspension) -> None:
    """One reason less; without any the grant is in force again, as the approval of the void says."""
    grant = turn.change.grants.one(grant_id)
    turn.guarded(
        SuspensionLifted(
            grant_id=grant.id,
            workflow_id=grant.workflow_id,
            seen_version=grant.version,
            cause=suspension.cause,
            subject=suspension.subject,
        )
    )
    if len(grant.suspensions) == 1:
        turn.guarded(
            GrantResumed(
                grant_id=grant.id,
                workflow_id=grant.workflow_id,
                seen_version=grant.version + 1,
                reason=FreeText(_TAKEN_BACK),
            )
        )
