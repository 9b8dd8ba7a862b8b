"""`rollout seats`: which seats each team has, what they cost, and how many people are trained."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, tell, worded
from bot.cli.words import Format, number_of

if TYPE_CHECKING:
    from bot.domain.seats import Equipment

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Seats of each team: tier, people, training, cost.")

Team = Annotated[str, typer.Argument(metavar="TEAM", help="Its name, such as Support.")]


@command(app, "set")
def set_one(
    call: Call,
    team: Team,
    *,
    tier: Annotated[str, typer.Option("--tier", metavar="T", help="Which kind of seat, as the bill calls it.")],
    people: Annotated[int, typer.Option("--people", metavar="N", help="How many people have one; 0 ends the tier.")],
    trained: Annotated[int, typer.Option("--trained", metavar="N", help="How many of them are trained.")],
    cost: Annotated[
        Decimal,
        typer.Option("--cost-usd-month", metavar="X", parser=number_of, help="What they cost together, in dollars."),
    ],
) -> None:
    """Say how many seats of a tier a team has, from now on."""
    from bot.actions.seats import set_seats
    from bot.cli.desk import to_change

    cells = {"tier": tier, "people": str(people), "trained": str(trained), "cost_usd_month": f"{cost:f}"}
    with to_change(call) as session:
        found = session.team(team)
        done = session.do(found.id, set_seats, found, cells)
    if not done.is_new:
        tell("It stands so already, so nothing changed.")
    show({"id": done.signal.id, "source": done.signal.source, "recorded": done.is_new})


@command(app, "list")
def show_all(call: Call, form: Format = "json") -> None:
    """List the seats of all teams, and whether enough of their people are trained."""
    from bot.actions.seats import equipment
    from bot.cli.desk import to_read
    from bot.domain.seats import table_rows
    from bot.domain.wording import columns

    with to_read(call) as session, session.desk.reading() as view:
        found = equipment(view, session.desk.clock.now())
    if form == "text":
        say(columns(table_rows(found)) if found else worded("cli.teams", teams=()))
        return
    show({"seats": [entry for each in found for entry in _entries(each)]})


def _entries(found: "Equipment") -> list[dict[str, object]]:
    from bot.domain.seats import trained_share

    share = trained_share(found.people, found.trained)
    of_team = {
        "team": found.team.name,
        "trained_share": None if share is None else float(round(share, 4)),
        "needed_share": float(found.least),
        "asked": found.is_asked,
        "holds": found.holds,
    }
    return [
        {
            **of_team,
            "tier": seat.tier,
            "people": seat.people,
            "trained": seat.trained,
            "cost_usd_month": f"{seat.cost_usd_month:f}",
        }
        for seat in found.tiers
    ]
