"""How tokens are kept, used and revoked."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import TokenMade, TokenRevoked
from store.errors import Crossed
from store.recording.scene import Scene
from store.tables.tokens import tokens

_TO_THE = timedelta(minutes=1)


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


def note_use(connection: Connection, token_id: str, at: datetime) -> None:
    """When the token was last used, written at most once a minute."""
    long_ago = or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at < at - _TO_THE)
    connection.execute(update(tokens).where(tokens.c.id == token_id, long_ago).values(last_used_at=at))
