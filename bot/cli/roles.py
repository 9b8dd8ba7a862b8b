"""`rollout role`: who holds which role in a workflow."""

from typing import Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show
from bot.cli.words import Person, RoleArgument, WorkflowName, person_of
from bot.domain.errors import Conflict

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Roles: given and vacated.")


@command(app, "set")
def give(call: Call, workflow: WorkflowName, name: RoleArgument, person: Person) -> None:
    """Give a role; all but reviewer pass from whoever held it."""
    from bot.actions.workflows import give_role
    from bot.cli.desk import to_change
    from bot.domain.workflows import Role

    role = Role(name)
    with to_change(call) as session:
        found = session.workflow(workflow)
        session.do(found.id, give_role, found, role, session.desk.person(person))
    before = [] if role is Role.REVIEWER else [each.handle for each in found.holders_of(role)]
    show({"id": found.id, "role": role.value, "person": person, "before": before})


@command(app, "clear")
def vacate(
    call: Call,
    workflow: WorkflowName,
    name: RoleArgument,
    person: Annotated[
        str | None,
        typer.Argument(metavar="U", parser=person_of, help="Who no longer holds it, where several do."),
    ] = None,
) -> None:
    """Leave a role vacant."""
    from bot.actions.workflows import vacate_role
    from bot.cli.desk import to_change
    from bot.domain.workflows import Role

    role = Role(name)
    with to_change(call) as session:
        found = session.workflow(workflow)
        held = [each.handle for each in found.holders_of(role) if each.handle]
        if person is None and not held:
            raise Conflict(f"Nobody is {role.label} of {found.name}, so there is nothing to clear.")
        if person is None and len(held) > 1:
            raise BadUsage(f"{found.name} has {len(held)} of these: say whose role ends ({', '.join(held)}).")
        leaving = person or held[0]
        session.do(found.id, vacate_role, found, role, session.desk.person(leaving))
    show({"id": found.id, "role": role.value, "person": leaving})
