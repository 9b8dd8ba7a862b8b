"""Single signals by the name that people give them."""

from sqlalchemy import Connection, or_

from bot.domain.signals.kinds import Span
from store.reading.signals import StoredSignal, read_newest, read_stored
from store.sealing import sealed
from store.tables.signals import signals


class NamedSignals:
    """Signals by name, as `view.signals`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, text: str) -> tuple[StoredSignal, ...]:
        """Every signal that `ID` or `SOURCE/ID` may mean, voided or not; both parts may hold slashes themselves."""
        name = text.strip()
        cuts = [at for at, char in enumerate(name) if char == "/"]
        pairs = [(signals.c.source == name[:at]) & (signals.c.id == name[at + 1 :]) for at in cuts]
        return read_stored(self._connection, or_(signals.c.id == name, *pairs))

    def one(self, source: str, signal_id: str) -> StoredSignal | None:
        """The signal with that id within its source."""
        found = read_stored(self._connection, (signals.c.source == source) & (signals.c.id == signal_id))
        return found[0] if found else None

    def sealed_id(self, source: str, made: str) -> str:
        """The id in place of one that was made from words: the same each time, but nobody can test a guess against it.

        `made` begins with what kind of id it is, such as `row-`. Where a signal stands under it from before ids were
        sealed, it stays.
        """
        if self.one(source, made):
            return made
        kind, _, hash_ = made.partition("-")
        return f"{kind}-{sealed(self._connection, f'signal:{made}')[: len(hash_)]}"

    def newest_of(self, source: str, workflow_id: str, most: int) -> tuple[StoredSignal, ...]:
        """The last ones to arrive from a source about a workflow that still count, the latest first."""
        of = (signals.c.source == source) & (signals.c.workflow_id == workflow_id) & signals.c.voided_at.is_(None)
        return read_newest(self._connection, of, most)

    def all_of(self, source: str, workflow_id: str, span: Span) -> tuple[StoredSignal, ...]:
        """Those from a source about a workflow whose `at` is in the span, voided or not, in order of arrival."""
        of = (signals.c.source == source) & (signals.c.workflow_id == workflow_id)
        return read_stored(self._connection, of & (signals.c.at >= span.start) & (signals.c.at < span.end))
