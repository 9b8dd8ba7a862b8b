"""When a digest is due: Monday 09:00 by the audience's wall clock, once per ISO week, whatever clocks do.

Our own arithmetic, because schedulers fire twice where an hour comes twice (RELIABILITY, E3).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digests.audiences import Audience
from bot.domain.findings.weeks import Weeks

HOUR = time(9)
LATE_AFTER = timedelta(minutes=15)
"""From then on a digest says that it comes late, and the bot's health is red while it does not come."""
CATCH_UP = timedelta(hours=48)
"""So long after its slot a digest is still posted; then it is missed."""
_MOST_MISSED = 8


@dataclass(frozen=True, slots=True)
class Slot:
    """The instant (`at`, UTC) at which the digest of an ISO week is due in a zone; its key is the week alone."""

    iso_year: int
    iso_week: int
    zone: str
    at: datetime

    @property
    def week(self) -> str:
        """The name of the week that it looks at: the ISO week in which the window starts, as `2026-W10`."""
        return Weeks(self.at, self.zone).name

    @property
    def due_on(self) -> date:
        """The Monday."""
        return date.fromisocalendar(self.iso_year, self.iso_week, 1)

    def is_late(self, now: datetime) -> bool:
        """Whether a digest posted at `now` is late."""
        return now - self.at > LATE_AFTER

    def is_over(self, now: datetime) -> bool:
        """Whether it is too late to post it at all."""
        return now - self.at > CATCH_UP


def slot_of(iso_year: int, iso_week: int, zone: str) -> Slot:
    """The slot of an ISO week: of an hour that comes twice the first, in a gap as much later as the gap is long."""
    local = datetime.combine(date.fromisocalendar(iso_year, iso_week, 1), HOUR, ZoneInfo(zone))
    return Slot(iso_year, iso_week, zone, local.astimezone(UTC))


def latest_slot(zone: str, now: datetime) -> Slot:
    """The slot that began last in a zone, at `now` or before."""
    year, week, _ = now.astimezone(ZoneInfo(zone)).isocalendar()
    slot = slot_of(year, week, zone)
    return slot if slot.at <= now else slot_before(slot)


def slot_before(slot: Slot) -> Slot:
    """The slot of the ISO week before."""
    year, week, _ = (slot.due_on - timedelta(days=7)).isocalendar()
    return slot_of(year, week, slot.zone)


def slot_after(slot: Slot) -> Slot:
    """The slot of the ISO week after."""
    year, week, _ = (slot.due_on + timedelta(days=7)).isocalendar()
    return slot_of(year, week, slot.zone)


def due_slots(audience: Audience, last: Slot | None, now: datetime) -> tuple[Slot, ...]:
    """The slots that are owed at `now` and not noted yet, the oldest first; `last` is the newest that is noted.

    Nothing is owed from before the audience was one. Its very first digest may be late, but never too late: where
    nothing was ever noted, nobody can say that something was missed. Of a long silence the last eight are owed.
    """
    newest = latest_slot(audience.zone, now)
    if last is None:
        is_owed = not newest.is_late(now) or (audience.since is not None and audience.since <= newest.at)
        return (newest,) if is_owed and not newest.is_over(now) else ()
    owed: list[Slot] = []
    slot = newest
    while slot.due_on > last.due_on and len(owed) < _MOST_MISSED:
        owed.insert(0, slot)
        slot = slot_before(slot)
    since = audience.since
    return tuple(slot for slot in owed if (since is not None and since <= slot.at) or not slot.is_late(now))
