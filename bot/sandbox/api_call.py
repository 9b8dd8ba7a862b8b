"""One call of a Web API method: who calls, with which arguments, and what the caller may do."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.drafts import BreachError, read_json
from bot.sandbox.rooms import Room
from bot.sandbox.rules import Breach
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json, SlackError, read_whole
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """A call by an app; `args` are as they came, from a form or from JSON."""

    workspace: Workspace
    app: SlackApp
    args: Json

    def need(self, name: str) -> str:
        """A required argument; `invalid_arguments` without it."""
        value = self.args.get(name)
        if value in (None, ""):
            raise BreachError("invalid_arguments", [Breach("", f"missing required field: {name}")])
        return str(value)

    def parsed(self, name: str) -> Any:
        """An argument that may be JSON text."""
        return read_json(self.args.get(name), "invalid_arguments")

    def require(self, scope: str) -> None:
        """`missing_scope` unless the manifest asks for `scope`."""
        if scope not in self.app.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.app.scopes)))

    def listed(self, name: str) -> list[str]:
        """A comma-separated argument as a list."""
        value = self.args.get(name) or ""
        given = value if isinstance(value, list) else str(value).split(",")
        return [str(one).strip() for one in given if str(one).strip()]

    def page(self, items: list[Any], most: int, usual: int = 100) -> tuple[list[Any], str]:
        """The page of `items` that limit and cursor ask for, and the next cursor (empty at the end)."""
        limit = read_whole(self.args.get("limit"), usual, "invalid_limit")
        if not 1 <= limit <= most:
            raise SlackError("invalid_limit")
        start = read_whole(self.args.get("cursor"), 0, "invalid_cursor")
        end = start + limit
        return items[start:end], str(end) if end < len(items) else ""

    def seen_room(self, scope_tail: str) -> Room:
        """The room named by `channel`, if the app may know of it and has e.g. `channels:read`."""
        room = self.workspace.visible_room(self.need("channel"), self.app.bot_user)
        self.require(f"{room.scope}:{scope_tail}")
        return room

    def writable_room(self, target: str) -> Room:
        """The room to post in: by id, by name, or a person's direct message; Slack's refusal otherwise."""
        if target in self.workspace.people:
            return self._direct_room(target)
        named = [room for room in self.workspace.rooms.values() if room.name == target.removeprefix("#")]
        public = [room for room in named if room.kind != "im"]
        room = public[0] if public and target not in self.workspace.rooms else self.workspace.room(target)
        if self.app.bot_user not in room.members:
            if room.kind != "channel":
                raise SlackError("channel_not_found")
            if "chat:write.public" not in self.app.scopes:
                raise SlackError("not_in_channel")
        if room.archived:
            raise SlackError("is_archived")
        partner = room.partner_of(self.app.bot_user)
        if partner is not None and self.workspace.people[partner].deleted:
            raise SlackError("is_inactive")
        return room

    def _direct_room(self, user: str) -> Room:
        person = self.workspace.people[user]
        if person.deleted or person.is_bot or person.team_id is not None:
            raise SlackError("channel_not_found")
        return self.workspace.dm(user, self.app.bot_user)
