"""Items tick themselves by what signals and definitions prove; both its beginning and its end are recorded.

To see is to look for something newer. To judge anew is to look whether what was seen still holds, after something that
it may have rested on was taken back.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.actions.desk import Turn
from bot.domain.facts import ProofSeen, ProofWithdrawn
from bot.domain.gate_evidence import MetricKind
from bot.domain.items import Proof
from bot.domain.people import FreeText
from bot.domain.playbook import DoneWhen
from bot.domain.proving import METRIC_PROOFS, fallen, proof_of_eval_runs, proof_of_metrics, proof_of_red_lines
from bot.domain.signals.kinds import SignalType


def see_metrics(turn: Turn, workflow_id: str) -> None:
    """What the metrics prove now, recorded if it is newer than what was proven before."""
    for proof in _metrics(turn, workflow_id).values():
        _see(turn, workflow_id, proof)


def see_red_lines(turn: Turn, workflow_id: str) -> None:
    """What the tests of the red lines prove now, recorded if it is newer."""
    for proof in _red_lines(turn, workflow_id).values():
        _see(turn, workflow_id, proof)


def see_eval_runs(turn: Turn, workflow_id: str) -> None:
    """The latest eval run, recorded if it is newer."""
    for proof in _eval_runs(turn, workflow_id).values():
        _see(turn, workflow_id, proof)


def judge_anew(turn: Turn, workflow_id: str, kind: SignalType, voided_at: datetime) -> None:
    """What rested on a signal of that kind and time, which was taken back, withdrawn where nothing else bears it."""
    prove = _PROVEN_BY.get(kind)
    if prove:
        _judge(turn, workflow_id, prove(turn, workflow_id), voided_at)


def judge_metrics_anew(turn: Turn, workflow_id: str) -> None:
    """What the metrics proved, withdrawn where it no longer holds after one was made easier."""
    _judge(turn, workflow_id, _metrics(turn, workflow_id), None)


def _metrics(turn: Turn, workflow_id: str) -> Mapping[DoneWhen, Proof | None]:
    defined = turn.change.metrics.definitions(workflow_id)
    values = turn.change.metrics.latest(workflow_id)
    zone = turn.change.workflow_by_id(workflow_id).team.zone
    return {METRIC_PROOFS[kind]: proof_of_metrics(kind, defined, values, zone) for kind in MetricKind}


def _red_lines(turn: Turn, workflow_id: str) -> Mapping[DoneWhen, Proof | None]:
    return {DoneWhen.RED_LINES: proof_of_red_lines(turn.change.metrics.red_lines(workflow_id))}


def _eval_runs(turn: Turn, workflow_id: str) -> Mapping[DoneWhen, Proof | None]:
    return {DoneWhen.EVAL_RUN: proof_of_eval_runs(turn.change.metrics.eval_runs(workflow_id))}


_PROVEN_BY: Mapping[SignalType, Callable[[Turn, str], Mapping[DoneWhen, Proof | None]]] = {
    SignalType.METRIC: _metrics,
    SignalType.EVAL_RUN: _eval_runs,
    SignalType.RED_LINE: _red_lines,
}


def _judge(turn: Turn, workflow_id: str, now: Mapping[DoneWhen, Proof | None], voided_at: datetime | None) -> None:
    known = turn.change.known((workflow_id,))[workflow_id].proofs
    because = "what it rested on was taken back" if voided_at else "a metric was made easier"
    for kind, proof in now.items():
        for seen_at in fallen([each for each in known if each.kind == kind], proof, voided_at):
            turn.record(ProofWithdrawn(workflow_id=workflow_id, kind=kind, seen_at=seen_at, because=because))
        _see(turn, workflow_id, proof)


def _see(turn: Turn, workflow_id: str, proof: Proof | None) -> None:
    if proof is None:
        return
    known = turn.change.known((workflow_id,))[workflow_id].proofs
    if any(each.kind == proof.kind and each.at >= proof.at for each in known):
        return
    turn.record(
        ProofSeen(
            workflow_id=workflow_id,
            kind=proof.kind,
            seen_at=proof.at,
            summary=FreeText(proof.summary),
            url=FreeText(proof.url) if proof.url else None,
        )
    )
