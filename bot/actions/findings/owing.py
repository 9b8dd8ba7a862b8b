"""What is owed of overridden gates: each of their checks until it passes once, and that it did, recorded."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.checklists import statuses
from bot.actions.desk import SCHEDULER, Asked, Desk, Turn
from bot.actions.evidence import AtGate, Memberships, Moment, evidence_of
from bot.actions.findings.scene import scene_of
from bot.domain.checklists import Checklist
from bot.domain.facts import OverrideMet, OverrideOwed
from bot.domain.gates import CHECKS, checks_resting_on, judge
from bot.domain.overrides import Debt, Met, Override, debts, met, overrides_behind
from bot.domain.signals.kinds import SignalType, Span
from bot.domain.workflows import Workflow
from store import View

_MOMENT = timedelta(microseconds=1)
_UNDER_WAY = timedelta(minutes=1)
"""No change takes longer from its first instant to its commit."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a workflow owes of its overridden gates, and what it owes no more and nobody recorded yet."""

    debts: tuple[Debt, ...] = ()
    met: tuple[Met, ...] = ()


def owed_by(view: View, checklists: tuple[Checklist, ...], at: datetime, people: Memberships) -> Mapping[str, Owed]:
    """What each of these workflows owes: its overridden checks judged anew, as signals before `at` have it."""
    left = still_owed(view, tuple(each.workflow for each in checklists))
    owing = [
        (agreed, at_gate)
        for each in checklists
        for agreed in left[each.workflow.id]
        if (at_gate := _overridden(each, agreed))
    ]
    found = {each.workflow.id: Owed() for each in checklists}
    evidence = evidence_of(view, [gate for _, gate in owing], Moment(at - _MOMENT, people, tests_until=at))
    for (agreed, at_gate), seen in zip(owing, evidence, strict=True):
        id_, verdict = at_gate.checklist.workflow.id, judge(at_gate.gate, seen)
        now = met(agreed, verdict)
        found[id_] = Owed(
            debts=(*found[id_].debts, *debts(agreed, verdict, at_gate.checklist.today)),
            met=(*found[id_].met, now) if now.checks else found[id_].met,
        )
    return found


def still_owed(view: View, workflows: tuple[Workflow, ...]) -> Mapping[str, tuple[Override, ...]]:
    """The overrides by which each workflow came where it is, with those of their checks that never passed since."""
    moves = view.moves_among(each.id for each in workflows)
    behind = {each.id: overrides_behind(each.phase, moves[each.id]) for each in workflows}
    known = view.gates.met(each.request_id for of in behind.values() for each in of)
    return {id_: tuple(left for each in of if (left := _without(each, known)).checks) for id_, of in behind.items()}


def _without(agreed: Override, known: Container[tuple[str, str, str]]) -> Override:
    """An override without those of its checks that are known to have passed."""
    return replace(
        agreed, checks=tuple(each for each in agreed.checks if (agreed.request_id, agreed.to, each) not in known)
    )


def _overridden(checklist: Checklist, agreed: Override) -> AtGate | None:
    """The gate that was passed so, with the checks that are still owed; None where its playbook has them no more."""
    left = agreed.to.preceding
    gate = checklist.playbook.phase(left).gate if left else None
    if gate is None or gate.to is not agreed.to:
        return None
    checks = tuple(check for check in gate.checks if CHECKS[type(check)].__name__ in agreed.checks)
    return AtGate(replace(gate, checks=checks), checklist) if checks else None


def note_met(turn: Turn, workflow_id: str, found: Iterable[Met], judged_at: datetime) -> None:
    """What passed for the first time since it was overridden, recorded; what is recorded by now is not again.

    A late look at an instant before the override was agreed on says nothing about it, and one from before a signal was
    taken back nothing about the checks that may rest on that signal.
    """
    turn.change.lock_workflow(workflow_id)
    doubtful = _doubtful(turn, workflow_id, judged_at)
    for each in found:
        agreed_at = turn.change.request(each.override.request_id).decided_at
        known = turn.change.gates.met((each.override.request_id,))
        sure = tuple(check for check in each.checks if check not in doubtful)
        left = _without(replace(each.override, checks=sure), known)
        if left.checks and agreed_at and agreed_at <= judged_at:
            turn.record(
                OverrideMet(workflow_id=workflow_id, request_id=left.request_id, to=left.to, checks=left.checks)
            )


def _doubtful(turn: Turn, workflow_id: str, judged_at: datetime) -> frozenset[str]:
    """The checks that may come out otherwise than they did then, because of signals that were taken back since."""
    since = Span(judged_at - _UNDER_WAY, turn.at + _MOMENT)
    voided = (each for each in turn.change.chronicle.voided(since) if each.subject_id == workflow_id)
    return frozenset(check for each in voided for check in checks_resting_on(SignalType(each.kind)))


def judge_anew(turn: Turn, workflow_id: str, kind: SignalType, voided_at: datetime) -> None:
    """What was seen to pass since a signal of that kind and time is owed anew, now that the signal was taken back."""
    resting = checks_resting_on(kind)
    moves = turn.change.moves(workflow_id) if resting else ()
    for agreed in overrides_behind(turn.change.workflow_by_id(workflow_id).phase, moves):
        known = turn.change.gates.met((agreed.request_id,))
        since = {check for (_, to, check), met_at in known.items() if to == agreed.to and met_at >= voided_at}
        if fallen := tuple(check for check in agreed.checks if check in since & resting):
            turn.record(
                OverrideOwed(workflow_id=workflow_id, request_id=agreed.request_id, to=agreed.to, checks=fallen)
            )


def watch(desk: Desk) -> None:
    """Every workflow that owes something of an overridden gate, judged now, so that no pass between digests is lost."""
    now = desk.clock.now()
    with desk.reading() as view:
        running = view.workflows()
        owing = still_owed(view, running)
    workflows = tuple(each for each in running if owing[each.id])
    if not workflows:
        return
    people = scene_of(desk, workflows).met
    with desk.reading() as view:
        checklists = tuple(status.checklist for status in statuses(view, workflows, now))
        found = owed_by(view, checklists, now, people)
    for workflow_id, owed in found.items():
        if owed.met:
            desk.do(Asked(SCHEDULER, about=workflow_id), note_met, workflow_id, owed.met, now)
