"""Response URLs: what an app posts back to where a person acted."""

from typing import Any

from bot.sandbox.drafts import read_draft, read_json
from bot.sandbox.posting import app_message, change_whisper, edit, post, remove, whisper
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.triggers import Hook
from bot.sandbox.wire import Json, SlackError, read_bool
from bot.sandbox.workspace import Workspace


def use_hook(workspace: Workspace, token: str, body: Any) -> None:
    """Does what the app asks of a response URL; SlackError if it is spent or the message is wrong."""
    hook = workspace.hooks.get(token)
    if hook is None:
        raise SlackError("invalid_token")
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    hook.spend(workspace.clock.now())
    answer(workspace, hook, body)


def answer(workspace: Workspace, hook: Hook, body: Json) -> None:
    """Posts, whispers, replaces or deletes, as `body` says.

    Without `replace_original` and `response_type`, an answer to an action replaces the message acted on.
    """
    app = workspace.apps[hook.app]
    room = workspace.room(hook.room)
    if read_bool(body.get("delete_original")):
        _delete(workspace, hook)
        return
    draft = read_draft(workspace, body)
    thread_ts = body.get("thread_ts") or hook.thread_ts
    replaces = body.get("replace_original")
    if replaces is None:
        replaces = hook.message_ts is not None and not body.get("response_type")
    if read_bool(replaces) and hook.message_ts is not None:
        _replace(workspace, hook, app, draft)
        return
    message = app_message(workspace, app, {**draft, "thread_ts": thread_ts})
    if body.get("response_type", "ephemeral") == "in_channel":
        post(workspace, room, message)
    else:
        whisper(workspace, room, hook.user, message)


def read_ack(body: Any) -> Json | None:
    """The message in the acknowledgement of a slash command, if there is one."""
    if isinstance(body, str):
        parsed = read_json(body, "invalid_payload") if body.lstrip().startswith("{") else {"text": body}
        return parsed if body.strip() else None
    return body if isinstance(body, dict) and body else None


def _delete(workspace: Workspace, hook: Hook) -> None:
    room = workspace.room(hook.room)
    if hook.message_ts in room.messages:
        remove(workspace, room, room.messages[hook.message_ts])
    elif hook.message_ts is not None:
        change_whisper(workspace, room, hook.message_ts, None)


def _replace(workspace: Workspace, hook: Hook, app: SlackApp, draft: Json) -> None:
    room = workspace.room(hook.room)
    changed = app_message(workspace, app, draft)
    ts = str(hook.message_ts)
    if ts in room.messages:
        fields = ("text", "blocks", "attachments", "metadata")
        edit(workspace, room, room.messages[ts], {name: changed.get(name) for name in fields})
    else:
        change_whisper(workspace, room, ts, changed)
