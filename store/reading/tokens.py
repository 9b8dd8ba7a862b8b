"""Tokens, from rows to frozen values."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.domain.errors import NotFound
from bot.domain.people import PrincipalKind
from bot.domain.tokens import Scope, Token
from bot.domain.wording import cut
from store.tables.tokens import tokens

_ALL = select(tokens).order_by(tokens.c.name, tokens.c.made_at)
_BY_SECRET = _ALL.where(tokens.c.sha256 == bindparam("sha256"))
_NAMED = _ALL.where((tokens.c.id == bindparam("name")) | (tokens.c.name == bindparam("name")))


class Tokens:
    """By what programs come in, as `view.tokens`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Token, ...]:
        """Every token, in use or not, by name."""
        return tuple(token_of(row) for row in self._connection.execute(_ALL))

    def by_secret(self, sha256: str) -> Token | None:
        """The token of whose secret this is the hash, in use or not."""
        row = self._connection.execute(_BY_SECRET, {"sha256": sha256}).one_or_none()
        return token_of(row) if row else None

    def in_use(self, name: str) -> Token:
        """The token of that name or id that was not revoked."""
        rows = self._connection.execute(_NAMED, {"name": name.strip()}).all()
        found = next((token_of(row) for row in rows if row.revoked_at is None), None)
        if found is None:
            raise NotFound(f"There is no token {cut(name, 60)!r} in use. The command token list shows those there are.")
        return found

    def has(self, name: str) -> bool:
        """Whether a token of that name is in use."""
        rows = self._connection.execute(_NAMED, {"name": name})
        return any(row.revoked_at is None for row in rows)


def token_of(row: Any) -> Token:
    """A row as a token."""
    return Token(
        id=row.id,
        name=row.name,
        kind=PrincipalKind(row.kind),
        scopes=tuple(Scope(scope) for scope in row.scopes),
        workflows=tuple(row.workflows),
        made_at=row.made_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
