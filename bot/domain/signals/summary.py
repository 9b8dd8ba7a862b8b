"""One signal in a few words, for whoever decides about it; nothing in them names a person or quotes what one wrote."""

from bot.domain.calendar import local_date
from bot.domain.signals.kinds import (
    AgentAction,
    Body,
    Change,
    EvalRun,
    Incident,
    Metric,
    QualitySave,
    RedLine,
    Review,
    ReviewTally,
    Rework,
    Seat,
    Signal,
    WorkItem,
)
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.wording import cut


def in_words(signal: Signal[Body], zone: str) -> str:
    """What it says, when, and which it is: "eval run, core: 186 of 200 passed, 3 Mar 2026 (ci/run-7)"."""
    return f"{said_when(signal, zone)} ({cut(f'{signal.source}/{signal.id}', 80)})"


def said_when(signal: Signal[Body], zone: str) -> str:
    """What it says, and on which day in `zone`: "eval run, core: 186 of 200 passed, 3 Mar 2026"."""
    kind = SHAPE_OF[type(signal.body)].kind.replace("_", " ")
    said = cut(_said(signal.body), 100)
    return f"{kind}{f', {said}' if said else ''}, {local_date(signal.at, zone):%-d %b %Y}"


def _said(body: Body) -> str:  # noqa: C901 - one flat table over the types
    match body:
        case Metric():
            return f"{body.metric} {body.value:f}"
        case EvalRun():
            return f"{body.suite}: {body.passed:,} of {body.cases:,} passed"
        case Review():
            return f"of {body.output_id}: {body.outcome or 'not done yet'}"
        case ReviewTally():
            return f"{body.reviewed:,} of {body.outputs:,} reviewed, {body.overridden:,} overridden"
        case Rework():
            return f"{body.kind.replace('_', ' ')} of ${body.cost_usd:f}"
        case Incident():
            return f"{body.key}, severity {body.severity}, {body.status}"
        case Change():
            return body.key
        case WorkItem():
            return f"{body.key}, {body.status}"
        case RedLine():
            return f"{body.rule}, {body.kind.replace('_', ' ')}"
        case AgentAction():
            return f"{body.action}, {body.outcome}"
        case Seat():
            return f"{body.tier}: {body.people:,} people"
        case QualitySave():
            return ""
