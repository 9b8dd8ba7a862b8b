"""Troubles that change a workflow's whole way: a gate passed late or by an override, and a long pause."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.simulation.calendar import day_there, workday_from
from bot.simulation.hands import Hands
from bot.simulation.healthy import GATE_HOURS, MOVES
from bot.simulation.plans import CRITICAL, LAST_DAYS, NOTICE, PHASES, WARNING, Course, Expected, Plant, Step
from bot.simulation.troubles.declaring import Part

_SLIP_IS_CRITICAL, _PAUSE_IS_LONG = 14, 28
_PAUSED_DAYS, _SLIPPED_DAYS = (17, 24), (5, 22)
_SMALL_SUITE, _GROWN_AFTER, _OVERRIDDEN_DAYS = 180, 3, (9, 26)


@dataclass(frozen=True, slots=True)
class Bent:
    """A workflow on another way than planned, and the trouble that this is."""

    course: Course
    plant: Plant


def slipping(course: Course, chance: Random) -> Bent | None:
    """A gate is passed days after its phase should have ended."""
    number = chance.choice((0, 1))
    on = workday_from(course.date_of(LAST_DAYS[number] + chance.randrange(*_SLIPPED_DAYS)))
    at = course.on(on, GATE_HOURS)
    if at >= course.mondays.instants[-1]:
        return None
    bent = replace(course, promoted=(*course.promoted[:number], at, *course.promoted[number + 1 :]))
    found: list[Expected] = []
    for monday in course.mondays.standing(course.at(LAST_DAYS[number], 0), at):
        late = course.day(course.mondays.instants[monday]) - LAST_DAYS[number]
        if late > 0:
            found += course.expect((monday,), "phase.slipping", CRITICAL if late > _SLIP_IS_CRITICAL else WARNING)
    told = f"The gate at the end of {PHASES[number]} is passed on day {course.day(at)}"
    return _bent(bent, "phase.slipping", told, Part(tuple(found)))


def paused(course: Course, chance: Random) -> Bent | None:
    """The workflow is paused in its pilot, and not taken up again."""
    at = course.at(chance.randrange(*_PAUSED_DAYS), 5)
    since = day_there(at, course.zone)
    long = tuple(
        number
        for number in course.mondays.standing(at)
        if (day_there(course.mondays.instants[number], course.zone) - since).days > _PAUSE_IS_LONG
    )
    if not long:
        return None
    bent = replace(course, promoted=(), paused_at=at)
    steps = (Step(at, course.people["steward"].handle, lambda hands: hands.pause()),)
    part = Part(course.expect(long, "pause.long", NOTICE), steps)
    return _bent(bent, "pause.long", "It is paused, and nobody takes it up again", part)


def overridden(course: Course, chance: Random) -> Bent | None:
    """The gate to production is passed with too small an eval suite, by an override that has an end."""
    at, mondays = course.promoted[0], course.mondays
    grown = mondays.window(at) + _GROWN_AFTER
    if grown >= len(mondays):
        return None
    until = day_there(at, course.zone) + timedelta(days=chance.randrange(*_OVERRIDDEN_DAYS))
    found: list[Expected] = []
    for monday in mondays.standing(at, course.weekday(grown, 2, 2)):
        has_ended = day_there(mondays.instants[monday], course.zone) > until
        found += course.expect((monday,), "override.debt", WARNING if has_ended else NOTICE, "gate:production")

    def ask(hands: Hands) -> None:
        hands.promote(f"The move {MOVES[0]}", until)

    steps = (Step(at - timedelta(hours=2), course.people["steward"].handle, ask),)
    weeks = {window: {"cases": _SMALL_SUITE} for window in range(grown)}
    told = f"It enters production with {_SMALL_SUITE} eval cases, by an override until {until:%d %b %Y}"
    bent = _bent(course, "override.debt", told, Part(tuple(found), steps, weeks, ("ask:0",)))
    # Nothing else may go wrong with the evals until the check passes; once it did, nothing is owed for it any more.
    return replace(bent, plant=replace(bent.plant, lanes=("way", "evals"), last=grown))


BENDS: tuple[Callable[[Course, Random], Bent | None], ...] = (slipping, paused, overridden)


def _bent(course: Course, rule: str, told: str, part: Part) -> Bent:
    plant = Plant(
        rule=rule,
        told=told,
        course=course.name,
        lanes=("way",),
        first=0,
        last=len(course.mondays) - 1,
        expected=part.expected,
        steps=part.steps,
        weeks=part.weeks,
        held_up=part.held_up,
    )
    return Bent(course, plant)
