"""The sources' own schedule: read side by side in threads of their own, so that nothing else waits for them."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta

import structlog

from bot.actions.desk import Desk
from bot.actions.sources import Ending, Pulled, give_up, pull
from bot.domain.people import Through
from bot.sources.seam import Source
from store import sources

log = structlog.get_logger()

PAUSE = timedelta(seconds=30)
PAUSE_PER_STRAND = timedelta(seconds=2)
"""What is announced makes a source be read no sooner than so long after its last run began, whichever is longer: that
is 1,800 strands an hour, where GitHub takes 5,000 requests."""


class Readings:
    """Begins a run of each source that has none under way in this process; other replicas are told by the database."""

    def __init__(self, desk: Desk, configured: Callable[[], tuple[Source, ...]], executor: Executor) -> None:
        """`configured` gives the sources as they are now; it is asked anew whenever all are read."""
        self._desk, self._ask, self._executor = desk, configured, executor
        self._configured = configured()
        self._under_way: dict[str, Source] = {}
        self._begun: dict[str, datetime] = {}
        self._announced: set[str] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Each source on its way; returns at once."""
        self._configured = self._ask()
        names = [source.name for source in self._configured]
        self._desk.store.database.retrying(lambda connection: sources.note_all(connection, names))
        for source in self._configured:
            with self._lock:
                if self._is_read_otherwise(source):
                    self._announced.add(source.name)
                self._set_out(source)

    def _is_read_otherwise(self, source: Source) -> bool:
        """Whether a run is under way that knows nothing of some of its strands."""
        begun = self._under_way.get(source.name, source)
        return {each.key for each in begun.strands} != {each.key for each in source.strands}

    def announce(self, name: str, place: str) -> bool:
        """Whether the source reads that place, where something new is; then it is read soon. Returns at once.

        However often it is announced, one run tells all of it.
        """
        if not any(each.name == name and place.lower() in each.places for each in self._configured):
            return False
        with self._lock:
            self._announced.add(name)
        self.catch_up()
        return True

    def catch_up(self) -> None:
        """Each source that announced something on its way, but for those whose last run began a moment ago."""
        now = self._desk.real.now()
        for source in self._configured:
            with self._lock:
                if source.name in self._announced and self._has_paused(source, now):
                    self._set_out(source)

    def _has_paused(self, source: Source, now: datetime) -> bool:
        begun = self._begun.get(source.name)
        return begun is None or abs(now - begun) >= max(PAUSE, PAUSE_PER_STRAND * len(source.strands))

    def _set_out(self, source: Source) -> None:
        """The source on its way unless it is already; whoever calls holds the lock."""
        if source.name in self._under_way:
            return
        was_announced = source.name in self._announced
        self._under_way[source.name] = source
        self._announced.discard(source.name)
        self._begun[source.name] = self._desk.real.now()
        self._executor.submit(self._read, source, was_announced=was_announced)

    def _read(self, source: Source, *, was_announced: bool) -> None:
        try:
            pulled = pull(self._desk, source, Through.SCHEDULER)
            if pulled.ending is Ending.BUSY and was_announced:
                self._put_off(source)
            self._tell(pulled)
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("source not read", source=source.name, reference=reference, exc_info=error)
            why = f"Something went wrong that Rollout did not expect (reference {reference} in its log)."
            give_up(self._desk, source, why)
        finally:
            with self._lock:
                self._under_way.pop(source.name, None)

    def _put_off(self, source: Source) -> None:
        """What was announced while another reads it may be new to that run: the source is read after the pause."""
        with self._lock:
            self._announced.add(source.name)

    def _tell(self, pulled: Pulled) -> None:
        tell: Callable[..., object] = log.warning if pulled.ending is Ending.FAILED else log.info
        tell(
            "source read" if pulled.ending is Ending.READ else "source not read",
            source=pulled.name,
            ending=pulled.ending.value,
            accepted=pulled.taken.accepted,
            rejected=len(pulled.taken.rejected),
            why=pulled.why,
        )
