"""Friday's direct message: whom to ask for the numbers that nobody sent this week, once each, and for which."""

from collections.abc import Iterator
from datetime import date, datetime

from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.domain.absences import Absences
from bot.domain.people import Person, Told
from bot.domain.signals.missing import Missing, Sent, friday_asked, is_asked_about, missing, week_of
from bot.domain.workflows import Role, Workflow
from store import View

KIND = "friday"


def due(view: View, at: datetime) -> tuple[Told, ...]:
    """A message for everyone who is to be asked at `at`; what it says is looked up when it is told.

    The key holds the person and the Friday, so that nobody is asked twice, however many look.
    """
    absences = view.absences(at)
    found = {}
    for workflow in view.workflows():
        for person in _answerable(workflow, absences):
            friday = friday_asked(at, person.zone)
            if friday and is_asked_about(workflow, friday):
                about = (("person", person.id), ("friday", friday.isoformat()))
                key = f"{KIND}:{person.id}:{friday}"
                found[key] = Told(KIND, str(person.handle), about, key)
    return tuple(found.values())


def tell(turn: Turn, told: tuple[Told, ...]) -> None:
    """Those messages put aside to be told; one that was before stays as it is."""
    turn.tell(told)


def missing_of(view: View, person: Person, friday: date, at: datetime) -> tuple[Missing, ...]:
    """What nobody sent in the week of that Friday about the workflows that `person` answers for, by their names."""
    absences = view.absences(at)
    handles = (person.handle, *(each.person.handle for each in absences.all if _stands_in(each.deputy, person)))
    mine = {workflow.id: workflow for handle in handles if handle for workflow in view.workflows_of(handle)}
    found = (
        _missing(view, workflow, friday)
        for workflow in sorted(mine.values(), key=lambda each: each.name)
        if any(each.id == person.id for each in _answerable(workflow, absences))
    )
    return tuple(each for each in found if each.count)


def _missing(view: View, workflow: Workflow, friday: date) -> Missing:
    if not is_asked_about(workflow, friday, playbook_of(view, workflow).holidays):
        return Missing(workflow)
    span, seen = week_of(friday, workflow.team.zone), view.activity
    sent = Sent(
        metrics=seen.metrics(workflow.id, span),
        has_eval_run=seen.has_eval_run(workflow.id, span),
        has_acted=seen.has_acted(workflow.id, span),
        has_reviews=seen.has_reviews(workflow.id, span),
    )
    return missing(workflow, view.metrics.definitions(workflow.id), sent)


def _answerable(workflow: Workflow, absences: Absences) -> Iterator[Person]:
    """Its stewards, without any its owner; whoever stands in for one who is away, nobody if nobody does."""
    for holder in workflow.holders_of(Role.STEWARD) or workflow.holders_of(Role.OWNER):
        reached = absences.reached(holder)
        if reached and reached.handle and reached.handle.startswith(("U", "W")):
            yield reached


def _stands_in(deputy: Person | None, person: Person) -> bool:
    return deputy is not None and deputy.handle == person.handle
