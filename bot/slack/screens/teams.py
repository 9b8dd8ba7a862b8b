"""A team's card and the modal that changes it."""

from bot.domain.absences import EVERYONE_HERE, Absences
from bot.domain.people import Person
from bot.domain.teams import Team
from bot.slack.blocks import Block, Screen, actions, button, context, field, modal, person, persons, section, typed
from bot.slack.pen import Pen


def team_screen(pen: Pen, team: Team | None, able: int, absences: Absences = EVERYONE_HERE) -> Screen:
    """What the team of a channel is; `able` counts who can approve its requests, settings included."""
    if team is None:
        text = pen.md("teams.none")
        return Screen(text, (section(text), actions(button("Start a workflow", "start.open", style="primary"))))

    def away(person: Person) -> str:
        absence = absences.of(person)
        return pen.md("people.away", away=absence) if absence else ""

    text = pen.md("teams.card", team=team, approvers=team.approvers, away=away)
    blocks: list[Block] = [section(text)]
    if able < 2:
        blocks.append(context(pen.md("teams.few", able=able)))
    blocks.append(actions(button("Edit…", "team.edit", team.id), button("Its workflows", "status.team", team.id)))
    return Screen(text, tuple(blocks))


def team_modal(pen: Pen, team: Team, memory: str) -> Block:
    """Everything about a team that can be corrected, filled with how it is."""
    blocks = [
        field("name", "Name", typed(team.name, limit=80)),
        field("lead", "Lead", person(_slack_id(team.lead))),
        field(
            "approvers",
            "Approvers",
            persons([id_ for p in team.approvers if (id_ := _slack_id(p))]),
            optional=True,
            hint=pen.plain("teams.approvers_hint"),
        ),
        field("timezone", "Time zone", typed(team.zone, limit=64), hint=pen.plain("teams.zone_hint")),
        field("hours", "Working hours", typed(str(team.hours), limit=5)),
    ]
    return modal("team.edit", "Edit team", blocks, submit="Save", metadata=memory)


def _slack_id(person: Person) -> str | None:
    return person.handle if person.handle and person.handle.startswith(("U", "W")) else None
