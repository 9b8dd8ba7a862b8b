"""What Slack sends to apps: the full shapes of commands, interactions and events."""

from typing import Any

from bot.sandbox.cast import Person
from bot.sandbox.dressing import starting_state
from bot.sandbox.rooms import Room
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

TOKEN = "local-verification-token"


def show_user(workspace: Workspace, person: Person) -> Json:
    """`user` of an interaction."""
    return {
        "id": person.id,
        "username": person.name,
        "name": person.name,
        "team_id": workspace.team_of(person),
    }


def show_room(room: Room) -> Json:
    """`channel` of an interaction; Slack names private rooms by their kind only."""
    names = {"channel": room.name, "private": "privategroup", "im": "directmessage"}
    return {"id": room.id, "name": names[room.kind]}


def show_message(message: Json) -> Json:
    """A message as the Web API and interactions show it: without what only the page needs."""
    hidden = ("channel", "app_name", "ephemeral", "deleted")
    return {name: value for name, value in message.items() if name not in hidden}


def interaction(workspace: Workspace, app: SlackApp, person: Person, kind: str) -> Json:
    """The fields that every interaction has."""
    home = person.team_id is None
    domain = workspace.cast.team_domain if home else workspace.team_of(person).lower()
    return {
        "type": kind,
        "token": TOKEN,
        "team": {"id": workspace.team_of(person), "domain": domain},
        "user": show_user(workspace, person),
        "api_app_id": app.id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def slash_command(workspace: Workspace, app: SlackApp, person: Person, room: Room) -> Json:
    """The form of a slash command, but for command, text, trigger_id and response_url."""
    shown = show_room(room)
    return {
        "token": TOKEN,
        "team_id": workspace.team_of(person),
        "team_domain": workspace.cast.team_domain,
        "channel_id": shown["id"],
        "channel_name": shown["name"],
        "user_id": person.id,
        "user_name": person.name,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
    }


def message_source(room: Room, message: Json) -> Json:
    """`container`, `channel` and `message` of an action in a message; Slack sends no ephemeral one along."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": room.id,
        "is_ephemeral": bool(message.get("ephemeral")),
    }
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    source: Json = {"container": container, "channel": show_room(room)}
    if not message.get("ephemeral"):
        source["message"] = show_message(message)
    return source


def view_source(view: Json, state: Json) -> Json:
    """`container` and `view` of a block action in a modal or Home."""
    return {
        "container": {"type": "view", "view_id": view["id"]},
        "view": with_state(view, state),
    }


def with_state(view: Json, state: Json) -> Json:
    """The view with what the person filled in; untouched elements have their initial values."""
    return {**view, "state": merge_state(view["blocks"], state)}


def merge_state(blocks: list[Json], state: Json) -> Json:
    """The state of blocks: initial values, and over them what the person filled in."""
    whole = starting_state(blocks)
    for block_id, actions in (state.get("values") or {}).items():
        for action_id, value in actions.items():
            kept = whole["values"].setdefault(block_id, {})
            kept[action_id] = {**kept.get(action_id, {}), **value}
    return whole


def event_callback(workspace: Workspace, app: SlackApp, event: Json, event_id: str) -> Json:
    """The wrapper around an event."""
    channel = event.get("channel")
    room = workspace.rooms.get(channel) if isinstance(channel, str) else None
    return {
        "token": TOKEN,
        "team_id": workspace.team_id,
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": workspace.now_s(),
        "authorizations": [_authorization(workspace, app)],
        "is_ext_shared_channel": bool(room and room.shared),
        "event_context": f"4-{event_id}",
    }


def _authorization(workspace: Workspace, app: SlackApp) -> dict[str, Any]:
    return {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
