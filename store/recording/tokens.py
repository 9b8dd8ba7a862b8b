"""How tokens are kept, used and revoked."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import TokenMade, TokenRevoked
from bot.domain.tokens import Token
from store.errors import Crossed
from store.reading.tokens import token_of
from store.recording.scene import Scene
from store.tables.tokens import tokens

_TO_THE = timedelta(minutes=1)
# Shared, in one order: a revocation waits for those that rest on the token, and those that come later see it.
_HELD = (
    select(tokens)
    .where(tokens.c.sha256.in_(bindparam("hashes", expanding=True)))
    .order_by(tokens.c.sha256)
    .with_for_update(read=True)
)


def make_token(scene: Scene, fact: TokenMade) -> None:
    """A row for the token."""
    row = {
        "id": fact.token_id,
        "name": fact.name,
        "kind": fact.kind,
        "sha256": fact.sha256,
        "scopes": list(fact.scopes),
        "workflows": list(fact.workflows),
        "made_by": scene.by,
        "made_at": scene.at,
        "expires_at": fact.expires_at,
    }
    try:
        with scene.connection.begin_nested():
            scene.connection.execute(insert(tokens).values(row))
    except IntegrityError as error:
        raise Crossed("A token of this name was made in this very moment, so nothing was saved.") from error


def revoke_token(scene: Scene, fact: TokenRevoked) -> None:
    """The token out of use, if it was in use."""
    in_use = (tokens.c.id == fact.token_id) & tokens.c.revoked_at.is_(None)
    scene.write_one(update(tokens).where(in_use).values(revoked_at=scene.at), "This token")


def hold(connection: Connection, hashes: Iterable[str]) -> Mapping[str, Token]:
    """The tokens with these secrets, by the hash, as they are until the commit; whoever revokes one waits."""
    return {row.sha256: token_of(row) for row in connection.execute(_HELD, {"hashes": sorted(set(hashes))})}


def note_uses(connection: Connection, hashes: Iterable[str], at: datetime) -> None:
    """When these tokens were last used, written at most once a minute."""
    long_ago = or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at <= at - _TO_THE)
    for each in sorted(set(hashes)):
        connection.execute(update(tokens).where(tokens.c.sha256 == each, long_ago).values(last_used_at=at))
