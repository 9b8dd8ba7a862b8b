"""Channels, private channels and direct messages: members, messages, who has read how far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.cast import Channel
from bot.sandbox.wire import Json, SlackError

RoomKind = Literal["channel", "private", "im"]
SCOPE_OF_KIND: dict[RoomKind, str] = {"channel": "channels", "private": "groups", "im": "im"}


@dataclass(slots=True)
class Room:
    """One conversation. `messages` is oldest first, by ts; `whispers` are ephemeral: (reader, message)."""

    id: str
    name: str
    kind: RoomKind
    created_s: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    archived: bool = False
    shared: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    whispers: list[tuple[str, Json]] = field(default_factory=list)
    read_ts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_channel(cls, channel: Channel, created_s: int) -> "Room":
        """The room for a channel of the cast."""
        return cls(
            id=channel.id,
            name=channel.name,
            kind="private" if channel.private else "channel",
            created_s=created_s,
            members=list(channel.members),
            topic=channel.topic,
            archived=channel.archived,
            shared=channel.ext_shared,
        )

    @property
    def scope(self) -> str:
        """The word that Slack's scopes use for this kind: channels, groups or im."""
        return SCOPE_OF_KIND[self.kind]

    def partner_of(self, user: str) -> str | None:
        """The other one in a direct message."""
        if self.kind != "im":
            return None
        return next((member for member in self.members if member != user), user)

    def readers(self) -> tuple[str, ...] | None:
        """Who sees what is posted here; None for a public channel, which everybody may open."""
        return None if self.kind == "channel" else tuple(self.members)

    def top_level(self) -> Iterator[Json]:
        """Messages outside threads, oldest first, with replies that were also sent to the channel."""
        for message in self.messages.values():
            in_thread = message.get("thread_ts") not in (None, message["ts"])
            if not in_thread or message.get("subtype") == "thread_broadcast":
                yield message

    def thread(self, ts: str) -> list[Json]:
        """The root and its replies, oldest first; `thread_not_found` if there is no such message."""
        root = self.messages.get(ts)
        if root is None:
            raise SlackError("thread_not_found")
        replies = [one for one in self.messages.values() if one.get("thread_ts") == ts and one["ts"] != ts]
        return [root, *replies]

    def find(self, ts: str, reader: str) -> Json | None:
        """A message, or an ephemeral one of this reader."""
        if ts in self.messages:
            return self.messages[ts]
        return next((kept for who, kept in self.whispers if who == reader and kept["ts"] == ts), None)

    def count_reply(self, root_ts: str) -> Json | None:
        """The root with its reply fields counted anew; None if it is gone."""
        root = self.messages.get(root_ts)
        if root is None:
            return None
        replies = self.thread(root_ts)[1:]
        users = list(dict.fromkeys(str(reply.get("user")) for reply in replies))
        for name in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
            root.pop(name, None)
        if replies:
            root |= {
                "thread_ts": root_ts,
                "reply_count": len(replies),
                "reply_users": users,
                "reply_users_count": len(users),
                "latest_reply": replies[-1]["ts"],
            }
        return root

    def unread(self, user: str, marks: tuple[str, ...]) -> tuple[int, int]:
        """How many messages `user` has not read, and how many of them hold one of `marks`."""
        seen = self.read_ts.get(user, "0")
        news = []
        for one in reversed(self.messages.values()):
            if one["ts"] <= seen:
                break
            if one.get("user") != user and one.get("thread_ts") in (None, one["ts"]):
                news.append(one)
        if self.kind == "im":
            return len(news), len(news)
        named = sum(any(mark in str(one) for mark in marks) for one in news)
        return len(news), named
