"""Facts about tokens; the secret is in none of them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import PrincipalKind
from bot.domain.tokens import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMade:
    """A token was made; `sha256` is what is kept of its secret, `workflows` are ids, none for all."""

    token_id: str
    name: str
    kind: PrincipalKind
    scopes: tuple[Scope, ...]
    workflows: tuple[str, ...]
    expires_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """A token can't be used any more."""

    token_id: str
