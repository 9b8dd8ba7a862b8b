"""Single signals by the name that people give them."""

from sqlalchemy import Connection, or_

from store.reading.signals import StoredSignal, read_stored
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
