"""What signals and definitions prove for the checklist: the proof of one kind as it stands, or none yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.calendar import local_date
from bot.domain.gate_evidence import DefinedRedLine, MetricKind
from bot.domain.items import Proof
from bot.domain.metrics import DefinedMetric
from bot.domain.playbook import DoneWhen
from bot.domain.signals.kinds import EvalRun, Metric, Signal
from bot.domain.wording import cut

METRIC_PROOFS = {MetricKind.SUCCESS: DoneWhen.SUCCESS_METRIC, MetricKind.GUARDRAIL: DoneWhen.GUARDRAIL_METRIC}


def proof_of_metrics(
    kind: MetricKind, defined: Sequence[DefinedMetric], values: Mapping[str, Signal[Metric]], zone: str
) -> Proof | None:
    """Complete metrics of a kind are there, as fresh as the one that was silent for longest: each must be measured.

    One without a value yet is as fresh as its definition; days are those in `zone`.
    """
    known = [
        Proof(METRIC_PROOFS[kind], max(each.since, value.at), _measured(each, value, zone), value.url)
        if (value := values.get(each.entry.name))
        else Proof(METRIC_PROOFS[kind], each.since, f"{_name(each.entry.name)} is defined")
        for each in defined
        if each.entry.kind is kind and each.entry.is_complete
    ]
    return min(known, key=lambda proof: proof.at, default=None)


def proof_of_red_lines(lines: Sequence[DefinedRedLine]) -> Proof | None:
    """Every red line was seen firing in a test; of several tests the last counts."""
    tests = [line.test for line in lines if line.test]
    if not tests or len(tests) < len(lines):
        return None
    last = max(tests, key=lambda test: test.at)
    told = "the red line" if len(lines) == 1 else f"each of {len(lines)} red lines"
    return Proof(DoneWhen.RED_LINES, last.at, f"{told} was seen firing in a test", last.url)


def proof_of_eval_runs(runs: Sequence[Signal[EvalRun]]) -> Proof | None:
    """The latest eval run."""
    if not runs:
        return None
    last = max(runs, key=lambda run: run.at)
    summary = f"{_name(last.body.suite)}: {last.body.passed:,} of {last.body.cases:,} passed"
    return Proof(DoneWhen.EVAL_RUN, last.at, summary, last.url)


def fallen(known: Sequence[Proof], now: Proof | None, voided_at: datetime | None) -> tuple[datetime, ...]:
    """When those of the known proofs of one kind were seen that hold no longer, since `now` is all that is proven.

    Those newer than `now` rest on nothing any more; so does one as old as what was taken back at `voided_at`, unless
    `now` bears it.
    """
    times = {proof.at for proof in known}
    last = now.at if now else None
    return tuple(sorted(at for at in times if last is None or at > last or (at == voided_at and at != last)))


def _measured(metric: DefinedMetric, value: Signal[Metric], zone: str) -> str:
    return f"{_name(metric.entry.name)} was {value.body.value:f} on {local_date(value.at, zone):%-d %b %Y}"


def _name(name: str) -> str:
    return cut(name, 60)
