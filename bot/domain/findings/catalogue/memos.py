"""Rules about memos: a decision that nobody wrote down, and one that did not bring what was expected."""

from collections.abc import Iterator

from bot.domain.calendar import local_date
from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import FactValue, Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Predicted
from bot.domain.findings.words import called, titled
from bot.domain.gate_evidence import trace_of
from bot.domain.gates.words import counted, figure
from bot.domain.memos import Memo, Prediction
from bot.domain.signals.kinds import Change, Metric, Signal
from bot.domain.signals.order import is_history
from bot.domain.verdicts import Trace
from bot.domain.workflows import Role


@rule("memo.missing")
def memo_missing(look: WorkflowLook) -> Iterator[Found]:
    """A change marked irreversible was merged more than 2 days ago and no memo names its key in `changes`."""
    days = look.playbook.count("memo.missing", "max_days")
    known: dict[str, Signal[Change]] = {}
    for signal in look.records.irreversible:
        if signal.body.key not in look.records.named and _counts(look, signal):
            first = known.setdefault(signal.body.key, signal)
            known[signal.body.key] = min(first, signal, key=lambda each: each.body.merged_at)
    for key, signal in known.items():
        if signal.body.merged_at >= look.weeks.days_before(days):
            continue
        merged_on = local_date(signal.body.merged_at, look.workflow.team.zone)
        yield Found(
            severity=Severity.WARNING,
            summary=f"change {called(key)} cannot be undone and was merged on {merged_on:%-d %b %Y}, "
            f"more than {counted(days, 'day')} ago, and no memo names it",
            owner=look.owner(Role.OWNER),
            next_step=f"file a memo that names {called(key)} among its changes",
            facts=(("change", key), ("merged_at", signal.body.merged_at.isoformat()), ("max_days", days)),
            evidence=(trace_of(signal),),
            about=key,
        )


@rule("memo.missed")
def prediction_missed(look: WorkflowLook) -> Iterator[Found]:
    """A memo's prediction was due and the metric misses it, or has had no value since (then a notice: unanswered)."""
    for predicted in look.records.predictions:
        said = predicted.memo.content.prediction
        if said and predicted.measured is None:
            yield _unanswered(predicted.memo, said)
        elif said and predicted.measured and not said.holds(predicted.measured.body.value):
            yield _missed(predicted, said, predicted.measured)


def _counts(look: WorkflowLook, signal: Signal[Change]) -> bool:
    """Whether a change was merged while this workflow was under way; what was before its start is history."""
    start_on, zone = look.workflow.start_on, look.workflow.team.zone
    return local_date(signal.body.merged_at, zone) >= start_on and not is_history(signal, start_on, zone)


def _missed(predicted: Predicted, said: Prediction, measured: Signal[Metric]) -> Found:
    memo, value = predicted.memo, figure(measured.body.value)
    told = f"{said.metric} was {value}, and {_needed(said)}" if _is_for_all(memo) else "its value was another"
    facts: tuple[tuple[str, FactValue], ...] = (("value", value), ("measured_at", measured.at.isoformat()))
    return Found(
        severity=Severity.WARNING,
        summary=f"the prediction of {_titled(memo)} was missed: {told}",
        owner=memo.owner,
        next_step="file a memo that supersedes it and says what follows from the miss",
        facts=(*_facts(memo, said), *(facts if _is_for_all(memo) else ())),
        evidence=(Trace("memo", memo.id), *((trace_of(measured),) if _is_for_all(memo) else ())),
        about=memo.id,
    )


def _unanswered(memo: Memo, said: Prediction) -> Found:
    told = f"{said.metric} has no value, and {_needed(said)}" if _is_for_all(memo) else "its metric has no value"
    return Found(
        severity=Severity.NOTICE,
        summary=f"the prediction of {_titled(memo)} is unanswered: {told}",
        owner=memo.owner,
        next_step="record the metric's value, or file a memo that supersedes it",
        facts=_facts(memo, said),
        evidence=(Trace("memo", memo.id),),
        about=memo.id,
    )


def _is_for_all(memo: Memo) -> bool:
    """Whether everyone may read the whole memo; of another one a finding says no more than its id."""
    return memo.audience.is_everyone


def _titled(memo: Memo) -> str:
    return f"the memo “{titled(memo.title)}”" if _is_for_all(memo) else f"memo {memo.id}"


def _needed(said: Prediction) -> str:
    return f"{said.comparison.sign} {figure(said.value)} was expected by {said.check_on:%-d %b %Y}"


def _facts(memo: Memo, said: Prediction) -> tuple[tuple[str, FactValue], ...]:
    own: tuple[tuple[str, FactValue], ...] = (("memo", memo.id), ("check_on", said.check_on.isoformat()))
    if not _is_for_all(memo):
        return own
    return (
        *own,
        ("title", memo.title),
        ("metric", said.metric),
        ("comparison", str(said.comparison)),
        ("expected", figure(said.value)),
    )
