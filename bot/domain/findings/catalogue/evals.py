"""Rules about eval suites: the latest run of each, good enough and fresh."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from bot.domain.checks import EvalPassed
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import called, days_since
from bot.domain.gate_evidence import trace_of
from bot.domain.gates.quality import bar_in_words, fails
from bot.domain.gates.words import counted, old, past, percent_at_least
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import EvalRun, Signal
from bot.domain.signals.order import is_history
from bot.domain.statistics import wilson_lower
from bot.domain.workflows import Role


@rule("eval.below_threshold")
def eval_below_threshold(look: WorkflowLook) -> Iterator[Found]:
    """The latest run of an eval suite passed less than the threshold: 95 % of its cases, or the playbook's bound."""
    bar, workflow = look.playbook.eval_bar, look.workflow
    if bar is None:
        return
    for suite, runs in groupby(look.seen.runs, key=lambda run: run.body.suite):
        own = [run for run in runs if not is_history(run, workflow.start_on, workflow.team.zone)]
        failed = [run for run in own if fails(bar, run.body)]
        if not failed:
            continue
        run = failed[-1]
        yield Found(
            severity=Severity.CRITICAL,
            summary=f"eval {called(suite)}: {_passed(bar, run)}, needs {bar_in_words(bar)}",
            owner=look.owner(Role.EVAL_OWNER),
            next_step="find the cases that fail and roll the change back, or mend it",
            facts=(
                ("suite", suite),
                ("cases", run.body.cases),
                ("passed", run.body.passed),
                ("needs", bar_in_words(bar)),
                ("prompt_version", run.body.prompt_version),
                ("model", run.body.model),
                ("run_at", run.at.isoformat()),
            ),
            evidence=(trace_of(run),),
            about=suite,
        )


def _passed(bar: EvalPassed, run: Signal[EvalRun]) -> str:
    cases, passed = run.body.cases, run.body.passed
    if bar.lower_bound is None:
        return f"{passed:,} of {cases:,} passed ({percent_at_least(Decimal(passed) / cases)})"
    return f"{passed:,} of {cases:,} passed, which proves {percent_at_least(wilson_lower(passed, cases))}"


@rule("eval.stale")
def eval_stale(look: WorkflowLook) -> Iterator[Found]:
    """From production on, a suite's latest run is more than 14 days old, or there is none; a notice 4 days before."""
    if look.workflow.phase is PhaseName.PILOT:
        return
    max_days, notice_days = (look.playbook.count("eval.stale", name) for name in ("max_age_days", "notice_days"))
    owner, limit = look.owner(Role.EVAL_OWNER), ("max_age_days", max_days)
    if not look.seen.runs:
        yield Found(
            severity=Severity.WARNING,
            summary=f"no eval run yet (one every {counted(max_days, 'day')})",
            owner=owner,
            next_step="run the eval suite",
            facts=(("suite", None), limit),
        )
    oldest, noticed = look.weeks.days_before(max_days), look.weeks.days_before(max(max_days - notice_days, 0))
    for suite, runs in groupby(look.seen.runs, key=lambda run: run.body.suite):
        run = next(runs)
        if run.at > noticed:
            continue
        is_stale, days = run.at < oldest, days_since(run.at, look.weeks)
        yield Found(
            severity=Severity.WARNING if is_stale else Severity.NOTICE,
            summary=f"eval {called(suite)}: latest run {past(days, max_days) if is_stale else old(days)} "
            f"(at most {counted(max_days, 'day')})",
            owner=owner,
            next_step=f"run the suite {called(suite)}",
            facts=(("suite", suite), ("run_at", run.at.isoformat()), ("days", days), limit),
            evidence=(trace_of(run),),
            about=suite,
        )
