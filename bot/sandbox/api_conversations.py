"""conversations.* and users.conversations."""

from bot.sandbox.api_call import Call
from bot.sandbox.payloads import show_message
from bot.sandbox.posting import join as join_room
from bot.sandbox.rooms import Room
from bot.sandbox.wire import Json, SlackError, read_bool, read_whole

TYPES = {"public_channel": "channel", "private_channel": "private", "im": "im"}
READ_SCOPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}


def show_channel(call: Call, room: Room) -> Json:
    """A conversation as the app sees it."""
    inside = call.app.bot_user in room.members
    common: Json = {"id": room.id, "created": room.created_s, "is_archived": room.archived}
    if room.kind == "im":
        return {**common, "is_im": True, "user": room.partner_of(call.app.bot_user), "is_org_shared": False}
    private = room.kind == "private"
    return {
        **common,
        "name": room.name,
        "name_normalized": room.name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_member": inside,
        "is_general": room.name == "general",
        "is_shared": room.shared,
        "is_ext_shared": room.shared,
        "is_org_shared": False,
        "context_team_id": call.workspace.team_id,
        "topic": {"value": room.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(room.members),
    }


def info(call: Call) -> Json:
    """conversations.info: one conversation."""
    return {"channel": show_channel(call, call.seen_room("read"))}


def list_channels(call: Call) -> Json:
    """conversations.list: those the app may know of."""
    rooms = [room for room in _rooms_of_types(call) if _is_visible(call, room)]
    return _paged(call, rooms)


def list_own(call: Call) -> Json:
    """users.conversations: those a person (the app itself unless named) is in."""
    user = call.args.get("user") or call.app.bot_user
    rooms = [room for room in _rooms_of_types(call) if user in room.members and _is_visible(call, room)]
    return _paged(call, rooms)


def list_members(call: Call) -> Json:
    """conversations.members: the ids of the members."""
    room = call.seen_room("read")
    members, cursor = call.page(room.members, 1000)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def read_history(call: Call) -> Json:
    """conversations.history: messages outside threads, newest first."""
    room = _joined_room(call)
    window = _in_window(call, list(room.top_level()))
    messages, cursor = call.page(window[::-1], 999)
    return {
        "messages": [_show(call, message) for message in messages],
        "has_more": bool(cursor),
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor},
    }


def read_replies(call: Call) -> Json:
    """conversations.replies: a thread, oldest first."""
    room = _joined_room(call)
    window = _in_window(call, room.thread(call.need("ts")))
    messages, cursor = call.page(window, 1000)
    return {
        "messages": [_show(call, message) for message in messages],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def open_direct(call: Call) -> Json:
    """conversations.open: the direct message with one person."""
    users = call.listed("users")
    if call.args.get("channel"):
        room = call.workspace.visible_room(call.args["channel"], call.app.bot_user)
        return {"channel": show_channel(call, room), "no_op": True, "already_open": True}
    if len(users) != 1:
        raise SlackError("not_enough_users" if not users else "method_not_supported_for_channel_type")
    person = call.workspace.person(users[0])
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.team_id is not None:
        raise SlackError("user_not_visible")
    room = call.workspace.dm(person.id, call.app.bot_user)
    shown = show_channel(call, room) if read_bool(call.args.get("return_im")) else {"id": room.id}
    return {"channel": shown}


def join(call: Call) -> Json:
    """conversations.join: the public channel the app is now in."""
    room = call.workspace.visible_room(call.need("channel"), call.app.bot_user)
    if room.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if room.archived:
        raise SlackError("is_archived")
    joined = join_room(call.workspace, room, call.app.bot_user)
    return {"channel": show_channel(call, room)} | ({} if joined else {"warning": "already_in_channel"})


def _rooms_of_types(call: Call) -> list[Room]:
    types = call.listed("types") or ["public_channel"]
    for name in types:
        if name not in {*TYPES, "mpim"}:
            raise SlackError("invalid_types")
        call.require(READ_SCOPES.get(name, "mpim:read"))
    kinds = {TYPES[name] for name in types if name in TYPES}
    skip_archived = read_bool(call.args.get("exclude_archived"))
    rooms = [room for room in call.workspace.rooms.values() if room.kind in kinds]
    return [room for room in rooms if not (skip_archived and room.archived)]


def _is_visible(call: Call, room: Room) -> bool:
    return room.kind == "channel" or call.app.bot_user in room.members


def _paged(call: Call, rooms: list[Room]) -> Json:
    page, cursor = call.page(rooms, 1000)
    shown = [show_channel(call, room) for room in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def _joined_room(call: Call) -> Room:
    room = call.seen_room("history")
    if call.app.bot_user not in room.members:
        raise SlackError("not_in_channel")
    return room


def _in_window(call: Call, messages: list[Json]) -> list[Json]:
    inclusive = read_bool(call.args.get("inclusive"))
    oldest = _micros(call.args.get("oldest"), "invalid_ts_oldest")
    latest = _micros(call.args.get("latest"), "invalid_ts_latest")
    kept = []
    for message in messages:
        at = _micros(message["ts"], "fatal_error") or 0
        too_old = oldest is not None and (at < oldest or (at == oldest and not inclusive))
        too_new = latest is not None and (at > latest or (at == latest and not inclusive))
        if not too_old and not too_new:
            kept.append(message)
    return kept


def _micros(ts: object, error: str) -> int | None:
    if ts in (None, "", 0, "0", "now"):
        return None
    seconds, _, fraction = str(ts).partition(".")
    return read_whole(seconds, 0, error) * 1_000_000 + read_whole(fraction.ljust(6, "0")[:6], 0, error)


def _show(call: Call, message: Json) -> Json:
    shown = show_message(message)
    if not read_bool(call.args.get("include_all_metadata")):
        shown.pop("metadata", None)
    return shown
