"""What makes a grant stand still, and what lets it go on (RULES, "Suspension by guard"): pure, over what was seen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.checks import EvalPassed
from bot.domain.gate_evidence import MeasuredMetric
from bot.domain.gates.quality import bar_in_words, fails, reaches
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause, is_suspended_by
from bot.domain.grants.terms import GrantTerms, digits
from bot.domain.signals.kinds import (
    Body,
    EvalRun,
    Incident,
    IncidentCourse,
    Metric,
    RedLine,
    RedLineKind,
    Signal,
)

RUNS_TO_RESUME = 2
"""How many runs in a row must pass after one that failed; mere staleness asks for one."""

TIMED = frozenset({SuspensionCause.EVALS_STALE, SuspensionCause.UNATTESTED})
"""What time alone causes."""

_MOMENT = timedelta(microseconds=1)

Run = Signal[EvalRun]


@dataclass(frozen=True, slots=True)
class Watched:
    """What guards look at in one workflow, at `at`; `zone` is its team's.

    `runs` are the newest runs of each suite, newest first. `evals_fresh_until` is the last instant at which they are
    young enough: None where the phase asks for none, an instant already past where there is no run. `severities` are
    those that suspend, `postmortems` the keys of incidents with an accepted one (gathered only where an incident
    suspends some grant), `red_lines` the red lines for which some grant of the workflow still stands still,
    `guardrails` the latest value of each guardrail, where there is one.
    """

    at: datetime
    zone: str
    bar: EvalPassed | None
    runs: Mapping[str, tuple[Run, ...]]
    evals_fresh_until: datetime | None
    incidents: tuple[IncidentCourse, ...]
    severities: range
    postmortems: frozenset[str]
    red_lines: frozenset[str]
    guardrails: tuple[tuple[MeasuredMetric, Signal[Metric]], ...]
    attest_every_days: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that holds now and suspends grants; `told` says it in words, to stand after "because".

    `observed_at` is the instant of the signal that tells of it, or the one from which time alone caused it.
    """

    cause: SuspensionCause
    subject: str
    observed_at: datetime | None
    told: str

    @property
    def name(self) -> tuple[SuspensionCause, str]:
        """By what it is known: one suspension of a grant for each."""
        return self.cause, self.subject


def causes(watched: Watched) -> tuple[Cause, ...]:
    """Everything about the workflow that suspends grants as things stand; what a red line does is an event instead."""
    return (*_failing(watched), *_stale(watched), *_incidents(watched), *_breaches(watched))


def causes_for(grant: Grant, watched: Watched) -> tuple[Cause, ...]:
    """Those that reach this grant, and its own missed attestation."""
    reaching = tuple(each for each in causes(watched) if is_suspended_by(each.cause, grant.terms))
    due_at = grant.attest_by(watched.attest_every_days)
    if due_at is None or watched.at < due_at:
        return reaching
    told = f"its attestation was due on {local_date(due_at, watched.zone):%-d %b %Y}"
    return (*reaching, Cause(SuspensionCause.UNATTESTED, "", due_at, told))


def as_it_stands(grant: Grant, watched: Watched) -> Grant:
    """The grant as time alone has left it by `watched.at`, suspended or ended, recorded yet or not."""
    if not grant.lives:
        return grant
    if grant.has_expired(watched.at):
        return replace(grant, state=GrantState.EXPIRED, suspensions=(), ended_at=grant.expires_at)
    timed = (each for each in causes_for(grant, watched) if each.cause in TIMED)
    new = tuple(
        Suspension(each.cause, each.observed_at or watched.at, each.subject, each.observed_at)
        for each in news_for(grant, timed)
    )
    return replace(grant, state=GrantState.SUSPENDED, suspensions=(*grant.suspensions, *new)) if new else grant


def news_for(grant: Grant, found: Iterable[Cause]) -> tuple[Cause, ...]:
    """Those of the causes that reach this grant and do not make it stand still yet, each once."""
    held = {(each.cause, each.subject) for each in grant.suspensions}
    new = {each.name: each for each in found if each.name not in held and is_suspended_by(each.cause, grant.terms)}
    return tuple(new.values())


def due_at(grant: Grant, evals_fresh_until: datetime | None, attest_every_days: int) -> datetime | None:
    """The first instant at which time alone does something to this grant that is not recorded yet; None if never."""
    held = {each.cause for each in grant.suspensions}
    instants = [grant.expires_at]
    if SuspensionCause.UNATTESTED not in held:
        instants.append(grant.attest_by(attest_every_days))
    is_reached = is_suspended_by(SuspensionCause.EVALS_STALE, grant.terms)
    if evals_fresh_until is not None and is_reached and SuspensionCause.EVALS_STALE not in held:
        instants.append(evals_fresh_until + _MOMENT)
    return min((each for each in instants if each is not None), default=None)


def crossings(before: Mapping[str, Signal[RedLine]], after: Mapping[str, Signal[RedLine]]) -> tuple[Cause, ...]:
    """The red lines of which `after`, the last violation of each, knows a later one than `before`."""
    found = []
    for rule, signal in sorted(after.items()):
        known = before.get(rule)
        if known is None or signal.at > known.at:
            told = f"the red line {rule} was violated on {signal.at:%-d %b %Y at %H:%M} UTC"
            found.append(Cause(SuspensionCause.RED_LINE, rule, signal.at, told))
    return tuple(found)


def tells_of(signal: Signal[Body], watched: Watched) -> tuple[SuspensionCause, str] | None:
    """What this signal, were it the latest, would suspend grants for; None if it speaks against nothing."""
    body = signal.body
    if isinstance(body, EvalRun) and watched.bar is not None and fails(watched.bar, body):
        return SuspensionCause.EVAL_FAILED, body.suite
    if isinstance(body, Incident) and body.severity in watched.severities:
        return SuspensionCause.INCIDENT, body.key
    if isinstance(body, RedLine) and body.kind is RedLineKind.VIOLATION:
        return SuspensionCause.RED_LINE, body.rule
    if isinstance(body, Metric) and any(
        metric.name == body.metric and _is_beyond(metric, body) for metric, _ in watched.guardrails
    ):
        return SuspensionCause.GUARDRAIL, body.metric
    return None


def bars(terms: GrantTerms, watched: Watched) -> tuple[str, ...]:
    """Why no grant with these terms may come into force now, in words; empty if nothing bars it."""
    found = [each.told for each in causes(watched) if is_suspended_by(each.cause, terms)]
    if is_suspended_by(SuspensionCause.RED_LINE, terms):
        found += [f"a violation of the red line {rule} is not answered yet" for rule in sorted(watched.red_lines)]
    return tuple(found)


def obstacles(grant: Grant, watched: Watched) -> tuple[str, ...]:
    """What keeps a suspended grant from going on, in words; empty once only a person's reason is wanting."""
    still = [each.told for each in causes_for(grant, watched)]
    for suspension in grant.suspensions:
        if suspension.cause is SuspensionCause.EVAL_FAILED:
            still += _unproven(watched, suspension.subject)
        elif suspension.cause is SuspensionCause.EVALS_STALE:
            still += _unproven(watched, None)
        elif suspension.cause is SuspensionCause.INCIDENT:
            still += _unlearned(watched, suspension.subject)
    return tuple(dict.fromkeys(still))


def _failing(watched: Watched) -> Iterator[Cause]:
    for suite, runs in sorted(watched.runs.items()):
        failed = next((run for run in _newest(runs) if _fails(watched, run)), None)
        if failed:
            bar = f", and the floor is {bar_in_words(watched.bar)}" if watched.bar else ""
            told = f"the latest run of {suite} passed {failed.body.passed} of {failed.body.cases}{bar}"
            yield Cause(SuspensionCause.EVAL_FAILED, suite, failed.at, told)


def _stale(watched: Watched) -> Iterator[Cause]:
    until = watched.evals_fresh_until
    if until is None or watched.at <= until:
        return
    if watched.runs:
        told = f"the evals are too old since {local_date(until, watched.zone):%-d %b %Y}"
        yield Cause(SuspensionCause.EVALS_STALE, "", until, told)
    else:
        yield Cause(SuspensionCause.EVALS_STALE, "", None, "there is no eval run")


def _incidents(watched: Watched) -> Iterator[Cause]:
    for course in watched.incidents:
        incident = course.latest.body
        if course.resolved_at is None and incident.severity in watched.severities:
            yield Cause(SuspensionCause.INCIDENT, incident.key, course.latest.at, _open(incident))


def _breaches(watched: Watched) -> Iterator[Cause]:
    for metric, value in watched.guardrails:
        if metric.limit is not None and _is_beyond(metric, value.body):
            told = f"{metric.name} is {digits(value.body.value)}, limit {digits(metric.limit)}"
            yield Cause(SuspensionCause.GUARDRAIL, metric.name, value.at, told)


def _is_beyond(metric: MeasuredMetric, value: Metric) -> bool:
    """Whether a value is on the wrong side of the limit; exactly at it is within."""
    return metric.limit is not None and not metric.better.holds(value.value, metric.limit)


def _newest(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The last run, and all that share its instant."""
    return tuple(run for run in runs if run.at == runs[0].at)


def _fails(watched: Watched, run: Run) -> bool:
    return watched.bar is not None and fails(watched.bar, run.body)


def _unproven(watched: Watched, suite: str | None) -> Iterator[str]:
    """The suite whose last runs do not all pass yet; without a name, every suite's last run has to."""
    if suite is None:
        if not watched.runs:
            yield "no eval run has come in since"
        return
    runs = watched.runs.get(suite, ())[:RUNS_TO_RESUME]
    passed = next((place for place, run in enumerate(runs) if not _passes(watched, run)), len(runs))
    if passed < RUNS_TO_RESUME:
        yield f"the last {RUNS_TO_RESUME} runs of {suite} have to pass, and so far {passed} in a row did"


def _passes(watched: Watched, run: Run) -> bool:
    """Whether a run proves that the agent is at the bar; one that is too small to be judged proves nothing."""
    return watched.bar is None or reaches(watched.bar, run.body)


def _unlearned(watched: Watched, key: str) -> Iterator[str]:
    """The incident that is not over yet, whatever its severity is now, or that has no accepted postmortem."""
    known = next((course for course in watched.incidents if course.latest.body.key == key), None)
    if known is None:
        return
    if known.resolved_at is None:
        yield _open(known.latest.body)
    elif key not in watched.postmortems:
        yield f"incident {key} is resolved, but has no accepted postmortem"


def _open(incident: Incident) -> str:
    return f"incident {incident.key} (sev{incident.severity}) is open"
