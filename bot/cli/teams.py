"""`rollout team`: the teams, made, corrected and listed."""

from typing import Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, SwitchName, channel_of, people_of, person_of

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Teams: made, corrected, listed.")

_HOURS = "Working hours, Monday to Friday, such as 9-18."
_ZONE = "An IANA time zone, such as Europe/Lisbon."

Name = Annotated[str, typer.Argument(metavar="NAME", help="What people call the team.")]
Approvers = Annotated[
    list[str] | None,
    typer.Option(
        "--approvers", metavar="U…", help="Who approves what the team asks for: Slack user ids, as many as you like."
    ),
]
More = Annotated[list[str] | None, typer.Argument(metavar="U", hidden=True)]


@command(app, "add")
def add(
    call: Call,
    name: Name,
    *,
    channel: Annotated[str, typer.Option("--channel", metavar="C", parser=channel_of, help="Its Slack channel's id.")],
    lead: Annotated[str, typer.Option("--lead", metavar="U", parser=person_of, help="Who leads it.")],
    timezone: Annotated[str, typer.Option("--timezone", metavar="TZ", help=_ZONE)],
    hours: Annotated[str, typer.Option("--hours", metavar="9-18", help=_HOURS, show_default=False)] = "9-18",
    approvers: Approvers = None,
    more: More = None,
) -> None:
    """Make a team and print its id."""
    from bot.actions.teams import TeamEntry, make
    from bot.cli.desk import to_change

    handles = _approvers(approvers, more) or ()
    with to_change(call) as session:
        entry = TeamEntry(
            name=name,
            channel=channel,
            lead=session.desk.person(lead),
            approvers=tuple(session.desk.person(each) for each in handles),
            zone=timezone,
            hours=hours,
        )
        made = session.do(None, make, entry)
    show({"id": made.team_id})


@command(app, "edit")
def edit(
    call: Call,
    team: Annotated[str, typer.Argument(metavar="NAME", help="The team's name as it is now.")],
    *,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Another name.")] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="C", parser=channel_of, help="Another Slack channel's id.")
    ] = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="U", parser=person_of, help="Who leads it from now on.")
    ] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", metavar="TZ", help=_ZONE)] = None,
    hours: Annotated[str | None, typer.Option("--hours", metavar="9-18", help=_HOURS)] = None,
    digest: Annotated[
        SwitchName | None,
        typer.Option("--digest", help="Whether it gets a Monday digest of its own, in its channel."),
    ] = None,
    approvers: Approvers = None,
    more: More = None,
) -> None:
    """Correct a team; what is left out stays, `--approvers ""` leaves none."""
    from bot.actions.teams import TeamEntry
    from bot.actions.teams import edit as correct
    from bot.cli.desk import to_change

    handles = _approvers(approvers, more)
    if all(each is None for each in (name, channel, lead, timezone, hours, digest, handles)):
        raise BadUsage(
            "Nothing was changed: give at least one of --name, --channel, --lead, --timezone, --hours, --digest or "
            "--approvers."
        )
    with to_change(call) as session:
        found = session.team(team)
        entry = TeamEntry(
            name=name,
            channel=channel,
            lead=session.desk.person(lead) if lead else None,
            approvers=None if handles is None else tuple(session.desk.person(each) for each in handles),
            zone=timezone,
            hours=hours,
            digest=None if digest is None else digest == "on",
        )
        session.do(found.id, correct, found, entry)
    show({"id": found.id})


@command(app, "list")
def show_all(call: Call, form: Format = "json") -> None:
    """List the teams by name."""
    from bot.cli.desk import to_read

    with to_read(call) as session, session.desk.reading() as view:
        teams = view.teams()
    if form == "text":
        say(worded("cli.teams", teams=teams))
        return
    show(
        {
            "teams": [
                {
                    "id": team.id,
                    "name": team.name,
                    "channel": team.channel,
                    "lead": team.lead.handle,
                    "approvers": [person.handle for person in team.approvers],
                    "timezone": team.zone,
                    "hours": str(team.hours),
                    "digest": "on" if team.digest_since else "off",
                }
                for team in teams
            ]
        }
    )


def _approvers(given: list[str] | None, more: list[str] | None) -> tuple[str, ...] | None:
    """The ids after `--approvers`, however they were separated; None where the option was not given."""
    if more and given is None:
        raise BadUsage(f"{more[0]!r} stands alone: put a name of several words in quotes, and ids after --approvers.")
    if given is None:
        return None
    return tuple(dict.fromkeys(each for text in (*given, *(more or ())) for each in people_of(text)))
