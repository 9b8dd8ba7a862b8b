"""Items tick themselves by what signals and definitions prove; both its beginning and its end are recorded.

To see is to look for something newer. To judge anew is to look whether what was seen still holds, after something that
it may have rested on was taken back.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from bot.actions.desk import Turn
from bot.actions.grants.watch import LATEST
from bot.domain.facts import ProofSeen, ProofWithdrawn
from bot.domain.gate_evidence import MetricKind
from bot.domain.items import Proof
from bot.domain.people import FreeText
from bot.domain.playbook import DoneWhen
from bot.domain.proving import METRIC_PROOFS, fallen, proof_of_eval_runs, proof_of_metrics, proof_of_red_lines
from bot.domain.signals.kinds import SignalType
from store import View


def see(turn: Turn, touched: Mapping[SignalType, Collection[str]]) -> None:
    """What signals of these kinds prove of these workflows now, recorded where it is newer than what was proven."""
    touched = {kind: ids for kind, ids in touched.items() if kind in _PROVEN_BY}
    known = turn.change.proofs({each: None for ids in touched.values() for each in ids})
    for kind, ids in touched.items():
        for workflow_id, proven in _PROVEN_BY[kind](turn.change, ids).items():
            for proof in proven.values():
                _see(turn, workflow_id, proof, known[workflow_id])


def judge_anew(turn: Turn, workflow_id: str, kind: SignalType, voided_at: datetime) -> None:
    """What rested on a signal of that kind and time, which was taken back, withdrawn where nothing else bears it."""
    if prove := _PROVEN_BY.get(kind):
        _judge(turn, workflow_id, prove(turn.change, (workflow_id,))[workflow_id], voided_at)


def judge_metrics_anew(turn: Turn, workflow_id: str) -> None:
    """What the metrics proved, withdrawn where it no longer holds after one was made easier."""
    _judge(turn, workflow_id, _metrics(turn.change, (workflow_id,))[workflow_id], None)


Proven = Mapping[DoneWhen, Proof | None]


def _metrics(view: View, workflow_ids: Collection[str]) -> Mapping[str, Proven]:
    defined, values = view.metrics.definitions_among(workflow_ids), view.metrics.latest_among(workflow_ids)
    zones = view.zones(workflow_ids)
    return {
        each: {
            METRIC_PROOFS[kind]: proof_of_metrics(kind, defined[each], values[each], zones[each]) for kind in MetricKind
        }
        for each in workflow_ids
    }


def _red_lines(view: View, workflow_ids: Collection[str]) -> Mapping[str, Proven]:
    lines = view.metrics.red_lines_among(workflow_ids, LATEST)
    return {each: {DoneWhen.RED_LINES: proof_of_red_lines(of)} for each, of in lines.items()}


def _eval_runs(view: View, workflow_ids: Collection[str]) -> Mapping[str, Proven]:
    runs = view.metrics.eval_runs_among(workflow_ids)
    return {each: {DoneWhen.EVAL_RUN: proof_of_eval_runs(of)} for each, of in runs.items()}


_PROVEN_BY: Mapping[SignalType, Callable[[View, Collection[str]], Mapping[str, Proven]]] = {
    SignalType.METRIC: _metrics,
    SignalType.EVAL_RUN: _eval_runs,
    SignalType.RED_LINE: _red_lines,
}


def _judge(turn: Turn, workflow_id: str, now: Proven, voided_at: datetime | None) -> None:
    known = _known(turn, workflow_id)
    because = "what it rested on was taken back" if voided_at else "a metric was made easier"
    for kind, proof in now.items():
        for seen_at in fallen([each for each in known if each.kind == kind], proof, voided_at):
            turn.record(ProofWithdrawn(workflow_id=workflow_id, kind=kind, seen_at=seen_at, because=because))
        _see(turn, workflow_id, proof, _known(turn, workflow_id))


def _known(turn: Turn, workflow_id: str) -> Sequence[Proof]:
    return turn.change.proofs((workflow_id,))[workflow_id]


def _see(turn: Turn, workflow_id: str, proof: Proof | None, known: Sequence[Proof]) -> None:
    if proof is None or any(each.kind == proof.kind and each.at >= proof.at for each in known):
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
