"""`rollout token`: by what agents and services reach the product over HTTP."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import show, tell
from bot.cli.words import ProgramName, ScopeName, day_of, scope_of

if TYPE_CHECKING:
    from bot.domain.tokens import Token
    from store import View

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Tokens: made, listed, revoked.")

TokenName = Annotated[str, typer.Argument(metavar="NAME", help="The agent or service that uses it.")]


@command(app, "new")
def make(
    call: Call,
    name: TokenName,
    *,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope",
            metavar="SCOPE",
            parser=scope_of,
            help=f"What it is for, one of {', '.join(get_args(ScopeName))}; give it several times.",
        ),
    ],
    expires: Annotated[date, typer.Option("--expires", metavar="DATE", parser=day_of, help="Its last day.")],
    workflow: Annotated[
        list[str] | None,
        typer.Option("--workflow", metavar="W", help="Which workflow it is bound to; give it several times."),
    ] = None,
    kind: Annotated[ProgramName, typer.Option("--kind", help="What acts by it.")] = "agent",
) -> None:
    """Make a token and print it, this once; without --workflow it is for all of them."""
    from bot.actions.tokens import TokenEntry
    from bot.actions.tokens import make as issue
    from bot.cli.desk import to_change
    from bot.domain.people import PrincipalKind
    from bot.domain.tokens import Scope
    from store.types import instant_text

    if strange := [each for each in scope if each not in get_args(ScopeName)]:
        raise BadUsage(f"{strange[0][:40]!r} is no scope: it is one of {', '.join(get_args(ScopeName))}.")
    with to_change(call) as session:
        bound = tuple(session.workflow(each) for each in workflow or ())
        entry = TokenEntry(name, PrincipalKind(kind), tuple(Scope(each) for each in scope), bound, expires)
        issued = session.do(None, issue, entry, session.settings.timezone)
    tell("Keep the token now: it is shown this once, and nothing of it but a hash is kept.")
    show({"id": issued.fact.token_id, "token": issued.secret, "expires_at": instant_text(issued.fact.expires_at)})


@command(app, "list")
def show_all(call: Call) -> None:
    """List the tokens, with what each may be used for, until when, and when it last was."""
    from bot.cli.desk import to_read

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        found = [_entry(view, token) | {"usable": token.holds(at)} for token in view.tokens.all()]
    show({"tokens": found})


@command(app, "revoke")
def revoke(call: Call, name: TokenName) -> None:
    """Take a token out of use, at once."""
    from bot.actions.tokens import revoke as take_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(None, take_back, name)
    show({"id": fact.token_id, "revoked": True})


def _entry(view: "View", token: "Token") -> dict[str, object]:
    from store.types import instant_text

    instants = {name: getattr(token, name) for name in ("made_at", "expires_at", "last_used_at", "revoked_at")}
    return {
        "id": token.id,
        "name": token.name,
        "kind": token.kind.value,
        "scopes": [scope.value for scope in token.scopes],
        "workflows": [view.workflow_by_id(each).name for each in token.workflows],
        **{name: instant_text(at) if at else None for name, at in instants.items()},
    }
