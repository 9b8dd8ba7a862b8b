"""One call of the command line: what `--db`, `--at` and `--as` said, before the command or after it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec

import typer

from bot.cli.words import instant_of
from bot.domain.errors import RolloutError

P = ParamSpec("P")


class BadUsage(RolloutError):
    """The command line or the settings cannot be used as they are; the exit status is 2."""


@dataclass(frozen=True, slots=True)
class Call:
    """The options that every command takes; None where nobody gave one."""

    db: str | None = None
    at: datetime | None = None
    who: str | None = None


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        help="The database; else ROLLOUT_DATABASE_URL, else sqlite:///rollout.db.",
    ),
]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="RFC3339",
        parser=instant_of,
        help="The time by which things are judged, such as 2026-03-02T09:00:00Z; else now.",
    ),
]
Who = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="WHO",
        help="Who acts: a Slack user id, agent:NAME or service:NAME; else the OS user, as a member.",
    ),
]

EVERYWHERE = ("db", "at", "who")
"""The names of the parameters that every command has."""

_SHARED = tuple(
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    for name, kind in zip(EVERYWHERE, (Db, At, Who), strict=True)
)
_CONTEXT = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)


def command(
    app: typer.Typer, name: str
) -> Callable[[Callable[Concatenate[Call, P], None]], Callable[Concatenate[Call, P], None]]:
    """Puts a function on the command line as `name`: it is handed the Call, then what its own options say."""

    def register(act: Callable[Concatenate[Call, P], None]) -> Callable[Concatenate[Call, P], None]:
        # What `given` holds is what the signature below says, which the type checker cannot follow.
        run_it: Any = act

        def run(*, ctx: typer.Context, **given: Any) -> None:
            shared = {each: given.pop(each) for each in EVERYWHERE}
            run_it(refined(ctx.obj, shared), **given)

        own = [
            each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in inspect.signature(act).parameters.values()
        ][1:]
        _dress(run, act, [_CONTEXT, *own, *_SHARED])
        app.command(name)(run)
        return act

    return register


def refined(before: object, given: dict[str, Any]) -> Call:
    """The call with what was said after the command in place of what was said before it."""
    said = before if isinstance(before, Call) else Call()
    return Call(**{name: getattr(said, name) if given[name] is None else given[name] for name in EVERYWHERE})


def _dress(run: Any, act: Callable[..., None], parameters: list[inspect.Parameter]) -> None:
    run.__name__, run.__doc__, run.__module__ = act.__name__, act.__doc__, act.__module__
    run.__signature__ = inspect.Signature(parameters)
    run.__annotations__ = {each.name: each.annotation for each in parameters}
