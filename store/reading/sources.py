"""Sources, from rows to frozen values."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, not_, or_, select

from bot.domain.errors import NotFound
from bot.domain.signals.kinds import Span
from bot.domain.signals.volumes import Volume
from bot.domain.sources import Mapped, Reading
from store.tables.program import workflows
from store.tables.signals import signals
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

_START: Any = bindparam("start")
_MIDDLE: Any = bindparam("middle")
_END: Any = bindparam("end")
_GIVEN = and_(
    signals.c.source.in_(bindparam("names", expanding=True)),
    signals.c.at >= _START,
    signals.c.at < _END,
    signals.c.voided_at.is_(None),
)
_VOLUMES = (
    select(
        signals.c.source,
        func.count().filter(signals.c.at >= _MIDDLE).label("week"),
        func.count().filter(signals.c.at < _MIDDLE).label("week_before"),
    )
    .where(_GIVEN)
    .group_by(signals.c.source)
)
_READ_NO_MORE = or_(
    exists().where(workflows.c.id == signals.c.workflow_id, workflows.c.outcome.is_not(None)),
    exists().where(
        source_mappings.c.source == signals.c.source,
        source_mappings.c.workflow_id == signals.c.workflow_id,
        source_mappings.c.removed_at >= _START,
    ),
)
_COMPARABLE = (
    select(
        signals.c.source,
        func.count().label("whole"),
        func.count().filter(signals.c.received_at <= _END).label("known"),
    )
    .where(_GIVEN, not_(_READ_NO_MORE))
    .group_by(signals.c.source)
)


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

    def volumes(self, names: Collection[str], week: Span, before: Span) -> Mapping[str, Volume]:
        """How many signals each of these sources gave of two weeks that meet; nothing is set aside."""
        bounds = {"names": sorted(names), "start": before.start, "middle": week.start, "end": week.end}
        rows = self._connection.execute(_VOLUMES, bounds) if names else ()
        return dict.fromkeys(names, Volume()) | {row.source: Volume(row.week, row.week_before) for row in rows}

    def comparable(self, names: Collection[str], before: Span) -> Mapping[str, int]:
        """How many signals of the week before may be looked for again in the one that follows, at its end.

        Where nothing was known when that week ended, the source was not read yet, and all of them are.
        """
        bounds = {"names": sorted(names), "start": before.start, "end": before.end}
        rows = self._connection.execute(_COMPARABLE, bounds) if names else ()
        return dict.fromkeys(names, 0) | {row.source: row.known or row.whole for row in rows}

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
