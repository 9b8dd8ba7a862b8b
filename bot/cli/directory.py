"""The people and channels of the command line: ids are taken at their word, Slack is not asked."""

from bot.domain.people import Membership
from bot.ports import Account, Channel
from store import Store


class TakenAtTheirWord:
    """A Directory in which every user id is an active member, called as the store knows them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """A member with that user id; without a known name they are called by the id."""
        del fresh
        with self._store.reading() as view:
            known = view.person_by_handle(handle)
        if known is None:
            return Account(handle, handle, "UTC", Membership.MEMBER)
        return Account(handle, known.name, known.zone, Membership.MEMBER)

    def group_members(self, group: str) -> tuple[str, ...]:
        """Nobody: only Slack knows who is in a user group."""
        del group
        return ()

    def channel(self, channel: str) -> Channel | None:
        """The channel with that id, called by it."""
        return Channel(channel, channel)

    def link(self, channel: str, ts: str) -> str | None:
        """None: only Slack knows where a message stands."""
        del channel, ts
        return None
