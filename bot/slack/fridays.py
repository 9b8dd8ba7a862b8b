"""Friday's message as it stands: drawn when it is told, and again after one of its numbers was recorded."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.fridays import missing_of
from bot.domain.signals.missing import friday_asked
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.screens.fridays import friday_screen
from bot.slack.visit import Visit


def friday_message(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """What is missing; None where nothing is, or where that Friday's afternoon is over."""
    del target
    friday, now = date.fromisoformat(about["friday"]), desk.clock.now()
    with desk.reading() as view:
        person = view.person_by_id(about["person"])
        found = missing_of(view, person, friday, now)
    if not found or friday_asked(now, person.zone) != friday:
        return None
    return friday_screen(Pen(ZoneInfo(person.zone)), friday, found)


def friday_screen_of(visit: Visit, friday: date, said: str) -> Screen:
    """The same for whoever has just recorded something from it."""
    with visit.look() as view:
        me = view.person_by_handle(visit.actor.handle)
        found = missing_of(view, me, friday, visit.at) if me else ()
    return friday_screen(visit.pen, friday, found, said)
