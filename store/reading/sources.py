"""Sources, from rows to frozen values."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.domain.errors import NotFound
from bot.domain.sources import Mapped, Reading
from store.tables.program import workflows
from store.tables.sources import source_mappings, sources

_BY_HAND = (
    select(source_mappings, workflows.c.name.label("workflow"))
    .join(workflows, workflows.c.id == source_mappings.c.workflow_id)
    .where(source_mappings.c.removed_at.is_(None))
    .order_by(source_mappings.c.source, source_mappings.c.place_key, workflows.c.name)
)
_WITH_ID = _BY_HAND.where(source_mappings.c.id == bindparam("mapping_id"))
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

    def by_hand(self) -> tuple[Mapped, ...]:
        """What was mapped to a workflow by hand and is in force, by source, place and workflow."""
        return tuple(_mapped(row) for row in self._connection.execute(_BY_HAND))

    def mapping(self, mapping_id: str) -> Mapped:
        """The mapping by hand with that id, if it is in force."""
        row = self._connection.execute(_WITH_ID, {"mapping_id": mapping_id}).one_or_none()
        if row is None:
            raise NotFound("This was taken away already: /rollout connect shows what is mapped now.")
        return _mapped(row)


def _mapped(row: Any) -> Mapped:
    return Mapped(row.source, row.place, row.workflow, row.id)


def _reading(row: Any) -> Reading:
    return Reading(row.name, row.configured, row.cursors, row.read_at, row.why_not, row.not_before)
