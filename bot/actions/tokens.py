"""Tokens: made by an admin, shown once, revoked at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions.desk import Turn
from bot.domain.calendar import end_of_day
from bot.domain.errors import BadInput, Conflict, NotAllowed
from bot.domain.facts import TokenMade, TokenRevoked
from bot.domain.people import PrincipalKind, Through
from bot.domain.rights import demand_person
from bot.domain.tokens import MAX_DAYS, Scope, new_secret, secret_hash, token_name
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """What a token is asked for with; without workflows it is for all of them."""

    name: str
    kind: PrincipalKind
    scopes: tuple[Scope, ...]
    workflows: tuple[Workflow, ...]
    last_day: date


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token with its secret, which nothing keeps."""

    fact: TokenMade
    secret: str


def make(turn: Turn, entry: TokenEntry, zone: str) -> Issued:
    """A token that may be used from now to the end of its last day in `zone`."""
    _demand_admin(turn)
    name = token_name(entry.name)
    _demand_sound(entry)
    expires_at = end_of_day(entry.last_day, zone)
    if not turn.at < expires_at <= turn.at + timedelta(days=MAX_DAYS):
        raise BadInput(f"A token's last day lies ahead, by at most {MAX_DAYS} days; give another.", "expires")
    if turn.change.tokens.has(name):
        raise Conflict(f"A token {name} is in use already: revoke it, or give this one another name.")
    secret = new_secret()
    fact = TokenMade(
        token_id=turn.change.new_id("tok"),
        name=name,
        kind=entry.kind,
        scopes=tuple(sorted(set(entry.scopes))),
        workflows=_ids(entry.workflows),
        expires_at=expires_at,
        sha256=secret_hash(secret),
    )
    turn.record(fact)
    return Issued(fact, secret)


def revoke(turn: Turn, name: str) -> TokenRevoked:
    """The token out of use from this transaction on."""
    _demand_admin(turn)
    fact = TokenRevoked(token_id=turn.change.tokens.in_use(name).id)
    turn.record(fact)
    return fact


def _ids(workflows: Iterable[Workflow]) -> tuple[str, ...]:
    return tuple(sorted({workflow.id for workflow in workflows}))


def _demand_sound(entry: TokenEntry) -> None:
    if not entry.scopes:
        raise BadInput(f"Say what the token is for: {', '.join(Scope)}.", "scope")
    if entry.kind is PrincipalKind.HUMAN:
        raise BadInput("A token is for an agent or a service; people use Slack or the command line.", "kind")


def _demand_admin(turn: Turn) -> None:
    """Nothing for an admin, or for whoever holds the database itself at the command line; else a refusal."""
    demand_person(turn.actor)
    because = turn.actor.admin_because or ("at the command line" if turn.actor.through is Through.CLI else None)
    if because is None:
        raise NotAllowed("Tokens are made and revoked by an admin (ROLLOUT_ADMINS): ask one of them.")
    turn.change.allowed_because(because)
