"""The ninety-day report: gathered when somebody asks, and told by itself on day 91.

That of a workflow that is closed is told with the fact itself (`bot.actions.told`).
"""

from datetime import datetime, timedelta

from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.grants.looking import as_they_stand
from bot.domain.calendar import end_of_day, local_date
from bot.domain.grants.ladder import measured_effect
from bot.domain.overrides import overrides_in
from bot.domain.people import Told
from bot.domain.playbook import Playbook
from bot.domain.reports.autonomy import AutonomyReached, PhaseTurn, granted_by_rung, highest_rung, rung_now, stays_of
from bot.domain.reports.ledger import ReviewEffort, SaveTold, by_severity, seats_of
from bot.domain.reports.progress import progress_of
from bot.domain.reports.report import Costs, Decisions, Quality, Report, is_due
from bot.domain.signals.kinds import QualitySave, Signal, Span
from bot.domain.workflows import Workflow
from store import View
from store.reading.weekly import ReviewsAsked

ON_DAY = "report_on_day"
_SAVES_TOLD = 5


def report_of(view: View, workflow: Workflow, at: datetime) -> Report:
    """The report of a workflow at `at`; of one that was closed, as things stood when it was."""
    turns, closed_at = view.reports.course(workflow.id)
    until = min(at, closed_at) if closed_at else at
    span, playbook = _span(workflow, until), playbook_of(view, workflow)
    metrics = view.metrics.measured(workflow.id)
    autonomy = _autonomy(view, workflow, playbook, turns, until)
    return Report(
        workflow=workflow,
        playbook=playbook,
        at=until,
        closed_at=closed_at,
        metrics=tuple(progress_of(metric, span, workflow.team.zone) for metric in metrics),
        autonomy=autonomy,
        costs=Costs(
            rework=view.reports.rework(workflow.id, span),
            reviews=_reviews(view, workflow, span),
            typed=view.reports.typed_reviews(workflow.id, span),
            seats=seats_of(view.seats(until).get(workflow.team.id, ())),
        ),
        quality=_quality(view, workflow, span),
        decisions=Decisions(view.reports.answered(workflow.id, until), view.reports.memos(workflow.id, until)),
    )


def due(view: View, at: datetime) -> tuple[Told, ...]:
    """The reports that are to be told at `at`, each in its team's channel; the key lets each be told once."""
    return tuple(
        Told(ON_DAY, workflow.team.channel, (("workflow", workflow.id),), f"{ON_DAY}:{workflow.id}")
        for workflow in view.workflows()
        if workflow.team.channel and is_due(workflow, at)
    )


def tell(turn: Turn, told: tuple[Told, ...]) -> None:
    """Those reports put aside to be told; one that was before stays as it is."""
    turn.tell(told)


def _span(workflow: Workflow, until: datetime) -> Span:
    """From the first moment of its first day; nothing, while that is to come."""
    begins = end_of_day(workflow.start_on - timedelta(days=1), workflow.team.zone)
    return Span(min(begins, until), until)


def _autonomy(
    view: View, workflow: Workflow, playbook: Playbook, turns: tuple[PhaseTurn, ...], until: datetime
) -> AutonomyReached:
    grants = as_they_stand(view, view.grants.of_workflow(workflow.id), until)
    granted = granted_by_rung(grants, until)
    ended_on = local_date(until, workflow.team.zone) if workflow.outcome else None
    return AutonomyReached(
        rung=rung_now(granted),
        highest=playbook.operating_model(highest_rung(granted)),
        granted=granted,
        stays=stays_of(workflow, turns, ended_on),
        overrides=tuple(each for request in view.moves(workflow.id) for each in overrides_in(request)),
        effect=measured_effect(view.grants.lead_times(workflow.id, until), until),
    )


def _reviews(view: View, workflow: Workflow, span: Span) -> ReviewEffort | None:
    """Outputs by when they were handed in, overrides by when they were found; None where nothing was."""
    asked = ReviewsAsked(weeks=(span,), due_by=span.end, quick=timedelta(), slow=timedelta())
    found = view.weekly.reviews({workflow.id: asked}, span.end)[workflow.id]
    if not found.due and not found.weeks[0].reviewed:
        return None
    return ReviewEffort(found.due, found.due_reviewed, found.weeks[0].overridden)


def _quality(view: View, workflow: Workflow, span: Span) -> Quality:
    saves = view.chronicle.saves((workflow.id,), span)
    incidents = view.sightings.incidents({workflow.id: span})[workflow.id]
    since = tuple(course for course in incidents if span.holds(course.opened_at))
    return Quality(
        saves=len(saves),
        told=tuple(_told(view, save) for save in reversed(saves[-_SAVES_TOLD:])),
        incidents=by_severity(since, view.reports.postmortems(workflow.id)),
        findings=view.reports.precision(workflow.id),
    )


def _told(view: View, save: Signal[QualitySave]) -> SaveTold:
    by = save.body.by
    person = view.person_by_handle(by) if by else None
    return SaveTold(save.body.summary, person.name if person else by, save.url)
