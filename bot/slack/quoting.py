"""A message that somebody wrote, as plain words: mentions by their names, links by their addresses."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.slack.visit import Visit

_MARK = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def words_of(visit: Visit, markup: str) -> str:
    """What Slack's markup says, to be shown as it is: whom it mentioned is only named."""
    return html.unescape(_MARK.sub(lambda found: _named(visit, found), markup)).strip()


def author_of(visit: Visit, message: Mapping[str, Any]) -> str:
    """Who wrote a message, by name."""
    if message.get("bot_id") or not message.get("user"):
        return str(message.get("username") or (message.get("bot_profile") or {}).get("name") or "an app")
    return visit.desk.directory.account(str(message["user"])).name


def said_at(message: Mapping[str, Any]) -> datetime | None:
    """When a message was written, to the second."""
    try:
        return datetime.fromtimestamp(int(str(message.get("ts", "")).partition(".")[0]), UTC)
    except (ValueError, OverflowError):
        return None


def _named(visit: Visit, found: re.Match[str]) -> str:
    kind, target, label = found[1], found[2], found[3]
    if kind == "@":
        return f"@{label or visit.desk.directory.account(target).name}"
    if kind == "#":
        channel = None if label else visit.desk.directory.channel(target)
        return f"#{label or (channel.name if channel else target)}"
    if kind == "!":
        return label or f"@{target.partition('^')[0]}"
    return f"{label} ({target})" if label and label != target else target
