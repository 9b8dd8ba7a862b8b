"""What people type: messages, mentions in them, and slash commands."""

import re
from typing import Any

from bot.sandbox.cast import Person
from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.hooks import answer, read_ack
from bot.sandbox.payloads import slash_command
from bot.sandbox.posting import join, post
from bot.sandbox.refusals import note_refusal
from bot.sandbox.rooms import Room
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.triggers import Hook
from bot.sandbox.wire import Json, Refusal, SlackError
from bot.sandbox.workspace import Workspace

TYPED_MOST = 12_000
BROADCASTS = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}
FAILURES = {
    "operation_timeout": "operation_timeout: {app} did not answer within {wait:g} seconds.",
    "dispatch_failed": "dispatch_failed: {app} is not connected.",
    "http_error": "dispatch_failed: {app} answered with an error.",
}


def explain(workspace: Workspace, app: SlackApp, error: str) -> Refusal:
    """The sentence a person sees when the app did not take what they did."""
    return Refusal(FAILURES[error].format(app=app.name, wait=workspace.ack_timeout_s))


def escape(text: str) -> str:
    """Text with Slack's three control characters made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def resolve(workspace: Workspace, text: str, *, labelled: bool = False) -> str:
    """Typed text as Slack sends it: escaped, with @names and #names of the workspace as references."""
    people = {person.name: person for person in workspace.people.values()}
    groups = {group.handle: group for group in workspace.groups.values()}
    rooms = {room.name: room for room in workspace.rooms.values() if room.kind != "im"}

    def mention(found: re.Match[str]) -> str:
        name = found[1].rstrip(".-")
        rest = found[1][len(name) :]
        if name in people:
            label = f"|{name}" if labelled else ""
            return f"<@{people[name].id}{label}>{rest}"
        if name in groups:
            return f"<!subteam^{groups[name].id}>{rest}"
        return BROADCASTS.get(name, f"@{name}") + rest

    def refer(found: re.Match[str]) -> str:
        name = found[1].rstrip(".-")
        if name not in rooms:
            return found[0]
        label = f"|{name}" if labelled else ""
        return f"<#{rooms[name].id}{label}>{found[1][len(name) :]}"

    text = re.sub(r"(?<![\w.])@([\w.\-]+)", mention, escape(text))
    return re.sub(r"(?<![\w&])#([\w.\-]+)", refer, text)


def present_person(workspace: Workspace, user: object) -> Person:
    """The person who acts; Refusal if they do not exist, are deactivated or no person."""
    person = workspace.people.get(str(user))
    if person is None or person.is_bot:
        raise Refusal(f"There is no person {user} in this workspace.")
    if person.deleted:
        raise Refusal(f"{person.real_name} is deactivated and can do nothing here.")
    return person


def open_room(workspace: Workspace, person: Person, channel: object) -> Room:
    """The room, if the person sees it; Refusal otherwise."""
    room = workspace.rooms.get(str(channel))
    if room is None or room not in workspace.rooms_of(person.id):
        raise Refusal("There is no such channel, or it is not yours to see.")
    return room


async def say(delivery: Delivery, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
    """The message as posted, or nothing for a slash command that the app took."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    room = open_room(workspace, person, channel)
    if user not in room.members:
        raise Refusal(f"You are not in #{room.name}. Join it first.")
    if room.archived:
        raise Refusal(f"#{room.name} is archived; nobody can write there.")
    if not text.strip():
        raise Refusal("There is nothing to send.")
    if len(text) > TYPED_MOST:
        raise Refusal(f"The message has {len(text)} characters; {TYPED_MOST} is the most.")
    if text.startswith("/"):
        if thread_ts:
            raise Refusal(f"{text.split(maxsplit=1)[0]} does not work in threads. Type it in the channel.")
        await _command(delivery, person, room, text)
        return {}
    if thread_ts is not None and thread_ts not in room.messages:
        raise Refusal("The message that this thread began with is gone.")
    return {"message": _post_typed(workspace, person, room, (resolve(workspace, text), thread_ts))}


def _post_typed(workspace: Workspace, person: Person, room: Room, typed: tuple[str, str | None]) -> Json:
    text, thread_ts = typed
    message: Json = {
        "type": "message",
        "user": person.id,
        "team": workspace.team_of(person),
        "client_msg_id": workspace.next_id("m"),
        "text": text,
    }
    if thread_ts is not None:
        message["thread_ts"] = thread_ts
    return post(workspace, room, message)


async def _command(delivery: Delivery, person: Person, room: Room, text: str) -> None:
    workspace = delivery.workspace
    name, _, rest = text.partition(" ")
    if name == "/invite":
        _invite(workspace, person, room, rest)
        return
    found = [(app, app.find_command(name)) for app in workspace.apps.values()]
    app, command = next(((app, command) for app, command in found if command), (None, None))
    if app is None or command is None:
        raise Refusal(f"{name} is not a valid command here.")
    typed = resolve(workspace, rest, labelled=True) if command.should_escape else escape(rest)
    hook = Hook(workspace.next_id("hook"), app.id, person.id, room.id, workspace.clock.now())
    payload = slash_command(workspace, app, person, room) | {
        "command": name,
        "text": typed.strip(),
        "response_url": workspace.make_hook(hook),
        "trigger_id": workspace.triggers.make(app.id, person.id),
    }
    ack = await delivery.ask(app, Parcel("slash_commands", payload), f"{name} {rest}".strip()[:60])
    if ack.error is not None:
        raise explain(workspace, app, ack.error)
    _show_answer(workspace, hook, ack.body, text)


def _show_answer(workspace: Workspace, hook: Hook, body: Any, text: str) -> None:
    try:
        said = read_ack(body)
        if said is None:
            return
        if said.get("response_type") == "in_channel":
            person = workspace.people[hook.user]
            _post_typed(workspace, person, workspace.rooms[hook.room], (escape(text), None))
        answer(workspace, hook, said)
    except SlackError as refused:
        note_refusal(workspace.journal, "The answer to the command", refused)
        raise Refusal(f"{refused.error}: the app's answer broke a rule of Slack's.") from refused


def _invite(workspace: Workspace, person: Person, room: Room, rest: str) -> None:
    names = [name.removeprefix("@") for name in rest.split()]
    people = {one.name: one for one in workspace.people.values() if not one.deleted}
    unknown = [name for name in names if name not in people]
    if room.kind == "im" or not names or unknown:
        raise Refusal("/invite wants the @name of somebody, in a channel.")
    for name in names:
        if join(workspace, room, people[name].id, person.id):
            text = f"<@{people[name].id}> was added to the channel by <@{person.id}>."
            post(
                workspace,
                room,
                {"type": "message", "subtype": "channel_join", "user": people[name].id, "text": text},
            )
