"""`rollout sources`: the outside systems that yield signals, how they stand, and one run of them now."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show, tell, unexpected, worded
from bot.domain.errors import RolloutError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.actions.desk import Desk
    from bot.actions.sources import Foreseen, Pulled
    from bot.connections import Connections
    from bot.domain.signals.volumes import Volume
    from bot.domain.sources import Mapped, Reading
    from bot.intake import Rejected
    from bot.settings import Settings
    from bot.sources.seam import Source

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Sources: how they stand, and a run of them now.")


@command(app, "list")
def show_all(call: Call) -> None:
    """List every source that Rollout knows: what is mapped by whom, when it was read last, and how much it gave."""
    from bot.actions.digests.sources import volumes_of
    from bot.actions.sources import standing
    from bot.cli.desk import to_read
    from bot.connections import known_sources
    from bot.domain.findings.weeks import Weeks
    from bot.domain.sources import Reading

    with to_read(call) as session:
        known_here = _connections(session.settings)
        by_hand = _by_hand(session.desk)
        configured = [source.name for source in known_here.sources(by_hand)]
        weeks = Weeks(session.desk.clock.now(), session.desk.configured.leaders.zone)
        known = {each.name: each for each in standing(session.desk, configured)}
        with session.desk.reading() as view:
            volumes = volumes_of(view, configured, weeks)
    found, mapped = [], (*known_here.by_file(), *by_hand)
    for name in sorted({*known_sources(), *known}):
        entry = _standing(known.get(name) or Reading(name, is_configured=False), volumes.get(name), weeks.at)
        found.append({**entry, "mapped": [_shown(each) for each in mapped if each.source == name]})
    show({"sources": found})


def _standing(reading: "Reading", volume: "Volume | None", at: "datetime") -> dict[str, object]:
    """A source as the list shows it, but for what is mapped; what is wrong with it is said beside the list."""
    from store.types import instant_text

    told = replace(reading.told(at), volume=volume)
    if reading.is_configured and reading.why_not:
        tell(f"{reading.name} was not read to the end: {reading.why_not}")
    if told.gave_fewer:
        tell(worded("cli.gave_fewer", name=reading.name, v=volume))
    return {
        "name": reading.name,
        "configured": reading.is_configured,
        "state": told.state.value if reading.is_configured else None,
        "read_at": instant_text(reading.read_at) if reading.read_at else None,
        "signals": {"week": volume.week, "week_before": volume.week_before} if volume else None,
    }


@command(app, "pull")
def pull(
    call: Call,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which source; else every configured one.")] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the signals that it would bring; keep none.")
    ] = False,
) -> None:
    """Read the configured sources now, each from where its last run ended."""
    from bot.actions import sources as acts
    from bot.cli.desk import to_change

    with to_change(call) as session:
        connected = _connections(session.settings).sources(_by_hand(session.desk))
        chosen = _chosen(connected, name)
        if dry_run:
            foreseen = [_foreseen(session.desk, source) for source in chosen]
            show({"sources": [_would_bring(each) for each in foreseen]})
            failed = any(each.why or each.rejected for each in foreseen)
        else:
            pulled = [_pulled(session.desk, source) for source in chosen]
            show({"sources": [_brought(each) for each in pulled]})
            failed = any(each.ending is not acts.Ending.READ or each.taken.rejected for each in pulled)
    if failed:
        raise typer.Exit(1)


def _shown(mapped: "Mapped") -> dict[str, object]:
    by = "hand" if mapped.id else "file"
    return {"place": mapped.place or None, "workflow": mapped.workflow, "by": by}


def _by_hand(desk: "Desk") -> "tuple[Mapped, ...]":
    with desk.reading() as view:
        return view.sources.by_hand()


def _connections(settings: "Settings") -> "Connections":
    """What the file of sources says, for a program that does nothing else meanwhile."""
    import time

    from bot.clock import SystemClock
    from bot.connections import connections
    from bot.settings import SettingsError
    from bot.sources.http import Surroundings

    def wait(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    try:
        return connections(settings, Surroundings(SystemClock().now, wait))
    except SettingsError as error:
        raise BadUsage(str(error)) from None


def _chosen(configured: "tuple[Source, ...]", name: str | None) -> "tuple[Source, ...]":
    from bot.connections import known_sources
    from bot.domain.nearness import near

    if name is None:
        if not configured:
            raise BadUsage(
                "No source is configured: name a file in ROLLOUT_SOURCES that says what of a source belongs to which "
                "workflow, as the README shows, or map one with /rollout connect."
            )
        return configured
    found = tuple(source for source in configured if source.name == name.strip().casefold())
    if found:
        return found
    if name.strip().casefold() in known_sources():
        raise BadUsage(f"{name} is not configured: give it entries in the file that ROLLOUT_SOURCES names.")
    names = sorted({*known_sources(), *(source.name for source in configured)})
    guess = near(name.strip().casefold(), names)
    hint = f"did you mean {guess}?" if guess else f"there are {', '.join(names)}."
    raise BadUsage(f"There is no source {name[:60]!r}; {hint}")


def _pulled(desk: "Desk", source: "Source") -> "Pulled":
    """One run, whatever happens in it: the other sources are read all the same."""
    from bot.actions import sources as acts
    from bot.domain.people import Through

    try:
        return acts.pull(desk, source, Through.CLI)
    except RolloutError as error:
        return acts.give_up(desk, source, str(error))
    except Exception as error:  # noqa: BLE001  the boundary of one source's run
        return acts.give_up(desk, source, unexpected(error))


def _foreseen(desk: "Desk", source: "Source") -> "Foreseen":
    """The same, before anything is kept."""
    from bot.actions import sources as acts

    try:
        return acts.foresee(desk, source)
    except RolloutError as error:
        return acts.Foreseen(source.name, (), (), str(error))
    except Exception as error:  # noqa: BLE001  the boundary of one source's run
        return acts.Foreseen(source.name, (), (), unexpected(error))


def _brought(pulled: "Pulled") -> dict[str, object]:
    counts = {"accepted": pulled.taken.accepted, "duplicate": pulled.taken.duplicate}
    refused = {"rejected": _rejected(pulled.taken.rejected), "why": pulled.why or None}
    return {"name": pulled.name, "ended": pulled.ending.value, **counts, **refused}


def _would_bring(foreseen: "Foreseen") -> dict[str, object]:
    refused = {"rejected": _rejected(foreseen.rejected), "why": foreseen.why or None}
    return {"name": foreseen.name, "signals": [dict(each) for each in foreseen.entries], **refused}


def _rejected(rejected: "tuple[Rejected, ...]") -> list[dict[str, object]]:
    return [{"line": each.line, "why": each.why} for each in rejected]
