"""A program planned whole: its workflows, the troubles that hit them, and what each Monday must therefore tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.simulation.calendar import Mondays, moment
from bot.simulation.cast import Size, courses_of, first_date
from bot.simulation.plans import NOTICE, SEVERITIES, Course, Expected, Plant, TeamPlan
from bot.simulation.troubles import BENDS, TROUBLES, Ground, Trouble

_MOST_PILOTS = 2
_BENT, _TROUBLES_EACH = 3, 4
"""Of ten workflows so many go another way altogether, and so many troubles there are for each."""


@dataclass(frozen=True, slots=True)
class Program:
    """The plan of a program: everything that will happen in it, and everything that must be found."""

    seed: int
    size: Size
    first: date
    courses: tuple[Course, ...]
    plants: tuple[Plant, ...]

    @property
    def mondays(self) -> Mondays:
        """Its Mondays."""
        return self.courses[0].mondays

    @property
    def teams(self) -> tuple[TeamPlan, ...]:
        """Its teams, in the order in which they began."""
        return tuple({course.team.name: course.team for course in self.courses}.values())

    @property
    def begins_at(self) -> datetime:
        """Its first instant."""
        return moment(self.first, time(), self.mondays.zone) - timedelta(days=1)

    @property
    def until(self) -> datetime:
        """The instant at which it is over."""
        return moment(self.first + timedelta(days=self.size.days), time(), self.mondays.zone)

    def plants_of(self, course: Course) -> tuple[Plant, ...]:
        """The troubles of one workflow."""
        return tuple(each for each in self.plants if each.course == course.name)

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Everything that must be found, in the order of time: of the same thing at one Monday only the worst."""
        worst: dict[tuple[int, str, str, str], Expected] = {}
        for each in (*_crowded(self), *(found for plant in self.plants for found in plant.expected)):
            key = (each.monday, each.rule, each.subject, each.about)
            if key not in worst or SEVERITIES.index(each.severity) < SEVERITIES.index(worst[key].severity):
                worst[key] = each
        return tuple(worst[key] for key in sorted(worst))


def _crowded(program: Program) -> Iterator[Expected]:
    """Every Monday at which a team has too many workflows in pilot; a paused one does not count."""
    for number, at in enumerate(program.mondays.instants):
        for team in program.teams:
            own = [each for each in program.courses if each.team == team and each.runs(at)]
            if sum(each.phase(at) == "pilot" for each in own) > _MOST_PILOTS:
                yield Expected(number, "pilot.too_broad", team.name, NOTICE)


def plan(size: Size, seed: int, *, is_healthy: bool = False) -> Program:
    """The program of a seed, with troubles unless it is to be healthy."""
    chance = Random(f"rollout {seed}")
    first = first_date(chance)
    courses = courses_of(chance, size, first)
    if is_healthy:
        return Program(seed, size, first, courses, ())
    bent, plants = _bent(chance, courses)
    deck = list(TROUBLES)
    chance.shuffle(deck)
    for _ in range(size.workflows * _TROUBLES_EACH):
        if planted := _dealt(chance, deck, bent, plants):
            plants.append(planted)
    return Program(seed, size, first, bent, tuple(plants))


def _bent(chance: Random, courses: tuple[Course, ...]) -> tuple[tuple[Course, ...], list[Plant]]:
    """Some of the workflows on another way than they should go."""
    found, plants = [], []
    for course in courses:
        bend = chance.choice(BENDS)(course, chance) if chance.randrange(10) < _BENT else None
        found.append(bend.course if bend else course)
        plants += [bend.plant] if bend else []
    return tuple(found), plants


def _dealt(chance: Random, deck: list[Trouble], courses: tuple[Course, ...], plants: list[Plant]) -> Plant | None:
    """The next trouble of the deck that finds room somewhere; it goes below the others."""
    for trouble in tuple(deck):
        places = [
            (course, window)
            for course in courses
            for window in range(1, len(course.mondays))
            if trouble.suits(course, window) and _has_room(trouble, course, window, courses, plants)
        ]
        if not places:
            continue
        course, window = chance.choice(places)
        deck.remove(trouble)
        deck.append(trouble)
        if planted := trouble.plant(Ground(course, window, chance, courses)):
            return planted
    return None


def _has_room(trouble: Trouble, course: Course, window: int, courses: tuple[Course, ...], plants: list[Plant]) -> bool:
    """Whether nothing stands in the way: the same once before in the team, or something that it would mix with."""
    own = {each.name for each in courses if each.team == course.team}
    last = window + trouble.windows - 1
    for plant in plants:
        is_same = plant.told == trouble.told and plant.course in own
        is_near = bool(set(plant.lanes) & set(trouble.lanes)) and plant.first <= last + 1 and window <= plant.last + 1
        if is_same or (is_near and (plant.course == course.name or ("team" in trouble.lanes and plant.course in own))):
            return False
    return True
