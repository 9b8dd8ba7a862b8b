"""Friday's question: which numbers of a workflow nobody sent this week, and when their steward is asked for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import end_of_day, local_date
from bot.domain.metrics import DefinedMetric
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Span
from bot.domain.workflows import Workflow

FRIDAY = 4
ASKED_FROM = time(14)
ASKED_UNTIL = time(18)
"""Between these hours of a Friday, in a person's own zone, they are asked: there is time to do it before the weekend,
and a restart in the afternoon loses nothing. Who could not be asked until then is not asked this week."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in during a week: the metrics with a value; whether evals ran, the agent acted, reviews were done."""

    metrics: frozenset[str]
    has_eval_run: bool
    has_acted: bool
    has_reviews: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What nobody sent about a workflow; `count` is 0 where all of it is in."""

    workflow: Workflow
    metrics: tuple[DefinedMetric, ...] = ()
    eval_run: bool = False
    reviews: bool = False

    @property
    def count(self) -> int:
        """How many numbers that is."""
        return len(self.metrics) + self.eval_run + self.reviews


def friday_asked(at: datetime, zone: str) -> date | None:
    """The Friday on whose afternoon `at` falls for someone in `zone`, None at any other time."""
    local = at.astimezone(ZoneInfo(zone))
    is_due = local.weekday() == FRIDAY and ASKED_FROM <= local.time() < ASKED_UNTIL
    return local.date() if is_due else None


def week_of(friday: date, zone: str) -> Span:
    """The week, from Monday to Sunday, that a Friday belongs to, by the days of `zone`."""
    monday = friday - timedelta(days=FRIDAY)
    return Span(end_of_day(monday - timedelta(days=1), zone), end_of_day(monday + timedelta(days=6), zone))


def is_asked_about(workflow: Workflow, friday: date, holidays: Collection[date] = ()) -> bool:
    """Whether the numbers of a workflow are asked for on a Friday: it runs, and its team works that day."""
    runs = workflow.pause is None and workflow.outcome is None and workflow.start_on <= friday
    return runs and FRIDAY in workflow.team.hours.weekdays and friday not in holidays


def missing(workflow: Workflow, defined: tuple[DefinedMetric, ...], sent: Sent) -> Missing:
    """What nobody sent of what the workflow is measured by; an eval run is missed from production on."""
    return Missing(
        workflow,
        metrics=tuple(each for each in defined if each.entry.name not in sent.metrics),
        eval_run=workflow.phase is not PhaseName.PILOT and not sent.has_eval_run,
        reviews=sent.has_acted and not sent.has_reviews,
    )


def today_or(friday: date, at: datetime, zone: str) -> date:
    """The day that a number of that week is for: today, or its Friday once the week is over."""
    today = local_date(at, zone)
    return today if today.isocalendar()[:2] == friday.isocalendar()[:2] else friday
