"""The command line as a whole: its nouns put together, and the boundary where errors become sentences."""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import typer
from typer.main import get_command

from bot.cli import (
    absences,
    approvals,
    audits,
    databases,
    decisions,
    deviations,
    digests,
    doctor,
    drills,
    findings,
    freezes,
    grants,
    items,
    metrics,
    numbers,
    phases,
    playbooks,
    policies,
    privacy,
    reports,
    requests,
    roles,
    running,
    saves,
    searching,
    seats,
    signals,
    simulations,
    sketches,
    sources,
    statuses,
    teams,
    tokens,
    workflows,
)
from bot.cli.call import EVERYWHERE, At, BadUsage, Call, Db, Who
from bot.cli.speech import tell, unexpected
from bot.domain.errors import RolloutError

_NOUNS = {
    None: (
        running.app,
        doctor.app,
        workflows.app,
        statuses.app,
        phases.app,
        freezes.app,
        requests.app,
        absences.app,
        decisions.app,
        signals.app,
        saves.app,
        digests.app,
        reports.app,
        searching.app,
        simulations.app,
    ),
    "db": (databases.app,),
    "playbook": (playbooks.app,),
    "team": (teams.app,),
    "role": (roles.app,),
    "item": (items.app,),
    "grant": (grants.app,),
    "decisions": (decisions.log,),
    "memo": (sketches.memo_app,),
    "doc": (sketches.doc_app,),
    "deviation": (deviations.app,),
    "drill": (drills.app,),
    "finding": (findings.app,),
    "metric": (metrics.app,),
    "policy": (policies.app,),
    "seats": (seats.app,),
    "redline": (metrics.red_lines,),
    "approvals": (approvals.app,),
    "token": (tokens.app,),
    "sources": (sources.app,),
    "record": (numbers.app,),
    "signal": (signals.corrections,),
    "privacy": (privacy.app,),
    "audit": (audits.app,),
}

DONE, REFUSED, BAD_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of one call: 0 done, 1 refused or some input rejected, 2 bad usage or settings."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        ended = _command().main(given, prog_name="rollout", standalone_mode=False)
    except typer.TyperException as error:
        tell(_usage(error))
        return error.exit_code
    except RolloutError as error:
        tell(str(error))
        return BAD_USAGE if isinstance(error, BadUsage) else REFUSED
    except Exception as error:  # noqa: BLE001
        tell(unexpected(error))
        return REFUSED
    return ended if isinstance(ended, int) else DONE


def commands() -> tuple[tuple[str, str], ...]:
    """Each command as its usage and what it does, in the order of the help; the README's table."""
    return tuple(_leaves("rollout", _command()))


@cache
def _command() -> Any:
    # The vendored click types behind this are private to typer, hence Any.
    app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)
    app.callback()(_before)
    for noun, parts in _NOUNS.items():
        for part in parts:
            app.add_typer(part, name=noun)
    return get_command(app)


def _before(ctx: typer.Context, db: Db = None, at: At = None, who: Who = None) -> None:
    """Rollout brings AI agents into real work, by playbooks, evidence and bounded autonomy.

    The options below may stand before the command or after it.
    """
    if ctx.invoked_subcommand is None:
        raise BadUsage(ctx.get_help())
    ctx.obj = Call(db, at, who)


def _usage(error: typer.TyperException) -> str:
    """What was wrong with the command line, and where its help is; help itself as it stands."""
    text = error.format_message().replace("Value error, ", "")
    where = getattr(getattr(error, "ctx", None), "command_path", "rollout")
    if text.startswith("Usage:"):
        return text
    end = "" if text.endswith((".", "?")) else "."
    return f"{text}{end} See `{where} --help`."


def _leaves(path: str, command: Any) -> Iterator[tuple[str, str]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        pieces = [piece for param in command.params if (piece := _piece(param))]
        yield " ".join([path, *pieces]), " ".join((command.help or "").split("\n\n")[0].split())
        return
    for name, each in inner.items():
        yield from _leaves(f"{path} {name}", each)


def _piece(param: Any) -> str:
    """How one parameter stands in a usage; nothing for those that every command has."""
    if param.hidden or param.name in EVERYWHERE or param.name == "help":
        return ""
    if param.param_type_name == "argument":
        return _argument(param)
    flag = "/".join((param.opts[0], *param.secondary_opts))
    value = "" if param.is_flag else f" {param.metavar or _choices(param)}"
    return f"{flag}{value}" if param.required else f"[{flag}{value}]"


def _argument(param: Any) -> str:
    name = f"{param.metavar}{'…' if param.nargs == -1 else ''}"
    return name if param.required else f"[{name}]"


def _choices(param: Any) -> str:
    return "|".join(str(choice) for choice in param.type_descriptor.choices)
