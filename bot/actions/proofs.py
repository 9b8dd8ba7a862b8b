"""Items tick themselves by what signals and definitions prove: recorded with what proves them."""

from bot.actions.desk import Turn
from bot.domain.facts import ProofSeen
from bot.domain.gate_evidence import MetricKind
from bot.domain.items import Proof
from bot.domain.people import FreeText
from bot.domain.proving import proof_of_eval_runs, proof_of_metrics, proof_of_red_lines


def see_metrics(turn: Turn, workflow_id: str) -> None:
    """What the metrics prove now, recorded if it is newer than what was proven before."""
    defined = turn.change.metrics.definitions(workflow_id)
    values = turn.change.metrics.latest(workflow_id)
    for kind in MetricKind:
        _see(turn, workflow_id, proof_of_metrics(kind, defined, values))


def see_red_lines(turn: Turn, workflow_id: str) -> None:
    """What the tests of the red lines prove now, recorded if it is newer."""
    _see(turn, workflow_id, proof_of_red_lines(turn.change.metrics.red_lines(workflow_id)))


def see_eval_runs(turn: Turn, workflow_id: str) -> None:
    """The latest eval run, recorded if it is newer."""
    _see(turn, workflow_id, proof_of_eval_runs(turn.change.metrics.eval_runs(workflow_id)))


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
