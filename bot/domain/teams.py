"""Teams: people with a channel, a lead, approvers, working hours and a time zone."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.calendar import WorkingHours
from bot.domain.errors import BadInput
from bot.domain.nearness import near
from bot.domain.people import Person
from bot.domain.wording import one_line

_HOURS = re.compile(r"^(\d{1,2})-(\d{1,2})$")
_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands; `channel` is a Slack channel id, so renames are harmless.

    `digest_since` is since when it has a Monday digest of its own, None without.
    """

    id: str
    name: str
    channel: str | None
    lead: Person
    approvers: tuple[Person, ...]
    zone: str
    hours: WorkingHours
    version: int
    digest_since: datetime | None = None


def team_name(text: str) -> str:
    """`text` as a team's name: one line without anything invisible, not empty, at most 80 characters."""
    name = one_line(text)
    if not name:
        raise BadInput("A team needs a name: type what people call it, for instance Support.", "name")
    if len(name) > _NAME_LIMIT:
        raise BadInput(
            f"A team's name has at most {_NAME_LIMIT} characters and this one has {len(name)}: shorten it.",
            "name",
        )
    return name


def zone_name(text: str) -> str:
    """`text` as an IANA time zone name; a wrong one is refused with near matches."""
    zone = text.strip()
    known = _known_zones()
    if zone in known and zone != "localtime":
        return ZoneInfo(zone).key
    guess = near(zone, known)
    hint = f" Did you mean {guess}?" if guess else " Use an IANA name such as Europe/Lisbon."
    raise BadInput(f"There is no time zone {zone!r}.{hint}", "timezone")


@cache
def _known_zones() -> frozenset[str]:
    # Asked once: each time, Python looks into every file of the time zone database.
    return frozenset(available_timezones())


def working_hours(text: str) -> WorkingHours:
    """`9-18` as working hours, Monday to Friday."""
    match = _HOURS.match(text.strip())
    first, last = (int(match[1]), int(match[2])) if match else (0, 0)
    if not match or not 0 <= first < last <= 24:
        raise BadInput(
            f"Working hours are two whole hours of one day, such as 9-18, and {text.strip()!r} is not.",
            "hours",
        )
    return WorkingHours(first, last)
