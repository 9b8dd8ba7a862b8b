"""What gates look at, gathered in the transaction in which they are judged: of one workflow, or of many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.checklists import Checklist
from bot.domain.checks import (
    Check,
    DeviationsClosed,
    EvalPassed,
    GrantsAttested,
    IncidentsClosed,
    LogsKept,
    MemoFiled,
    RedLinesFired,
    RedTeamAccepted,
    ReviewsHeld,
    RollbackRehearsed,
    TargetMet,
    VersionsNamed,
)
from bot.domain.gate_evidence import Evidence, RoleHolder
from bot.domain.people import Membership, Person
from bot.domain.playbook import Gate
from bot.domain.review_counts import ReviewCounts
from bot.domain.workflows import Workflow
from store import View

_LATEST = datetime(2300, 1, 1, tzinfo=UTC)

Memberships = Mapping[str, Membership]


@dataclass(frozen=True, slots=True)
class AtGate:
    """A workflow before a gate: the one ahead of it, or one that it has passed."""

    gate: Gate
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class Moment:
    """When gates are judged, what people are then (by handle), and before when the tests of red lines count."""

    at: datetime
    met: Memberships
    tests_until: datetime = _LATEST


def evidence_of(view: View, asked: Sequence[AtGate], moment: Moment) -> tuple[Evidence, ...]:
    """What the checks of these gates look at, gate by gate.

    What no check asks for is not looked up, and would be no data to whoever asked for it.
    """

    def of(*kinds: type[Check]) -> tuple[str, ...]:
        wanting = (each for each in asked if any(each.gate.check(kind) for kind in kinds))
        return tuple(dict.fromkeys(each.checklist.workflow.id for each in wanting))

    at = moment.at
    metrics = view.metrics.measured_among(dict.fromkeys(each.checklist.workflow.id for each in asked))
    red_lines = view.metrics.red_lines_among(of(RedLinesFired), moment.tests_until)
    eval_runs = view.gates.eval_runs_among(of(EvalPassed, VersionsNamed), at)
    reviews = _reviews(view, asked, at)
    incidents = view.gates.incidents_among(of(IncidentsClosed), at)
    deviations = view.deviations.among(of(DeviationsClosed))
    drills = view.drills.among(of(RollbackRehearsed))
    documents = view.documents.among(of(RedTeamAccepted))
    grants = view.grants.living_among(of(LogsKept, GrantsAttested))
    memos = view.memos.among(of(MemoFiled, TargetMet))

    def evidence(each: AtGate, workflow: Workflow) -> Evidence:
        return Evidence(
            at=at,
            leaving=each.gate.to.preceding or workflow.phase,
            phase_since=workflow.phase_since,
            checklist=each.checklist,
            holders=holders_of(workflow, moment.met),
            metrics=metrics[workflow.id],
            red_lines=red_lines.get(workflow.id),
            eval_runs=eval_runs.get(workflow.id),
            reviews=reviews.get((workflow.id, each.gate.to)),
            incidents=incidents.get(workflow.id),
            deviations=deviations.get(workflow.id),
            drills=drills.get(workflow.id),
            documents=documents.get(workflow.id),
            grants=grants.get(workflow.id),
            memos=memos.get(workflow.id),
        )

    return tuple(evidence(each, each.checklist.workflow) for each in asked)


def holders_of(workflow: Workflow, met: Memberships) -> tuple[RoleHolder, ...]:
    """Who holds a role in the workflow, and whether they are active people."""
    return tuple(
        RoleHolder(holder.role, holder.person.id, _is_active(holder.person, met)) for holder in workflow.holders
    )


def _reviews(view: View, asked: Sequence[AtGate], at: datetime) -> Mapping[tuple[str, str], ReviewCounts]:
    """The reviews that each gate counts, by workflow and gate: those over as many days are counted together."""
    checks = [(each, check) for each in asked if (check := each.gate.check(ReviewsHeld))]
    found: dict[tuple[str, str], ReviewCounts] = {}
    for days in sorted({check.days for _, check in checks}):
        counted = [each for each, check in checks if check.days == days]
        counts = view.gates.reviews_among(
            {e.checklist.workflow.id: e.checklist.workflow.team for e in counted}, days, at
        )
        found |= {(e.checklist.workflow.id, str(e.gate.to)): counts[e.checklist.workflow.id] for e in counted}
    return found


def _is_active(person: Person, met: Memberships) -> bool | None:
    membership = met.get(person.handle) if person.handle else Membership.DEACTIVATED
    if membership is None or membership is Membership.UNKNOWN:
        return None
    return membership is Membership.MEMBER
