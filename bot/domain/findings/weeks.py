"""The weeks that rules look at: seven local days each, so that they meet without gap or overlap (RULES, "Findings")."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.signals.kinds import Span

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks that end at `at`, by the wall clock of `zone`: 09:00 to 09:00 also where clocks change between."""

    at: datetime
    zone: str

    def week(self, back: int = 0) -> Span:
        """The week up to and without `at`; `back` weeks before it."""
        return Span(self.days_before(WEEK_DAYS * (back + 1)), self.days_before(WEEK_DAYS * back))

    def last(self, days: int) -> Span:
        """The last `days` local days."""
        return Span(self.days_before(days), self.at)

    def days_before(self, days: int) -> datetime:
        """The instant (UTC) that many local days before `at`."""
        if not days:
            return self.at
        return (self.at.astimezone(ZoneInfo(self.zone)) - timedelta(days=days)).astimezone(UTC)

    def days_after(self, days: int) -> datetime:
        """The instant (UTC) that many local days after `at`."""
        return self.days_before(-days)

    @property
    def name(self) -> str:
        """The ISO week in which the week starts, as `2026-W10`."""
        year, week, _ = self.week().start.astimezone(ZoneInfo(self.zone)).isocalendar()
        return f"{year}-W{week:02d}"
