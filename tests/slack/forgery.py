"""Payloads that no client of Slack's sends: signed by Slack as far as the bot can tell, and made up inside."""

import json

from bot.sandbox.payloads import interaction, show_room, slash_command
from bot.sandbox.triggers import Hook
from tests.slack.office import Office
from tests.slack.reading import Json


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


def click(office: Office, user: str, room: str, action: Json) -> Json:
    """A click in a message of the room; `action` holds `action_id` and what the control carries."""
    workspace = office.workspace
    whole = {"type": "button", "block_id": "b1", "action_ts": "1.0", **action}
    return interaction(workspace, office.app, workspace.people[user], "block_actions") | {
        "channel": show_room(workspace.rooms[room]),
        "container": {"type": "message", "message_ts": "1.0", "channel_id": room, "is_ephemeral": True},
        "actions": [whole],
        "state": {"values": {}},
        "trigger_id": workspace.triggers.make(office.app.id, user),
        "response_url": _hook(office, user, room),
    }


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


def _hook(office: Office, user: str, room: str) -> str:
    workspace = office.workspace
    return workspace.make_hook(Hook(workspace.next_id("hook"), office.app.id, user, room, office.clock.now()))
