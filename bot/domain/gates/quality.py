"""The checks of the agent's work: evals, their versions, reviews and overrides, red lines seen firing."""

from datetime import datetime
from decimal import Decimal

from bot.domain.checks import EvalPassed, RedLinesFired, ReviewsHeld, VersionsNamed
from bot.domain.gate_evidence import Evidence, trace_of
from bot.domain.gates.words import (
    NOT_KNOWN,
    counted,
    mender,
    named,
    old,
    past,
    percent,
    percent_at_least,
    percent_at_most,
)
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import Reviews
from bot.domain.signals.kinds import EvalRun, Signal
from bot.domain.statistics import wilson_lower, wilson_upper
from bot.domain.verdicts import CheckResult, Outcome, worst

_TYPED_COUNTS_IN = (PhaseName.PILOT, PhaseName.PRODUCTION)

Part = tuple[Outcome, str, str]
"""One half of a check: how it came out, what was found, what is needed."""


def eval_passed(check: EvalPassed, evidence: Evidence) -> CheckResult:
    """Whether the latest run of every suite that is large enough reaches the bar and is fresh.

    A suite that is too small cannot open the gate, and can keep it shut, as it can also suspend a grant.
    """
    runs = latest_runs(evidence)
    large = [run for run in runs if not _is_small(check, run.body)]
    failed = [run for run in runs if _run_outcome(check, run, evidence) is Outcome.FAIL]
    judged = failed or large or runs
    return CheckResult(
        check="eval_passed",
        outcome=worst(_run_outcome(check, run, evidence) for run in judged),
        found=named([_run_told(check, run, evidence) for run in judged])
        or ("no run" if evidence.eval_runs is not None else NOT_KNOWN),
        needs=f"{bar_in_words(check)} of ≥ {check.min_cases} cases passed, ≤ {old(check.max_age_days)}",
        role=mender(evidence, "eval_owner"),
        evidence=tuple(trace_of(run) for run in judged),
    )


def reaches(check: EvalPassed, run: EvalRun) -> bool:
    """Whether a run is at the bar or above it; without cases it is not."""
    if run.cases <= 0:
        return False
    if check.lower_bound is not None:
        return wilson_lower(run.passed, run.cases) >= check.lower_bound
    return check.min_pass is not None and Decimal(run.passed) >= check.min_pass * run.cases


def fails(check: EvalPassed, run: EvalRun) -> bool:
    """Whether a run says that the agent is below the bar.

    No run of fewer than `min_cases` proves a bound, however well it went, so there the plain share is held against it.
    """
    if run.cases <= 0:
        return False
    if check.lower_bound is not None and _is_small(check, run):
        return Decimal(run.passed) < check.lower_bound * run.cases
    return not reaches(check, run)


def latest_runs(evidence: Evidence) -> tuple[Signal[EvalRun], ...]:
    """Of each suite the last run up to the instant of the evidence, and all of them where several share that moment."""
    runs = [run for run in evidence.eval_runs or () if run.at <= evidence.at]
    last: dict[str, datetime] = {}
    for run in runs:
        last[run.body.suite] = max(run.at, last.get(run.body.suite, run.at))
    return tuple(sorted((run for run in runs if run.at == last[run.body.suite]), key=lambda r: (r.body.suite, r.id)))


def versions_named(check: VersionsNamed, evidence: Evidence) -> CheckResult:
    """Whether every eval run of the window names its prompt and its model version."""
    runs = [r for r in evidence.eval_runs or () if r.at <= evidence.at and evidence.is_fresh(r.at, check.days)]
    unnamed = [run for run in runs if not (run.body.prompt_version.strip() and run.body.model.strip())]
    outcome = Outcome.FAIL if unnamed else Outcome.PASS if runs else Outcome.NO_DATA
    told = f"{len(unnamed)} of {counted(len(runs), 'run')} without" if unnamed else f"{counted(len(runs), 'run')} with"
    return CheckResult(
        check="versions_named",
        outcome=outcome,
        found=f"{told} prompt and model version" if runs else f"no eval run in {counted(check.days, 'day')}",
        needs=f"prompt and model version on every eval run of {counted(check.days, 'day')}",
        role=mender(evidence, "eval_owner"),
        evidence=tuple(trace_of(run) for run in unnamed or runs),
    )


def red_lines_fired(check: RedLinesFired, evidence: Evidence) -> CheckResult:
    """Whether there are enough red lines, each seen firing in a test."""
    lines = evidence.red_lines or ()
    unseen = [line.rule for line in lines if line.test is None or line.test.at > evidence.at]
    outcome = Outcome.FAIL if unseen or len(lines) < check.min_count else Outcome.PASS
    told = f"{len(lines) - len(unseen)} of {counted(len(lines), 'red line')} seen firing"
    if evidence.red_lines is None:
        outcome, told = Outcome.NO_DATA, NOT_KNOWN
    elif unseen:
        told = f"{told}; not yet: {named(unseen)}"
    return CheckResult(
        check="red_lines_fired",
        outcome=outcome,
        found=told,
        needs=f"≥ {counted(check.min_count, 'red line')}, each seen firing in a test",
        role=mender(evidence, "steward"),
        evidence=tuple(trace_of(line.test) for line in lines if line.test),
    )


def reviews_held(check: ReviewsHeld, evidence: Evidence) -> CheckResult:
    """Whether enough of what was due is reviewed, and little enough of what was reviewed is overridden.

    What people typed for whole weeks counts until production is left, and is marked; from then on only what was seen.
    """
    counts = evidence.reviews
    known = counts if counts and counts.days == check.days else None
    typed = known.typed if known and evidence.leaving in _TYPED_COUNTS_IN else Reviews()
    total = (known.seen if known else Reviews()) + typed
    parts = (_coverage(check, total), _overrides(check, total))
    outcome = worst(part for part, _, _ in parts)
    shown = [part for part in parts if part[0] is not Outcome.PASS] or parts
    marked = f" ({max(typed.due, typed.reviewed)} of them typed)" if typed != Reviews() else ""
    return CheckResult(
        check="reviews_held",
        outcome=outcome,
        found="; ".join(found for _, found, _ in shown) + marked if known else NOT_KNOWN,
        needs=f"{' and '.join(needs for _, _, needs in shown)} in {counted(check.days, 'day')}",
        role=mender(evidence, "eval_owner" if parts[0][0] is Outcome.PASS else "steward"),
    )


def _run_outcome(check: EvalPassed, run: Signal[EvalRun], evidence: Evidence) -> Outcome:
    if fails(check, run.body):
        return Outcome.FAIL
    is_enough = not _is_small(check, run.body) and evidence.is_fresh(run.at, check.max_age_days)
    return Outcome.PASS if is_enough else Outcome.NO_DATA


def _is_small(check: EvalPassed, run: EvalRun) -> bool:
    return run.cases < max(check.min_cases, 1)


def _run_told(check: EvalPassed, run: Signal[EvalRun], evidence: Evidence) -> str:
    days = evidence.age_days(run.at)
    aged = old(days) if evidence.is_fresh(run.at, check.max_age_days) else past(days, check.max_age_days)
    several = len({one.body.suite for one in latest_runs(evidence)}) > 1
    cases, passed = run.body.cases, run.body.passed
    suite = f"{run.body.suite}: " if several else ""
    if cases <= 0:
        return f"{suite}no cases ({aged})"
    if check.lower_bound is None:
        return f"{suite}{percent_at_least(Decimal(passed) / cases)} of {cases} ({aged})"
    return f"{suite}{passed} of {cases}, which proves {percent_at_least(wilson_lower(passed, cases))} ({aged})"


def bar_in_words(check: EvalPassed) -> str:
    """What a run has to reach, as checks and guards tell it."""
    if check.lower_bound is not None:
        return f"proof of ≥ {percent(check.lower_bound)}"
    return f"≥ {percent(check.min_pass or Decimal(1))}"


def _coverage(check: ReviewsHeld, total: Reviews) -> Part:
    needs = f"≥ {percent(check.min_reviewed)} of ≥ {check.min_n} outputs reviewed"
    if total.due < check.min_n or total.due <= 0:
        return Outcome.NO_DATA, f"{counted(total.due, 'output')} to review", needs
    enough = Decimal(total.due_reviewed) >= check.min_reviewed * total.due
    share = percent_at_least(Decimal(total.due_reviewed) / total.due)
    return Outcome.PASS if enough else Outcome.FAIL, f"{share} of {total.due} reviewed", needs


def _overrides(check: ReviewsHeld, total: Reviews) -> Part:
    n = total.reviewed
    if check.overrides is not None:
        bound, min_n = check.overrides.upper_bound, check.overrides.min_n
        needs = f"proof of ≤ {percent(bound)} of ≥ {min_n} reviews overridden"
    else:
        bound, min_n = check.max_override or Decimal(0), check.min_n
        needs = f"≤ {percent(bound)} of ≥ {min_n} reviews overridden"
    if n < min_n or n <= 0:
        return Outcome.NO_DATA, counted(n, "review"), needs
    if check.overrides is None:
        few = Decimal(total.overridden) <= bound * n
        told = f"{percent_at_most(Decimal(total.overridden) / n)} of {n} overridden"
    else:
        upper = wilson_upper(total.overridden, n)
        few, told = upper <= bound, f"{total.overridden} of {n} overridden, which proves {percent_at_most(upper)}"
    return Outcome.PASS if few else Outcome.FAIL, told, needs
