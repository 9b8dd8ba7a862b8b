"""Posting, editing, deleting and whispering: what changes a room, and who is told."""

from typing import Any

from bot.sandbox.dressing import dress_blocks
from bot.sandbox.rooms import Room
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

MESSAGE_EVENTS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}
CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im"}


def app_message(workspace: Workspace, app: SlackApp, body: Json) -> Json:
    """A message of the app from what it sent: text, blocks, attachments, metadata, thread_ts."""
    message: Json = {
        "type": "message",
        "user": app.bot_user,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "app_name": app.name,
        "team": workspace.team_id,
        "text": body.get("text") or "",
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.id,
            "name": app.name,
            "deleted": False,
            "updated": workspace.now_s(),
            "team_id": workspace.team_id,
        },
    }
    if body.get("blocks"):
        message["blocks"] = dress_blocks(body["blocks"], lambda: workspace.next_id("b"))
    for name in ("attachments", "metadata", "thread_ts"):
        if body.get(name):
            message[name] = body[name]
    return message


def post(workspace: Workspace, room: Room, message: Json) -> Json:
    """The message as it now stands in the room; everybody concerned has been told."""
    message |= {"ts": workspace.next_ts(), "channel": room.id}
    room.messages[message["ts"]] = message
    author = message.get("user")
    if author in room.members:
        room.read_ts[str(author)] = message["ts"]
    workspace.live.publish({"type": "message", "message": message}, room.readers())
    _recount(workspace, room, message)
    publish_unread(workspace, room)
    _tell_apps(workspace, room, message, {})
    return message


def edit(workspace: Workspace, room: Room, message: Json, changes: Json) -> None:
    """Changes a message in place; a value of None takes the field away."""
    before = dict(message)
    for name, value in changes.items():
        if value is None:
            message.pop(name, None)
        else:
            message[name] = value
    message["edited"] = {"user": message.get("user"), "ts": workspace.next_ts()}
    workspace.live.publish({"type": "message_changed", "message": message}, room.readers())
    change = {"subtype": "message_changed", "message": _bare(message), "previous_message": _bare(before)}
    _tell_apps(workspace, room, message, {**change, "hidden": True})


def remove(workspace: Workspace, room: Room, message: Json) -> None:
    """Deletes a message; a root with replies leaves a tombstone."""
    ts = message["ts"]
    if message.get("reply_count"):
        for name in ("blocks", "attachments", "files", "metadata", "bot_id", "app_name"):
            message.pop(name, None)
        message |= {"subtype": "tombstone", "text": "This message was deleted.", "deleted": True}
        workspace.live.publish({"type": "message_changed", "message": message}, room.readers())
    else:
        del room.messages[ts]
        workspace.live.publish({"type": "message_deleted", "channel": room.id, "ts": ts}, room.readers())
        _recount(workspace, room, message)
    gone = {"subtype": "message_deleted", "deleted_ts": ts, "previous_message": _bare(message)}
    _tell_apps(workspace, room, message, {**gone, "hidden": True})


def whisper(workspace: Workspace, room: Room, reader: str, message: Json) -> Json:
    """An ephemeral message, as only `reader` sees it."""
    message |= {"ts": workspace.next_ts(), "channel": room.id, "ephemeral": True}
    room.whispers.append((reader, message))
    workspace.live.publish({"type": "message", "message": message}, (reader,))
    return message


def change_whisper(workspace: Workspace, room: Room, ts: str, changed: Json | None) -> None:
    """Replaces an ephemeral message in place, or takes it away if `changed` is None."""
    for place, (reader, kept) in enumerate(room.whispers):
        if kept["ts"] != ts:
            continue
        if changed is None:
            del room.whispers[place]
            gone = {"type": "message_deleted", "channel": room.id, "ts": ts}
            workspace.live.publish(gone, (reader,))
        else:
            threaded = {"thread_ts": kept["thread_ts"]} if "thread_ts" in kept else {}
            changed |= {"ts": ts, "channel": room.id, "ephemeral": True, **threaded}
            room.whispers[place] = (reader, changed)
            workspace.live.publish({"type": "message_changed", "message": changed}, (reader,))
        return


def publish_unread(workspace: Workspace, room: Room) -> None:
    """Tells each member how much is unread."""
    for user in room.members:
        unread, mentions = room.unread(user, workspace.marks_of(user))
        news = {"type": "unread", "channel": room.id, "unread": unread, "mentions": mentions}
        workspace.live.publish(news, (user,))


def join(workspace: Workspace, room: Room, user: str, inviter: str | None = None) -> bool:
    """True if the person was not in the room before; apps get `member_joined_channel`."""
    if user in room.members:
        return False
    room.members.append(user)
    event: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": room.id,
        "channel_type": "C" if room.kind == "channel" else "G",
        "team": workspace.team_of(workspace.person(user)),
        "event_ts": workspace.next_ts(),
        **({"inviter": inviter} if inviter else {}),
    }
    for app in workspace.apps.values():
        if "member_joined_channel" in app.events and app.bot_user in room.members:
            workspace.emit(app, event)
    return True


def _recount(workspace: Workspace, room: Room, message: Json) -> None:
    root_ts = message.get("thread_ts")
    if root_ts and root_ts != message["ts"]:
        root = room.count_reply(root_ts)
        if root is not None:
            workspace.live.publish({"type": "message_changed", "message": root}, room.readers())


def _tell_apps(workspace: Workspace, room: Room, message: Json, change: Json) -> None:
    event: Json = {
        **({"type": "message", "ts": message["ts"]} if change else _bare(message)),
        "channel": room.id,
        "channel_type": CHANNEL_TYPES[room.kind],
        "event_ts": message["ts"],
        **change,
    }
    for app in workspace.apps.values():
        if app.bot_user not in room.members:
            continue
        if MESSAGE_EVENTS[room.kind] in app.events:
            workspace.emit(app, event)
        mentioned = f"<@{app.bot_user}>" in message.get("text", "") and message.get("user") != app.bot_user
        if mentioned and not change and "app_mention" in app.events and room.kind != "im":
            workspace.emit(app, {**event, "type": "app_mention"})


def _bare(message: Json) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in ("channel", "app_name", "ephemeral")}
