"""Being away: until when, and who stands in; and coming back."""

from datetime import date

from bot.actions.desk import Turn
from bot.domain.absences import demand_absence, demand_deputy
from bot.domain.calendar import local_date
from bot.domain.errors import Conflict
from bot.domain.facts import PersonAway, PersonBack
from bot.domain.people import Person
from bot.domain.rights import demand_person


def leave(turn: Turn, until: date, deputy: Person | None) -> PersonAway:
    """Whoever acts is away to the end of a day; said again, it takes the place of what was said before."""
    demand_person(turn.actor)
    demand_absence(until, local_date(turn.at, turn.change.me.zone))
    if deputy:
        demand_deputy(deputy, turn.change.absences(turn.at), turn.actor)
    fact = PersonAway(subject=turn.change.me.id, until=until, deputy=turn.change.person(deputy).id if deputy else None)
    turn.record(fact)
    return fact


def come_back(turn: Turn) -> PersonBack:
    """Whoever acts is here again, before the day that they had named."""
    demand_person(turn.actor)
    if turn.change.absences(turn.at).of(turn.change.me) is None:
        raise Conflict("You are not away, so there is nothing to end.")
    fact = PersonBack(subject=turn.change.me.id)
    turn.record(fact)
    return fact
