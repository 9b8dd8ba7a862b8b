"""What a made-up program is before anything happens in it, as frozen values: who, what, when, and what goes wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.simulation.calendar import Mondays, day_there, moment, workday_by
from bot.simulation.hands import Act, Member

CRITICAL, WARNING, NOTICE = "critical", "warning", "notice"
SEVERITIES = (CRITICAL, WARNING, NOTICE)
PHASES = ("pilot", "production", "scaling", "operating")
LAST_DAYS = (30, 60, 90)
"""Of the phases that end with a gate."""
ROLES = ("owner", "steward", "eval_owner", "gatekeeper")


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team; the first of its two approvers is the one who may leave."""

    name: str
    channel: str
    zone: str
    first_hour: int
    lead: Member
    approvers: tuple[Member, Member]
    newcomer: Member

    @property
    def hours(self) -> str:
        """Its working hours, nine a day."""
        return f"{self.first_hour}-{self.first_hour + 9}"


@dataclass(frozen=True, slots=True)
class Trade:
    """What an agent does: an action that drafts, one that has an effect with its limit, and two metrics.

    Metrics are better higher for success, lower for the guardrail.
    """

    name: str
    purpose: str
    drafts: str
    does: str
    limit: str
    success: str
    guardrail: str


@dataclass(frozen=True, slots=True)
class Week:
    """How the numbers of one window come out; as it stands here, nothing is wrong with them.

    `overridden_percent` of the window's reviews are edited, `review_s` lie between output and review, outputs of the
    weekdays in `waiting` wait for the next week, `behind_percent` is how far the success metric lags behind its line,
    `runs` are eval runs (weekday, share of a thousand that passed) over so many `cases`.
    """

    reviews: bool = True
    overridden_percent: int = 5
    review_s: int = 2400
    waiting: tuple[int, ...] = ()
    success: bool = True
    behind_percent: int = 0
    guardrail: bool = True
    guardrail_value: str = "2.0"
    runs: tuple[tuple[int, int], ...] = ((2, 985),)
    cases: int = 210
    rework_usd: int = 18
    acts: bool = True


Numbers = Mapping[int, Mapping[str, Any]]
"""What a trouble changes about the numbers: fields of `Week`, by window."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be found at one Monday: `about` is which thing of the subject, empty for the subject as a whole."""

    monday: int
    rule: str
    subject: str
    severity: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does at an instant; `name` is what a trouble calls it to hold it up."""

    at: datetime
    by: str
    act: Act
    name: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The plan of one workflow.

    `promoted` are the instants at which it enters the phases after pilot, as far as it gets; `paused_at` is when its
    clock stops for good. `cases` is the size of its eval suite until `grown_at`.
    """

    trade: Trade
    team: TeamPlan
    start_on: date
    people: Mapping[str, Member]
    mondays: Mondays
    promoted: tuple[datetime, ...] = ()
    paused_at: datetime | None = None

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self.trade.name

    @property
    def zone(self) -> str:
        """The team's zone."""
        return self.team.zone

    @property
    def begins_at(self) -> datetime:
        """When it is started, in the team's first working hour of day 1."""
        return self.at(1, 0, 15)

    def date_of(self, day: int) -> date:
        """The date of day N."""
        return self.start_on + timedelta(days=day - 1)

    def at(self, day: int, hours: int, minutes: int = 0) -> datetime:
        """So long after work begins on day N; at weekends, the Friday before, but never before day 1."""
        return self.on(max(workday_by(self.date_of(day)), self.start_on), hours, minutes)

    def on(self, day: date, hours: int, minutes: int = 0) -> datetime:
        """So long after work begins on that date."""
        return moment(day, time(self.team.first_hour + hours, minutes), self.zone)

    def day(self, at: datetime) -> int:
        """Day N at an instant."""
        return (day_there(at, self.zone) - self.start_on).days + 1

    def phase(self, at: datetime) -> str:
        """The phase at an instant."""
        return PHASES[sum(each <= at for each in self.promoted)]

    def runs(self, at: datetime) -> bool:
        """Whether it is under way at an instant."""
        return self.begins_at <= at and (self.paused_at is None or at < self.paused_at)

    def week(self, window: int) -> tuple[datetime, datetime]:
        """From when to when a window lasts."""
        return self.mondays.away(window, -7), self.mondays.instants[window]

    def weekday(self, window: int, weekday: int, hours: int, minutes: int = 0) -> datetime:
        """So long after work begins on a weekday (1 to 4, Tuesday to Friday) of a window, wherever its Monday is."""
        return self.on(self.mondays.date(window) - timedelta(days=7 - weekday), hours, minutes)

    def expect(self, mondays: tuple[int, ...], rule: str, severity: str, about: str = "") -> tuple[Expected, ...]:
        """The same thing found of the workflow at each of these Mondays."""
        return tuple(Expected(each, rule, self.name, severity, about) for each in mondays)


@dataclass(frozen=True, slots=True)
class Plant:
    """One trouble: what it changes in a workflow (`course`, by name), and everything that must be found because of it.

    `weeks` are fields of `Week` by window; `held_up` are steps of the healthy course that don't happen; `lanes` is
    what it touches, in which nothing else may go wrong meanwhile, in the windows from `first` to `last`.
    """

    rule: str
    told: str
    course: str
    lanes: tuple[str, ...]
    first: int
    last: int
    expected: tuple[Expected, ...] = ()
    steps: tuple[Step, ...] = ()
    weeks: Numbers = field(default_factory=dict)
    held_up: tuple[str, ...] = ()
    is_near_miss: bool = False


def week_of(plants: tuple[Plant, ...], window: int) -> Week:
    """How the numbers of a window come out with these troubles."""
    found = Week()
    for plant in plants:
        found = replace(found, **plant.weeks.get(window, {}))
    return found
