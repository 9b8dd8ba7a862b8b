"""Sources, from rows to frozen values."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.domain.sources import Reading
from store.tables.sources import sources

_ALL = select(sources).order_by(sources.c.name)
_NAMED = _ALL.where(sources.c.name == bindparam("name"))


class Sources:
    """How far each source was read, as `view.sources`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Reading, ...]:
        """Every source that is configured, or once was, by name."""
        return tuple(_reading(row) for row in self._connection.execute(_ALL))

    def configured(self) -> tuple[Reading, ...]:
        """Those that are configured."""
        return tuple(each for each in self.all() if each.is_configured)

    def one(self, name: str) -> Reading:
        """The source of that name, read or not."""
        row = self._connection.execute(_NAMED, {"name": name}).one_or_none()
        return _reading(row) if row else Reading(name)


def _reading(row: Any) -> Reading:
    return Reading(row.name, row.configured, row.cursors, row.read_at, row.why_not, row.not_before)
