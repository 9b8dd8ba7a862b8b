"""Absences: who is away until when, and who stands in for them meanwhile (RULES, "Requests").

A deputy holds the roles, items and teams of whoever is away, beside their own. The right to decide requests passes to
nobody: a deputy decides what they may decide in their own right, and is asked in the place of whoever is away.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.errors import BadInput, Conflict
from bot.domain.people import Actor, Person

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Absence:
    """Someone away to the end of `until`, by their own calendar; without a deputy nobody stands in."""

    person: Person
    since: datetime
    until: date
    deputy: Person | None = None

    def holds(self, at: datetime) -> bool:
        """Whether they are away at `at`."""
        return self.since <= at and local_date(at, self.person.zone) <= self.until


@dataclass(frozen=True, slots=True)
class Absences:
    """Everyone who is away at one moment."""

    all: tuple[Absence, ...] = ()

    def of(self, person: Person | None) -> Absence | None:
        """The absence of someone, None while they are here."""
        return self._of(person.handle) if person else None

    def _of(self, handle: str | None) -> Absence | None:
        return next((each for each in self.all if handle and each.person.handle == handle), None)

    def standing_in(self, actor: Actor) -> Actor:
        """`actor` together with those whom they stand in for."""
        away = tuple(each.person for each in self.all if each.deputy and each.deputy.handle == actor.handle)
        return replace(actor, deputy_of=away) if away or actor.deputy_of else actor

    def bound_by(self, handles: frozenset[str]) -> frozenset[str]:
        """The handles of those who stand in for one of these people."""
        standing_in = (each.deputy for each in self.all if each.person.handle in handles)
        return frozenset(deputy.handle for deputy in standing_in if deputy and deputy.handle)

    def reached(self, person: Person) -> Person | None:
        """Whom to tell instead of someone: themselves while they are here, else their deputy, if that one is here."""
        absence = self.of(person)
        if absence is None:
            return person
        return absence.deputy if absence.deputy and not self.of(absence.deputy) else None

    def here_among(self, people: Iterable[Person]) -> tuple[Person, ...]:
        """Those of `people` who are here, in their order; a deputy who is one of them takes an absent one's place."""
        asked = tuple(people)
        able = {person.handle for person in asked}
        found = (self.reached(person) for person in asked)
        return tuple({person.handle: person for person in found if person and person.handle in able}.values())


EVERYONE_HERE = Absences()


def demand_absence(until: date, today: date) -> None:
    """Nothing, if someone may be away until that day; else a refusal."""
    if until < today:
        raise BadInput(f"{until} is over already: give the last day on which you are away.", "until")
    if (until - today).days > LONGEST_DAYS:
        raise BadInput(
            f"An absence lasts at most {LONGEST_DAYS} days: for longer, give your roles to someone else.", "until"
        )


def demand_deputy(deputy: Person, absences: Absences, me: Actor) -> None:
    """Nothing, if someone can stand in for `me`; else a refusal that says why not."""
    if deputy.handle == me.handle:
        raise BadInput("Nobody stands in for themselves: name someone else, or nobody.", "deputy")
    if absence := absences.of(deputy):
        raise Conflict(f"{deputy.name} is away too, until {absence.until:%-d %b %Y}: name someone who is here.")
