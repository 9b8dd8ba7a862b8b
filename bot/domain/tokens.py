"""Tokens: by which programs reach the product over HTTP, each for certain workflows and until a day."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import BadInput, NotAllowed, Refused
from bot.domain.people import Actor, PrincipalKind, Through

MAX_DAYS = 400
"""How long a token may live at most; a forgotten one should die by itself."""

PREFIX = "rollout_"
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}", re.ASCII)


class Unrecognized(Refused):
    """Whoever asks brings no token that may be used; the sentence is the same whatever is wrong with it."""

    def __init__(self) -> None:
        super().__init__(
            "This needs a token that may be used now, as `Authorization: Bearer rollout_...`; yours is missing, "
            "unknown, out of date or revoked. Ask an admin for one."
        )


class Scope(StrEnum):
    """What a token may be used for."""

    DECISIONS = "decisions"
    SIGNALS = "signals"
    READ = "read"

    @property
    def meaning(self) -> str:
        """The scope in words."""
        return _MEANINGS[self.value]


_MEANINGS = {
    "decisions": "ask for decisions, and for a person's approval",
    "signals": "send signals",
    "read": "read workflows and digests",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it stands, without its secret; `workflows` are the ids of those it is bound to, none for all."""

    id: str
    name: str
    kind: PrincipalKind
    scopes: tuple[Scope, ...]
    workflows: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def actor(self) -> Actor:
        """Whoever acts by it: an agent or a service, never a person."""
        return Actor(self.kind, f"{self.kind}:{self.name}", self.name, Through.API)

    def holds(self, at: datetime) -> bool:
        """Whether it may be used at `at`."""
        return self.revoked_at is None and at < self.expires_at

    def is_for(self, workflow_id: str) -> bool:
        """Whether it may be used about this workflow."""
        return not self.workflows or workflow_id in self.workflows


def demand_usable(token: Token | None, scope: Scope, at: datetime) -> Token:
    """The token, if it may be used at `at` for this; else Unrecognized, or NotAllowed where only the scope is wrong."""
    if token is None or not token.holds(at):
        raise Unrecognized
    if scope not in token.scopes:
        raise NotAllowed(f"This token may not {scope.meaning}: it lacks the scope {scope}. Ask an admin for another.")
    return token


def demand_bound(token: Token, workflow_id: str | None) -> None:
    """Nothing, if the token is for this workflow; a bound one does not learn whether another exists."""
    if token.workflows and workflow_id not in token.workflows:
        raise NotAllowed("This token is bound to other workflows. Ask an admin for one that is for this workflow too.")


def new_secret() -> str:
    """A secret that nobody can guess; it is shown once and never kept."""
    return f"{PREFIX}{secrets.token_urlsafe(32)}"


def secret_hash(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain SHA-256 cannot be turned back by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def looks_like_secret(text: str) -> bool:
    """Whether `text` has the form of one of our secrets, so that nonsense never reaches the database."""
    return _SECRET.fullmatch(text) is not None


def token_name(text: str) -> str:
    """`text` as a token's name, which is also the name of the agent or service that acts by it."""
    name = text.strip()
    if not _NAME.fullmatch(name):
        raise BadInput(
            "A token's name is the name of the agent or service that uses it: letters, digits, _, . and -, at most 60, "
            "for instance refunds-agent.",
            "name",
        )
    return name
