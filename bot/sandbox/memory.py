"""What a workspace remembers when its server is stopped and started again: rooms, messages, and its clock.

A file holds one JSON object a line, each written as it happens, so that a server that is killed forgets nothing
that somebody was told. Ephemeral messages, modals and Home views are not kept; nor are they at Slack.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bot.sandbox.rooms import Room
from bot.sandbox.snapshot import show_channel
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

Kept = dict[str, Any]

_KINDS = ("message", "message_changed", "message_deleted", "channel", "clock")
# Ids as `Workspace.next_id` makes them, where they stand as values of their own and not in what people typed.
_NUMBERED = re.compile(r'"(?:id|block_id|action_id|client_msg_id)": "[A-Za-z]+(\d{8})"')


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a file says: `rooms` and `messages` as they last stood, `ahead_s` by how much the clock ran ahead.

    `number` is the highest one in any id that the workspace made.
    """

    rooms: tuple[Kept, ...] = ()
    messages: tuple[Kept, ...] = ()
    ahead_s: float | None = None
    number: int = 0

    @property
    def latest(self) -> datetime | None:
        """When the newest message was posted, None if there is none."""
        return datetime.fromtimestamp(float(self.messages[-1]["ts"]), UTC) if self.messages else None


def read(file: Path) -> Remembered:
    """What the file remembers; nothing if there is none. Lines that were cut off are left out."""
    if not file.exists():
        return Remembered()
    rooms: dict[str, Kept] = {}
    messages: dict[tuple[str, str], Kept] = {}
    ahead_s: float | None = None
    text = file.read_text("utf-8")
    for entry in _entries(text):
        match entry["type"]:
            case "channel":
                rooms[entry["channel"]["id"]] = entry["channel"]
            case "clock":
                ahead_s = entry["ahead_s"]
            case "message_deleted":
                messages.pop((entry["channel"], entry["ts"]), None)
            case _:
                message = entry["message"]
                messages[message["channel"], message["ts"]] = message
    number = max((int(found) for found in _NUMBERED.findall(text)), default=0)
    in_order = sorted(messages.values(), key=lambda message: str(message["ts"]))
    return Remembered(tuple(rooms.values()), tuple(in_order), ahead_s, number)


def write(file: Path, remembered: Remembered) -> None:
    """The file anew, with nothing in it but what is remembered."""
    entries: list[Kept] = [{"type": "clock", "ahead_s": remembered.ahead_s}] if remembered.ahead_s is not None else []
    entries += [{"type": "channel", "channel": room} for room in remembered.rooms]
    entries += [{"type": "message", "message": message} for message in remembered.messages]
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), "utf-8")
    os.replace(fresh, file)


def recall(workspace: Workspace, remembered: Remembered) -> None:
    """Puts everything back in its place, read by everybody; for before the server runs."""
    while int(workspace.next_id("")) < remembered.number:
        pass
    for shown in remembered.rooms:
        _recall_room(workspace, shown)
    for message in remembered.messages:
        workspace.go_on_after(message["ts"])
        room = workspace.rooms.get(message["channel"])
        if room is not None:
            _place(room, dict(message))
    for room in workspace.rooms.values():
        if room.messages:
            room.read_ts = dict.fromkeys(room.members, next(reversed(room.messages)))


def keep(workspace: Workspace, file: Path) -> TextIOWrapper:
    """From now on every change is written to the file; whoever stops the server closes it."""
    rooms = tuple(show_channel(workspace, room, "") for room in workspace.rooms.values())
    messages = tuple(message for room in workspace.rooms.values() for message in room.messages.values())
    write(file, Remembered(rooms, messages, _ahead_s(workspace)))
    book = file.open("a", encoding="utf-8")

    def note(item: Json) -> None:
        if item["type"] not in _KINDS or item.get("message", {}).get("ephemeral") or book.closed:
            return
        entry = {"type": "clock", "ahead_s": _ahead_s(workspace)} if item["type"] == "clock" else item
        book.write(f"{json.dumps(entry)}\n")
        book.flush()

    workspace.live.note = note
    return book


def _entries(text: str) -> list[Kept]:
    entries = []
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("type") in _KINDS:
            entries.append(entry)
    return entries


def _ahead_s(workspace: Workspace) -> float:
    return (workspace.clock.now() - workspace.clock.real_now()).total_seconds()


def _recall_room(workspace: Workspace, shown: Kept) -> None:
    room = workspace.rooms.get(shown["id"])
    if room is None:
        room = Room(shown["id"], shown["name"], shown["kind"], workspace.now_s())
        workspace.rooms[room.id] = room
    room.members[:] = shown["members"]
    room.topic = shown["topic"]


def _place(room: Room, message: Kept) -> None:
    room.messages[message["ts"]] = message
    if message.get("subtype") == "channel_join" and message["user"] not in room.members:
        room.members.append(message["user"])
    root_ts = message.get("thread_ts")
    if root_ts and root_ts != message["ts"]:
        room.count_reply(root_ts)
