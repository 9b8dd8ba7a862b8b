"""Drafts: kept for whoever types, found again, and let go once they are handed in."""

import secrets
from collections.abc import Mapping

from bot.actions.desk import Desk
from bot.domain.people import Actor
from store import drafts
from store.drafts import Draft


def new_id() -> str:
    """A random id for what someone begins to type."""
    return f"draft_{secrets.token_hex(8)}"


def keep(desk: Desk, actor: Actor, kind: str, draft_id: str, given: Mapping[str, str]) -> None:
    """What stands in a window's fields now, kept for whoever types it."""
    draft = Draft(draft_id, given, desk.clock.now())
    desk.store.database.retrying(lambda connection: drafts.keep(connection, actor.handle, kind, draft))


def known(desk: Desk, actor: Actor, kind: str) -> tuple[Draft, ...]:
    """What they began in such windows and never handed in, the newest first."""
    at = desk.clock.now()
    with desk.store.database.reading() as connection:
        return drafts.kept_for(connection, actor.handle, kind, at)


def forget(desk: Desk, actor: Actor, draft_id: str) -> None:
    """One draft of theirs let go."""
    desk.store.database.retrying(lambda connection: drafts.forget(connection, actor.handle, draft_id))
