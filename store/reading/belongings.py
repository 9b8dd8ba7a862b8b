"""The rows that tell of a person, whichever table they stand in: found by the schema, so that none is forgotten."""

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from bot.domain.people import Person
from store.tables import all_tables
from store.tables.decisions import decisions
from store.tables.ledger import audit, outbox, people, texts
from store.tables.signals import signals
from store.types import canonical

_BY_HANDLE = (signals.c.person, outbox.c.target)
_BY_ID = (decisions.c.principal,)
_TOLD_ELSEWHERE = (people, texts, audit)

Row = Mapping[str, object]


def belongings(connection: Connection, person: Person) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Tables with the rows that name someone, in plain JSON values; who they are, wrote and did is told elsewhere."""
    found = []
    for table in all_tables().sorted_tables:
        named = tuple(_naming(table, person))
        if table in _TOLD_ELSEWHERE or not named:
            continue
        rows = connection.execute(select(table).where(or_(*named)).order_by(*table.primary_key.columns)).mappings()
        if plain := tuple(json.loads(canonical(dict(row))) for row in rows):
            found.append((table.name, plain))
    return tuple(found)


def _naming(table: Table, person: Person) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        if column in _BY_ID or any(key.column is people.c.id for key in column.foreign_keys):
            yield column == person.id
        elif column in _BY_HANDLE:
            yield column == person.handle
