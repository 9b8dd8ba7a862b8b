"""How one workflow stands, as the marks that move with everything that changes about it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from store.tables.marks import PROGRAM, marks
from store.tables.program import teams, workflows


@dataclass(frozen=True, slots=True)
class Marks:
    """Equal for as long as nothing changed about the workflow, its team, or the people of the program.

    `zone` is the time zone of the team, in which the workflow's days begin.
    """

    workflow_id: str
    team_id: str
    zone: str
    of_workflow: int
    of_team: int
    of_program: int


def _marks_where(where: ColumnElement[bool]) -> Select[Any]:
    of_workflow, of_team, of_program = marks.alias("of_workflow"), marks.alias("of_team"), marks.alias("of_program")
    return (
        select(
            workflows.c.id,
            workflows.c.team_id,
            teams.c.zone,
            func.coalesce(of_workflow.c.value, 0),
            func.coalesce(of_team.c.value, 0),
            func.coalesce(of_program.c.value, 0),
        )
        .join(teams, teams.c.id == workflows.c.team_id)
        .outerjoin(of_workflow, of_workflow.c.subject == workflows.c.id)
        .outerjoin(of_team, of_team.c.subject == workflows.c.team_id)
        .outerjoin(of_program, of_program.c.subject == PROGRAM)
        .where(where)
    )


NAMED = _marks_where(workflows.c.name == bindparam("name"))
_WITH_ID = _marks_where(workflows.c.id == bindparam("workflow_id"))


def marks_named(connection: Connection, name: str) -> Marks | None:
    """How the workflow of that name stands, None where there is none."""
    row = connection.execute(NAMED, {"name": name}).first()
    return Marks(*row) if row else None


def marks_of(connection: Connection, workflow_id: str) -> Marks | None:
    """How the workflow with that id stands, None where there is none."""
    row = connection.execute(_WITH_ID, {"workflow_id": workflow_id}).first()
    return Marks(*row) if row else None
