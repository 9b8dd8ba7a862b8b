"""The workspace's clock, which people and tests may move forward."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class MovableClock:
    """Runs with the machine's clock from a chosen start; moves forward on request, never backwards."""

    def __init__(self, start: datetime | None = None) -> None:
        """Starts now, or at `start` (aware)."""
        if start is not None and start.tzinfo is None:
            raise ValueError("The start of the clock has no time zone; give an aware datetime.")
        self._lock = Lock()
        self._offset = timedelta(0) if start is None else start.astimezone(UTC) - self.real_now()
        self._start_offset = self._offset
        self._last = self.real_now() + self._offset

    def now(self) -> datetime:
        """The workspace's time, aware, in UTC."""
        with self._lock:
            self._last = max(self._last, self.real_now() + self._offset)
            return self._last

    def real_now(self) -> datetime:
        """The machine's time: what a signature is stamped with, because its reader asks the machine too."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock

    @property
    def moved_s(self) -> float:
        """Seconds by which somebody moved the clock since it was made."""
        return (self._offset - self._start_offset).total_seconds()

    def move_to(self, at: datetime) -> datetime:
        """The new time; ValueError if `at` lies in the clock's past or has no time zone."""
        if at.tzinfo is None:
            raise ValueError("The time to move to has no time zone; give an aware datetime.")
        now = self.now()
        if at < now:
            raise ValueError(
                f"The clock stands at {now.isoformat(timespec='seconds')} and never goes back; choose a later time."
            )
        with self._lock:
            self._offset += at.astimezone(UTC) - now
        return self.now()

    def advance(self, seconds: float) -> datetime:
        """The new time, `seconds` later; ValueError for a negative number."""
        if seconds < 0:
            raise ValueError("The clock never goes back; give a number of seconds above 0.")
        with self._lock:
            self._offset += timedelta(seconds=seconds)
        return self.now()
