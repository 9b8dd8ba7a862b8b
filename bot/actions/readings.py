"""The sources' own schedule: read side by side in threads of their own, so that nothing else waits for them."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Executor

import structlog

from bot.actions.desk import Desk
from bot.actions.sources import Ending, Pulled, give_up, pull
from bot.domain.people import Through
from bot.sources.seam import Source
from store import sources

log = structlog.get_logger()


class Readings:
    """Begins a run of each source that has none under way in this process; other replicas are told by the database."""

    def __init__(self, desk: Desk, configured: tuple[Source, ...], executor: Executor) -> None:
        self._desk, self._configured, self._executor = desk, configured, executor
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Each source on its way; returns at once."""
        names = [source.name for source in self._configured]
        self._desk.store.database.retrying(lambda connection: sources.note_all(connection, names))
        for source in self._configured:
            with self._lock:
                if source.name in self._under_way:
                    continue
                self._under_way.add(source.name)
            self._executor.submit(self._read, source)

    def _read(self, source: Source) -> None:
        try:
            self._tell(pull(self._desk, source, Through.SCHEDULER))
        except Exception as error:
            reference = secrets.token_hex(4)
            log.error("source not read", source=source.name, reference=reference, exc_info=error)
            why = f"Something went wrong that Rollout did not expect (reference {reference} in its log)."
            give_up(self._desk, source, why)
        finally:
            with self._lock:
                self._under_way.discard(source.name)

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
