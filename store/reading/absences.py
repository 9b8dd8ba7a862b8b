"""Who is away, from rows to frozen values."""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.absences import Absence, Absences
from store.reading.workflows import person_columns, person_of
from store.tables.absences import absences
from store.tables.ledger import people

_deputy = people.alias("deputy")
_ABSENCES = (
    select(absences, *person_columns(people, "away"), *person_columns(_deputy, "standing"))
    .join(people, people.c.id == absences.c.person)
    .outerjoin(_deputy, _deputy.c.id == absences.c.deputy)
    .order_by(absences.c.since, absences.c.person)
)


def read_absences(connection: Connection, at: datetime) -> Absences:
    """Everyone who is away at `at`."""
    rows = connection.execute(_ABSENCES)
    found = (
        Absence(
            person=person_of(row, "away"),
            since=row.since,
            until=row.until,
            deputy=person_of(row, "standing") if row.deputy else None,
        )
        for row in rows
    )
    return Absences(tuple(absence for absence in found if absence.holds(at)))
