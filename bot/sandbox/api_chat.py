"""chat.*, reactions.add and pins.add."""

from urllib.parse import urlencode

from bot.sandbox.api_call import Call
from bot.sandbox.drafts import read_changes, read_draft
from bot.sandbox.payloads import show_message
from bot.sandbox.posting import app_message, edit, post, remove, whisper
from bot.sandbox.wire import Json, SlackError, read_bool


def post_message(call: Call) -> Json:
    """chat.postMessage: the message as posted."""
    room = call.writable_room(call.need("channel"))
    draft = read_draft(call.workspace, call.args)
    thread_ts = call.args.get("thread_ts")
    if thread_ts:
        root = room.messages.get(str(thread_ts))
        if root is None:
            raise SlackError("thread_not_found")
        draft["thread_ts"] = root.get("thread_ts", root["ts"])
    message = app_message(call.workspace, call.app, draft)
    if thread_ts and read_bool(call.args.get("reply_broadcast")):
        message["subtype"] = "thread_broadcast"
    post(call.workspace, room, message)
    return {"channel": room.id, "ts": message["ts"], "message": show_message(message)}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: the timestamp of a message only one person sees."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    user = call.need("user")
    if room.archived:
        raise SlackError("is_archived")
    if call.app.bot_user not in room.members:
        raise SlackError("not_in_channel")
    if user not in room.members:
        raise SlackError("user_not_in_channel")
    draft = read_draft(call.workspace, call.args)
    message = app_message(call.workspace, call.app, {**draft, "thread_ts": call.args.get("thread_ts")})
    return {"message_ts": whisper(call.workspace, room, user, message)["ts"]}


def update(call: Call) -> Json:
    """chat.update: the changed message; only the app's own ones."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    message = _own_message(call, "cant_update_message")
    changes = read_changes(call.workspace, call.args)
    dressed = app_message(call.workspace, call.app, changes)
    edit(call.workspace, room, message, {name: dressed.get(name) for name in changes})
    shown = show_message(message)
    return {"channel": room.id, "ts": message["ts"], "text": message["text"], "message": shown}


def delete(call: Call) -> Json:
    """chat.delete: which message is gone; only the app's own ones."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    message = _own_message(call, "cant_delete_message")
    remove(call.workspace, room, message)
    return {"channel": room.id, "ts": message["ts"]}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: a link to a message."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    ts = call.need("message_ts")
    message = room.messages.get(ts)
    if message is None:
        raise SlackError("message_not_found")
    place = {"at": room.id, "ts": ts}
    root = message.get("thread_ts")
    place |= {"thread": root} if root and root != ts else {}
    return {"channel": room.id, "permalink": f"{call.workspace.base_url}/?{urlencode(place)}"}


def add_reaction(call: Call) -> Json:
    """reactions.add: nothing but success."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    message = room.messages.get(call.need("timestamp"))
    name = call.need("name").strip(":")
    if message is None:
        raise SlackError("message_not_found")
    reactions = message.setdefault("reactions", [])
    known = next((one for one in reactions if one["name"] == name), None)
    if known is None:
        known = {"name": name, "users": [], "count": 0}
        reactions.append(known)
    if call.app.bot_user in known["users"]:
        raise SlackError("already_reacted")
    known["users"].append(call.app.bot_user)
    known["count"] += 1
    call.workspace.live.publish({"type": "message_changed", "message": message}, room.readers())
    return {}


def add_pin(call: Call) -> Json:
    """pins.add: nothing but success."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    message = room.messages.get(call.need("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    if room.id in message.get("pinned_to", ()):
        raise SlackError("already_pinned")
    message["pinned_to"] = [room.id]
    call.workspace.live.publish({"type": "message_changed", "message": message}, room.readers())
    return {}


def _own_message(call: Call, refusal: str) -> Json:
    room = call.workspace.room(call.need("channel"))
    message = room.messages.get(call.need("ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("user") != call.app.bot_user:
        raise SlackError(refusal)
    return message
