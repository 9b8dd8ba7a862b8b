"""What the guards look at, gathered in the transaction in which it is judged."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from bot.actions.checklists import playbook_of
from bot.domain.documents import DocumentKind, DocumentState
from bot.domain.gate_evidence import MeasuredMetric, MetricKind, fresh_until
from bot.domain.grants.guarding import Run, Watched
from bot.domain.grants.life import SuspensionCause
from bot.domain.playbook import PhaseName, Playbook
from bot.domain.signals.kinds import Metric, Signal
from bot.domain.workflows import Workflow
from store import View

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2300, 1, 1, tzinfo=UTC)
"""Before this, every signal is: state is read as it stands, only time is judged at an instant (INTERFACE, `--at`)."""


def watched(view: View, workflow: Workflow, at: datetime) -> Watched:
    """What guards look at in this workflow, as it stands at `at`."""
    return watched_among(view, (workflow,), at)[workflow.id]


def watched_among(view: View, workflows: Iterable[Workflow], at: datetime) -> Mapping[str, Watched]:
    """The same of each of these workflows, by its id."""
    known = {each.id: each for each in workflows}
    runs, grants = view.gates.newest_runs_among(known, LATEST), view.grants.living_among(known)
    incidents, metrics = view.gates.incidents_among(known, LATEST), view.metrics.with_latest_among(known, LATEST)
    found = {}
    for id_, workflow in known.items():
        playbook = playbook_of(view, workflow)
        suspensions = [each for grant in grants[id_] for each in grant.suspensions]
        is_halted = any(each.cause is SuspensionCause.INCIDENT for each in suspensions)
        found[id_] = Watched(
            at=at,
            zone=workflow.team.zone,
            bar=playbook.eval_bar,
            runs=runs[id_],
            evals_fresh_until=_fresh_until(runs[id_], workflow, playbook),
            incidents=incidents[id_],
            severities=range(1, playbook.count("incident.open", "max_severity") + 1),
            postmortems=frozenset(_postmortems(view, workflow)) if is_halted else frozenset(),
            red_lines=frozenset(each.subject for each in suspensions if each.cause is SuspensionCause.RED_LINE),
            guardrails=tuple(_guardrails(metrics[id_])),
            attest_every_days=playbook.count("grant.life", "attest_every_days"),
        )
    return found


def _guardrails(metrics: Iterable[MeasuredMetric]) -> Iterator[tuple[MeasuredMetric, Signal[Metric]]]:
    for metric in metrics:
        if metric.kind is MetricKind.GUARDRAIL and metric.values:
            yield metric, metric.values[0]


def watched_for_time(
    workflow: Workflow, playbook: Playbook, runs: Mapping[str, tuple[Run, ...]], at: datetime
) -> Watched:
    """What guards look at as far as time alone is concerned, from the newest runs of each suite."""
    return Watched(
        at=at,
        zone=workflow.team.zone,
        bar=playbook.eval_bar,
        runs=runs,
        evals_fresh_until=_fresh_until(runs, workflow, playbook),
        incidents=(),
        severities=range(0),
        postmortems=frozenset(),
        red_lines=frozenset(),
        guardrails=(),
        attest_every_days=playbook.count("grant.life", "attest_every_days"),
    )


def evals_fresh_until(view: View, workflow: Workflow, playbook: Playbook) -> datetime | None:
    """The last instant at which the evals of a workflow are young enough; None in pilot, which asks for none."""
    if workflow.phase is PhaseName.PILOT:
        return None
    return _fresh_until(view.gates.newest_runs(workflow.id, LATEST), workflow, playbook)


def _fresh_until(runs: Mapping[str, tuple[Run, ...]], workflow: Workflow, playbook: Playbook) -> datetime | None:
    """The same from the newest runs of each suite.

    Of several suites the one that grows old first counts, and of those only the ones that are large enough for the
    gate, if any is: a small suite beside them keeps nobody waiting.
    """
    if workflow.phase is PhaseName.PILOT:
        return None
    latest, bar = [each[0] for each in runs.values()], playbook.eval_bar
    large = [run for run in latest if bar is None or run.body.cases >= bar.min_cases]
    days, zone = playbook.count("eval.stale", "max_age_days"), workflow.team.zone
    return min((fresh_until(run.at, days, zone) for run in large or latest), default=_NEVER)


def _postmortems(view: View, workflow: Workflow) -> Iterator[str]:
    """The keys of the incidents that were learned from."""
    for document in view.documents.of_workflow(workflow.id):
        if document.kind is DocumentKind.POSTMORTEM and document.state is DocumentState.ACCEPTED:
            yield document.latest.text.incident


def has_fresh_evals(view: View, workflow: Workflow, at: datetime) -> bool:
    """Whether the workflow has left pilot with evals that are young enough."""
    until = evals_fresh_until(view, workflow, playbook_of(view, workflow))
    return until is not None and at <= until
