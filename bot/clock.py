"""The clocks that there are: the system's, and one that stands still where it was set."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock; nothing else in the program reads it."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)  # noqa: TID251


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that always shows `at`, an aware instant."""

    at: datetime

    def now(self) -> datetime:
        """The instant at which it was set, in UTC."""
        return self.at.astimezone(UTC)
