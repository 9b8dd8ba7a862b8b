"""Who and what exists in the Slack workspace, asked at most once in five minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Any, Generic, TypeVar

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.domain.people import Membership
from bot.ports import Account, Channel

log = structlog.get_logger()

KEPT_S = 300.0
# Whoever asks something waits for what is looked up here, and Slack gives them three seconds.
ANSWER_S = 2
_UNREACHABLE_S = 5.0
_NO_ANSWER = (SlackClientError, HTTPException, OSError)

V = TypeVar("V")


class _Kept(Generic[V]):
    """Values that are good for a while, by key."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._values: dict[str, tuple[float, V]] = {}

    def get(self, key: str) -> V | None:
        found = self._values.get(key)
        return found[1] if found and self._monotonic() < found[0] else None

    def last(self, key: str) -> V | None:
        """The value that was kept last, however long ago."""
        found = self._values.get(key)
        return found[1] if found else None

    def put(self, key: str, value: V, good_for_s: float) -> V:
        self._values[key] = (self._monotonic() + good_for_s, value)
        return value


@dataclass(frozen=True, slots=True)
class _Group:
    """Who is in a user group; `handles` is None where Slack gave no answer."""

    handles: tuple[str, ...] | None


class SlackDirectory:
    """The directory as Slack has it; where Slack gives no answer, nobody is a member."""

    def __init__(self, client: WebClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = WebClient(client.token, base_url=client.base_url, timeout=ANSWER_S, retry_handlers=[])
        self._monotonic = monotonic
        self._silent_until_s = 0.0
        self._home: str | None = None
        self._accounts: _Kept[Account] = _Kept(monotonic)
        self._groups: _Kept[_Group] = _Kept(monotonic)
        self._channels: _Kept[Channel | None] = _Kept(monotonic)

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account with that user id; where Slack gives no answer, as it was known last, a member as `UNKNOWN`."""
        known = None if fresh else self._accounts.get(handle)
        if known:
            return known
        try:
            user = self._asked(lambda: self._client.users_info(user=handle))["user"]
            account = _account(handle, user, self._home_team())
        except _NO_ANSWER:
            account = self._accounts.last(handle) or Account(handle, handle, "UTC", Membership.UNKNOWN)
            if account.membership is Membership.MEMBER:
                account = replace(account, membership=Membership.UNKNOWN)
            return self._accounts.put(handle, account, _UNREACHABLE_S)
        return self._accounts.put(handle, account, KEPT_S)

    def group_members(self, group: str) -> tuple[str, ...] | None:
        """The user ids in a user group; None where Slack gives no answer."""
        if known := self._groups.get(group):
            return known.handles
        try:
            users = tuple(self._asked(lambda: self._client.usergroups_users_list(usergroup=group))["users"])
        except _NO_ANSWER:
            return self._groups.put(group, _Group(None), _UNREACHABLE_S).handles
        return self._groups.put(group, _Group(users), KEPT_S).handles

    def channel(self, channel: str) -> Channel | None:
        """The channel with that id, if the bot can see it."""
        known = self._channels.get(channel)
        if known:
            return known
        try:
            found = self._asked(lambda: self._client.conversations_info(channel=channel))["channel"]
        except _NO_ANSWER:
            return None
        shared = bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
        seen = Channel(
            channel,
            str(found.get("name", channel)),
            is_shared=shared,
            is_archived=bool(found.get("is_archived")),
            is_private=bool(found.get("is_private")) and not shared,
        )
        return self._channels.put(channel, seen, KEPT_S)

    def link(self, channel: str, ts: str) -> str | None:
        """The address of a message, if Slack gives one."""
        try:
            return str(self._asked(lambda: self._client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"])
        except _NO_ANSWER:
            return None

    def _asked(self, ask: Callable[[], SlackResponse]) -> SlackResponse:
        """Slack's answer; once one took too long, the next few seconds pass without asking for others."""
        if self._monotonic() < self._silent_until_s:
            raise TimeoutError("Slack was too slow a moment ago.")
        begun_s = self._monotonic()
        try:
            return ask()
        except _NO_ANSWER as error:
            log.warning("Slack did not say who or what this is", why=_why(error))
            raise
        finally:
            if self._monotonic() - begun_s >= ANSWER_S:
                self._silent_until_s = self._monotonic() + _UNREACHABLE_S

    def _home_team(self) -> str:
        if self._home is None:
            self._home = str(self._asked(self._client.auth_test)["team_id"])
        return self._home


def _why(error: BaseException) -> str:
    """Slack's own code, where it gave one; else what kind of silence it was."""
    data = error.response.data if isinstance(error, SlackApiError) else None
    return str(data.get("error")) if isinstance(data, dict) else type(error).__name__


def _account(handle: str, user: dict[str, Any], home: str) -> Account:
    profile = user.get("profile") or {}
    name = (
        profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name") or handle
    )
    return Account(handle, str(name), str(user.get("tz") or "UTC"), _membership(user, home))


def _membership(user: dict[str, Any], home: str) -> Membership:
    if user.get("deleted"):
        return Membership.DEACTIVATED
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        return Membership.BOT
    if user.get("is_stranger") or user.get("team_id", home) != home:
        return Membership.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Membership.GUEST
    return Membership.MEMBER
