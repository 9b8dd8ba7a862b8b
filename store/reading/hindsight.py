"""What was known before an instant of things that were told of again since, so that an earlier instant is judged so."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from bot.domain.signals.kinds import Signal, SignalType
from store.reading.signals import read_before
from store.tables.signals import TABLE_OF

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_END: BindParameter[Any] = bindparam("end")


def _touched_since(kind: SignalType) -> Select[Any]:
    table = TABLE_OF[kind]
    return select(table.c.about).where(table.c.workflow_id.in_(_IDS), table.c.at >= _END, table.c.about.is_not(None))


_TOUCHED_SINCE = {
    kind: _touched_since(kind)
    for kind in (SignalType.REVIEW, SignalType.INCIDENT, SignalType.WORK_ITEM, SignalType.AGENT_ACTION)
}


def told_since(
    connection: Connection, kind: SignalType, workflow_ids: Sequence[str], until: datetime
) -> Iterator[tuple[str, list[Signal[Any]]]]:
    """Of each thing that was last told of at `until` or later: its workflow, and what was said of it before.

    Its row in the table of its type says what came later, so whoever reads that table passes over rows at or after
    `until` and takes these instead.
    """
    things = connection.scalars(_TOUCHED_SINCE[kind], {"ids": workflow_ids, "end": until}).all()
    yield from read_before(connection, things, until)
