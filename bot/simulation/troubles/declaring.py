"""How a trouble is declared, and the ground on which it grows: one workflow, and a few windows of one of its phases."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bot.simulation.calendar import day_there, workday_from
from bot.simulation.hands import Hands
from bot.simulation.healthy import granted
from bot.simulation.plans import CRITICAL, PHASES, WARNING, Course, Expected, Numbers, Plant, Step

ANY = PHASES
PAST_PILOT = PHASES[1:]
ACROSS = ()
"""For what may go on while a gate is passed, though not the last one, which asks that grants are attested."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a trouble may begin: a workflow, and the first window that it touches; `courses` are all workflows."""

    course: Course
    window: int
    chance: Random
    courses: tuple[Course, ...]

    def at(self, weekday: int, hours: int, later: int = 0) -> datetime:
        """So long after work begins on a weekday (1 to 4) of its first window, or of one so many windows later."""
        return self.course.weekday(self.window + later, weekday, hours)

    def standing(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """The Mondays from one instant to another."""
        return self.course.mondays.standing(since, until)

    def step(self, at: datetime, by: str, act: Callable[[Hands], None]) -> Step:
        """Something done by the holder of a role, by the team's `lead`, or by the `approver` who stays."""
        team = self.course.team
        people = dict(self.course.people) | {"lead": team.lead, "approver": team.approvers[1]}
        return Step(at, people[by].handle, act)

    def halted(self, since: datetime, until: datetime) -> "Part":
        """What follows where a guard suspends the grant with an effect, and an approver lets it go on."""
        action = self.course.trade.does
        if all(name != action or at >= since for name, at in granted(self.course)):
            return Part()
        resume = self.step(until, "approver", lambda hands: hands.resume(action))
        found = self.course.expect(self.standing(since, until), "grant.suspended", WARNING, action)
        return Part(found, (resume,))

    def overdue(self, monday: int, due_days: tuple[int, ...]) -> tuple[Expected, ...]:
        """The one finding about items that were due on these days and are open at a Monday; critical after a week.

        What would be due at a weekend is due on the Monday after it.
        """
        today = day_there(self.course.mondays.instants[monday], self.course.zone)
        late = max(((today - workday_from(self.course.date_of(due))).days for due in due_days), default=0)
        if late <= 0:
            return ()
        return self.course.expect((monday,), "item.overdue", CRITICAL if late > 7 else WARNING)


@dataclass(frozen=True, slots=True)
class Part:
    """What a trouble does to a workflow; the fields are those of `Plant`."""

    expected: tuple[Expected, ...] = ()
    steps: tuple[Step, ...] = ()
    weeks: Numbers = field(default_factory=dict)
    held_up: tuple[str, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        return Part(
            (*self.expected, *other.expected),
            (*self.steps, *other.steps),
            {**self.weeks, **other.weeks},
            (*self.held_up, *other.held_up),
        )


Grow = Callable[[Ground], Part | None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that may go wrong: by which rule it must be found, and what it touches for how many windows.

    A near miss looks like trouble and must not be found. `from_day` is the earliest day on which its first window
    may begin.
    """

    rule: str
    told: str
    lanes: tuple[str, ...]
    windows: int
    phases: tuple[str, ...]
    from_day: int
    is_near_miss: bool
    grow: Grow

    def suits(self, course: Course, window: int) -> bool:
        """Whether it may begin with a window: all that it touches lies in one phase, with the workflow under way."""
        last = window + self.windows - 1
        if last >= len(course.mondays):
            return False
        begins, ends = course.week(window)[0], course.week(last)[1]
        if not (course.runs(begins) and course.runs(ends) and course.day(begins) >= self.from_day):
            return False
        if self.phases == ACROSS:
            return len(course.promoted) < 3 or ends < course.promoted[2] or begins >= course.promoted[2]
        return course.phase(begins) in self.phases and course.phase(begins) == course.phase(ends)

    def plant(self, ground: Ground) -> Plant | None:
        """The trouble grown on a ground that suits it; None where something else is wanting."""
        part = self.grow(ground)
        if part is None:
            return None
        return Plant(
            rule=self.rule,
            told=self.told,
            course=ground.course.name,
            lanes=self.lanes,
            first=ground.window,
            last=ground.window + self.windows - 1,
            expected=part.expected,
            steps=part.steps,
            weeks=part.weeks,
            held_up=part.held_up,
            is_near_miss=self.is_near_miss,
        )


TROUBLES: list[Trouble] = []


def trouble(
    rule: str, *lanes: str, windows: int = 1, phases: tuple[str, ...] = ANY, from_day: int = 8
) -> Callable[[Grow], Grow]:
    """Declares something that goes wrong; what is told of it is its docstring."""
    return _declaring(rule, lanes, (windows, phases, from_day), is_near_miss=False)


def near_miss(
    rule: str, *lanes: str, windows: int = 1, phases: tuple[str, ...] = ANY, from_day: int = 8
) -> Callable[[Grow], Grow]:
    """Declares something that just does not make a rule fire."""
    return _declaring(rule, lanes, (windows, phases, from_day), is_near_miss=True)


def _declaring(
    rule: str, lanes: tuple[str, ...], when: tuple[int, tuple[str, ...], int], *, is_near_miss: bool
) -> Callable[[Grow], Grow]:
    def declare(grow: Grow) -> Grow:
        told = " ".join((grow.__doc__ or "").split()).rstrip(".")
        TROUBLES.append(Trouble(rule, told, lanes, *when, is_near_miss, grow))
        return grow

    return declare
