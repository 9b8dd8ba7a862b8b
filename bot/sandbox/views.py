"""Open modals, up to three on each other, and published Home views."""

import secrets
from collections.abc import Callable
from typing import Any

from bot.sandbox.dressing import dress_blocks
from bot.sandbox.limits import STACK_MOST
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json, SlackError

HOME_TITLE = {"type": "plain_text", "text": "View Title", "emoji": True}


class Views:
    """Each person's modals, bottom first, and each person's Home of each app."""

    def __init__(self) -> None:
        self._stacks: dict[str, list[Json]] = {}
        self._homes: dict[tuple[str, str], Json] = {}

    def stack(self, user: str) -> list[Json]:
        """The person's open modals, bottom first."""
        return list(self._stacks.get(user, ()))

    def home(self, app: str, user: str) -> Json | None:
        """The app's Home as published for this person."""
        return self._homes.get((app, user))

    def open(self, user: str, view: Json) -> None:
        """Makes `view` the person's only modal."""
        self._stacks[user] = [view]

    def push(self, user: str, view: Json) -> None:
        """Lays `view` on the person's modals; `push_limit_reached` beyond three."""
        stack = self._stacks.setdefault(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= STACK_MOST:
            raise SlackError("push_limit_reached")
        view["previous_view_id"] = stack[-1]["id"]
        view["root_view_id"] = stack[0]["id"]
        stack.append(view)

    def find(self, view_id: object, app: str) -> tuple[str, Json]:
        """The person who sees the view, and the view; `not_found` if it is closed."""
        for user, view in self._shown():
            if view["id"] == view_id and view["app_id"] == app:
                return user, view
        raise SlackError("not_found")

    def find_external(self, external_id: object, app: str) -> tuple[str, Json]:
        """The same by the app's own external id."""
        for user, view in self._shown():
            if external_id and view["external_id"] == external_id and view["app_id"] == app:
                return user, view
        raise SlackError("not_found")

    def owner(self, view_id: object) -> tuple[str, Json] | None:
        """Who sees the view, and the view; None if it is closed."""
        return next(((user, view) for user, view in self._shown() if view["id"] == view_id), None)

    def check_hash(self, view: Json | None, given: object) -> None:
        """`hash_conflict` if a hash was given and the view has changed since."""
        if given and (view is None or view["hash"] != given):
            raise SlackError("hash_conflict")

    def publish(self, app: str, user: str, view: Json) -> None:
        """Puts `view` on the person's Home."""
        old = self._homes.get((app, user))
        if old is not None:
            view["id"] = view["root_view_id"] = old["id"]
        self._homes[app, user] = view

    def pop(self, user: str, view_id: str) -> list[Json]:
        """Closes a modal and those above it; gives the closed ones, top first."""
        stack = self._stacks.get(user, [])
        places = [place for place, view in enumerate(stack) if view["id"] == view_id]
        if not places:
            return []
        closed = stack[places[0] :]
        del stack[places[0] :]
        return closed[::-1]

    def clear(self, user: str) -> list[Json]:
        """Closes all the person's modals; gives them, top first."""
        return self._stacks.pop(user, [])[::-1]

    def _shown(self) -> list[tuple[str, Json]]:
        modals = [(user, view) for user, stack in self._stacks.items() for view in stack]
        return modals + [(user, view) for (_, user), view in self._homes.items()]


def make_view(given: Json, app: SlackApp, team_id: str, next_id: Callable[[str], str]) -> Json:
    """The full view object that Slack makes of a valid view of the app."""
    view_id = next_id("V")
    return {
        "id": view_id,
        "team_id": team_id,
        "type": given["type"],
        "state": {"values": {}},
        "title": HOME_TITLE,
        "root_view_id": view_id,
        "previous_view_id": None,
        "app_id": app.id,
        "app_installed_team_id": team_id,
        "bot_id": app.bot_id,
        **_fields_of(given, lambda: next_id("b")),
    }


def change_view(view: Json, given: Json, next_id: Callable[[str], str]) -> None:
    """Puts the app's new content into a shown view, under a new hash."""
    view.update(_fields_of(given, lambda: next_id("b")))


def _fields_of(given: Json, make_id: Callable[[], str]) -> Json:
    texts: dict[str, Any] = {
        name: {"emoji": True, **given[name]} if name in given else None for name in ("submit", "close")
    }
    if "title" in given:
        texts["title"] = {"emoji": True, **given["title"]}
    return {
        **texts,
        "blocks": dress_blocks(given["blocks"], make_id),
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "private_metadata": given.get("private_metadata", ""),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "hash": f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}",
    }
