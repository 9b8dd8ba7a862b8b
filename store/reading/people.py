"""People, from rows to frozen values."""

from sqlalchemy import Connection, bindparam, select

from bot.domain.people import Person
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import people
from store.tables.program import team_approvers

_PEOPLE = select(*person_columns(people, "person"))
_WITH_HANDLE = _PEOPLE.where(people.c.handle == bindparam("handle"))
_WITH_ID = _PEOPLE.where(people.c.id == bindparam("person_id"))
_APPROVED_FOR = (
    select(team_approvers.c.team_id)
    .join(people, people.c.id == team_approvers.c.person)
    .where(people.c.handle == bindparam("handle"))
)


def read_person_with_handle(connection: Connection, handle: str) -> Person | None:
    """The person with that handle, if anyone has met them."""
    row = connection.execute(_WITH_HANDLE, {"handle": handle}).first()
    return person_of(row, "person") if row else None


def read_person(connection: Connection, person_id: str) -> Person | None:
    """The person with that random id, erased or not."""
    row = connection.execute(_WITH_ID, {"person_id": person_id}).first()
    return person_of(row, "person") if row else None


def read_teams_approved_for(connection: Connection, handle: str) -> tuple[str, ...]:
    """The ids of the teams that name this person as an approver."""
    return tuple(connection.scalars(_APPROVED_FOR, {"handle": handle}))
