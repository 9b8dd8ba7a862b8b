"""Payloads that no client of Slack's sends: signed by Slack as far as the bot can tell, and made up inside."""

import json

from bot.sandbox.payloads import interaction, show_room, slash_command
from bot.sandbox.triggers import Hook
from tests.slack.office import Office
from tests.slack.reading import Control, Json


def command(office: Office, user: str, room: str, text: str) -> Json:
    """`/rollout text`, typed by anyone, even by who cannot type."""
    workspace = office.workspace
    shown = slash_command(workspace, office.app, workspace.people[user], workspace.rooms[room])
    return shown | {
        "command": "/rollout",
        "text": text,
        "trigger_id": workspace.triggers.make(office.app.id, user),
        "response_url": _hook(office, user, room),
    }


def click(office: Office, user: str, room: str, action: Json, shown: Json | None = None) -> Json:
    """A click in a message of the room; `action` holds `action_id` and what the control carries.

    `shown` is the message, as it was when the person saw it; without one it is long gone.
    """
    workspace = office.workspace
    whole = {"type": "button", "block_id": "b1", "action_ts": "1.0", **action}
    return interaction(workspace, office.app, workspace.people[user], "block_actions") | {
        "channel": show_room(workspace.rooms[room]),
        "container": {"type": "message", "message_ts": "1.0", "channel_id": room, "is_ephemeral": True},
        "actions": [whole],
        "state": {"values": {}},
        "trigger_id": workspace.triggers.make(office.app.id, user),
        "response_url": _hook(office, user, room, shown),
    }


def message_action(office: Office, user: str, room: str, name: str, message: Json) -> Json:
    """A shortcut used on a message, whatever it says."""
    workspace = office.workspace
    return interaction(workspace, office.app, workspace.people[user], "message_action") | {
        "callback_id": name,
        "action_ts": "1.0",
        "trigger_id": workspace.triggers.make(office.app.id, user),
        "channel": show_room(workspace.rooms[room]),
        "message": message,
        "message_ts": message["ts"],
        "response_url": _hook(office, user, room),
    }


def press(office: Office, user: str, seen: tuple[Json, Control], **chosen: object) -> Json:
    """A click on a control that someone saw, even if it is gone by now."""
    shown, control = seen
    element = {name: control.element[name] for name in ("action_id", "value") if name in control.element}
    return click(office, user, str(shown["channel"]), element | chosen, shown)


def submission(office: Office, user: str, view: Json, values: Json) -> Json:
    """A modal sent: `view` holds `callback_id` and `private_metadata`, `values` texts by block id."""
    workspace = office.workspace
    number = workspace.next_id("V")
    filled = {name: {"value": _state(value)} for name, value in values.items()}
    blocks = [{"type": "input", "block_id": name, "element": {"action_id": "value"}} for name in values]
    shown = {
        "id": number,
        "type": "modal",
        "hash": f"1.{number}",
        "blocks": blocks,
        "state": {"values": filled},
        "root_view_id": number,
        "team_id": workspace.team_id,
        **view,
    }
    return interaction(workspace, office.app, workspace.people[user], "view_submission") | {
        "trigger_id": workspace.triggers.make(office.app.id, user),
        "view": shown,
        "response_urls": [],
    }


def metadata(**remembered: str) -> str:
    """What a modal remembers."""
    return json.dumps(remembered)


def _state(value: object) -> Json:
    if isinstance(value, dict):
        return value
    return {"type": "plain_text_input", "value": value}


def _hook(office: Office, user: str, room: str, shown: Json | None = None) -> str:
    workspace = office.workspace
    hook = Hook(workspace.next_id("hook"), office.app.id, user, room, office.clock.now())
    hook.message_ts = shown["ts"] if shown else None
    return workspace.make_hook(hook)
