"""The workspace as one person's page draws it."""

from bot.sandbox.cast import Person
from bot.sandbox.rooms import Room
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace


def show_start(workspace: Workspace, person: Person) -> Json:
    """Team, clock, people, channels, apps, welcome, Home views and open modals."""
    welcome = workspace.cast.welcome
    clock = workspace.clock
    return {
        "team": {"id": workspace.team_id, "name": workspace.cast.team_name},
        "clock": {"now": clock.now().isoformat(), "moved_s": clock.moved_s},
        "me": person.id,
        "connected": bool(workspace.connected),
        "people": [_show_person(one) for one in workspace.people.values()],
        "channels": [show_channel(workspace, room, person.id) for room in workspace.rooms_of(person.id)],
        "apps": [_show_app(app) for app in workspace.apps.values()],
        "groups": [{"id": group.id, "handle": group.handle, "name": group.name} for group in workspace.groups.values()],
        "welcome": {"channel": welcome.channel, "tips": list(welcome.tips)} if welcome else None,
        "home": {app: workspace.views.home(app, person.id) for app in workspace.apps},
        "views": workspace.views.stack(person.id),
    }


def show_channel(workspace: Workspace, room: Room, user: str) -> Json:
    """A channel or direct message in the sidebar."""
    unread, mentions = (0, 0)
    if user in room.members:
        unread, mentions = room.unread(user, workspace.marks_of(user))
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind,
        "topic": room.topic,
        "members": list(room.members),
        "archived": room.archived,
        "shared": room.shared,
        "with": room.partner_of(user),
        "unread": unread,
        "mentions": mentions,
    }


def show_messages(room: Room, user: str, thread: str | None) -> list[Json]:
    """Messages oldest first, with this person's ephemeral ones in their place."""
    shown = room.thread(thread) if thread else list(room.top_level())
    for reader, message in room.whispers:
        if reader == user and message.get("thread_ts") == thread:
            shown.append(message)
    return sorted(shown, key=lambda message: str(message["ts"]))


def _show_person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "tz": person.tz,
        "color": person.color,
        "is_bot": person.is_bot,
        "deleted": person.deleted,
        "guest": person.is_guest,
        "foreign": person.team_id is not None,
    }


def _show_app(app: SlackApp) -> Json:
    shortcuts = [
        (
            shortcut.kind,
            {
                "name": shortcut.name,
                "callback_id": shortcut.callback_id,
                "description": shortcut.description,
            },
        )
        for shortcut in app.shortcuts
    ]
    return {
        "id": app.id,
        "bot_user": app.bot_user,
        "name": app.name,
        "description": app.description,
        "commands": [
            {
                "command": one.command,
                "description": one.description,
                "usage_hint": one.usage_hint,
            }
            for one in app.commands
        ],
        "message_shortcuts": [shown for kind, shown in shortcuts if kind == "message"],
        "global_shortcuts": [shown for kind, shown in shortcuts if kind == "global"],
        "home": app.home,
    }
