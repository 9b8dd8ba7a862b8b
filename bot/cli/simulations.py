"""`rollout simulate`: thirteen Mondays of a made-up program in a minute."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, worded

if TYPE_CHECKING:
    from bot.simulation import Monday

app = typer.Typer(rich_markup_mode=None)


@command(app, "simulate")
def simulate(
    call: Call,
    *,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="A new folder for what comes of it.")],
    days: Annotated[int, typer.Option("--days", metavar="N", min=14, max=140, help="How long it lasts.")] = 90,
    teams: Annotated[int, typer.Option("--teams", metavar="N", min=1, max=20, help="How many teams.")] = 3,
    workflows: Annotated[int, typer.Option("--workflows", metavar="N", min=1, max=100, help="How many workflows.")] = 6,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Another number is another program.")] = 1,
) -> None:
    """Play a made-up program with planted troubles, and write each Monday's digest beside the truth."""
    from bot.simulation import Size, plan
    from bot.simulation import simulate as played

    if call.db is not None or call.at is not None or call.who is not None:
        raise BadUsage("A simulation has its own database, clock and people: leave out --db, --at and --as.")
    if teams > workflows:
        raise BadUsage(
            f"Each team needs a workflow, and {workflows} are too few for {teams} teams: give more with --workflows, "
            "or fewer with --teams."
        )
    program = plan(Size(days, teams, workflows), seed)
    zone, folder = program.mondays.zone, Path(out)
    mondays: list[Monday] = []
    for monday in played(program, folder):
        if not mondays:
            said = {"workflows": workflows, "teams": teams, "days": days, "first": program.first, "seed": seed}
            say(f"{worded('simulation.begins', zone, **said)}\n")
        mondays.append(monday)
        say(worded("simulation.monday", zone, headline=monday.headline.removeprefix("Rollout digest · ")))
    planted = sum(each.expected.total() for each in mondays)
    missed = sum(each.missed for each in mondays)
    ended = worded(
        "simulation.ended",
        zone,
        plants=sum(not each.is_near_miss for each in program.plants),
        near=sum(each.is_near_miss for each in program.plants),
        planted=planted,
        found=planted - missed,
        missed=missed,
        wrong=sum(each.wrong for each in mondays),
        out=str(folder),
        until=f"{program.until:%Y-%m-%dT%H:%M:%SZ}",
    )
    say(f"\n{ended}")
