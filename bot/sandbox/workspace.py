"""The state of the workspace: people, rooms, apps, views, files, and what is written down about them."""

from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import count
from typing import Any

from bot.sandbox.cast import Cast, Person
from bot.sandbox.clock import MovableClock
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.journal import Entry, Journal
from bot.sandbox.live import Live
from bot.sandbox.rooms import Room
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.triggers import Hook, Triggers
from bot.sandbox.views import Views
from bot.sandbox.wire import Json, SlackError

Emit = Callable[[SlackApp, Json], None]


class Workspace:
    """Everything the workspace knows; one thread, the server's, changes it once the server runs."""

    def __init__(
        self,
        cast: Cast,
        clock: MovableClock,
        *,
        ack_timeout_s: float = 3.0,
        trigger_life_s: float = 3.0,
        retry_delays_s: tuple[float, ...] = (0.0, 60.0, 300.0),
    ) -> None:
        """`retry_delays_s` are the waits before an event without acknowledgement is sent again."""
        self.cast = cast
        self.clock = clock
        self.ack_timeout_s = ack_timeout_s
        self.retry_delays_s = retry_delays_s
        self.base_url = "http://127.0.0.1"
        self.journal = Journal(clock)
        self.faults = Faults()
        self.live = Live()
        self.files = Files()
        self.views = Views()
        self.triggers = Triggers(trigger_life_s)
        self.hooks: dict[str, Hook] = {}
        self.request_urls: dict[str, str] = {}
        self.connected: frozenset[str] = frozenset()
        self.emit: Emit = lambda _app, _event: None
        self.journal.on_problem = self._show_problem
        self._numbers = count(1)
        self._last_micros = 0
        self.apps = {app.id: app for app in cast.apps}
        self.people = {person.id: person for person in cast.people}
        self.people |= {app.bot_user: _bot_person(app) for app in cast.apps}
        self.groups = {group.id: group for group in cast.groups}
        created_s = int(clock.now().timestamp())
        self.rooms = {channel.id: Room.from_channel(channel, created_s) for channel in cast.channels}
        for app in cast.apps:
            for person in cast.people:
                if person.team_id is None and not person.deleted and not person.is_bot:
                    self.dm(person.id, app.bot_user)

    @property
    def team_id(self) -> str:
        """The workspace's own team id."""
        return self.cast.team_id

    def next_id(self, prefix: str) -> str:
        """A new id, such as V00000012."""
        return f"{prefix}{next(self._numbers):08d}"

    def next_ts(self) -> str:
        """A message timestamp by the workspace's clock, later than all before."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_micros = max(micros, self._last_micros + 1)
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def go_on_after(self, ts: str) -> None:
        """Every timestamp from now on is later than this one."""
        self._last_micros = max(self._last_micros, int(ts.replace(".", "")))

    def now_s(self) -> int:
        """The workspace's time in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def person(self, user: object) -> Person:
        """The person; `user_not_found` if there is none."""
        found = self.people.get(str(user))
        if found is None:
            raise SlackError("user_not_found")
        return found

    def team_of(self, person: Person) -> str:
        """The person's own workspace."""
        return person.team_id or self.team_id

    def room(self, room_id: object) -> Room:
        """The room by its id; `channel_not_found` if there is none."""
        found = self.rooms.get(str(room_id))
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def visible_room(self, room_id: object, user: str) -> Room:
        """The room by id, if `user` may know of it: private ones are not found by those outside."""
        found = self.room(room_id)
        if found.kind != "channel" and user not in found.members:
            raise SlackError("channel_not_found")
        return found

    def dm(self, one: str, other: str) -> Room:
        """The direct message between two people, made if it is not there."""
        for room in self.rooms.values():
            if room.kind == "im" and set(room.members) == {one, other}:
                return room
        room = Room(self.next_id("D"), "directmessage", "im", self.now_s(), [one, other])
        self.rooms[room.id] = room
        return room

    def rooms_of(self, user: str) -> list[Room]:
        """What the person finds in the sidebar: own rooms, and public ones unless guest or stranger."""
        person = self.people[user]
        outside = person.is_guest or person.team_id is not None
        return [
            room for room in self.rooms.values() if user in room.members or (room.kind == "channel" and not outside)
        ]

    def marks_of(self, user: str) -> tuple[str, ...]:
        """The texts that mention this person."""
        groups = tuple(f"<!subteam^{group.id}" for group in self.groups.values() if user in group.members)
        return (f"<@{user}>", "<!here", "<!channel", "<!everyone", *groups)

    def make_hook(self, hook: Hook) -> str:
        """The response URL for a hook."""
        self.hooks[hook.token] = hook
        return f"{self.base_url}/hooks/{hook.token}"

    def change_person(self, user: str, **changes: Any) -> Person:
        """The person with some fields changed (deactivated, renamed); apps get `user_change`."""
        self.people[user] = replace(self.person(user), **changes)
        for app in self.apps.values():
            if "user_change" in app.events:
                self.emit(app, {"type": "user_change", "user": {"id": user, **asdict(self.people[user])}})
        return self.people[user]

    def show_views(self, user: str) -> None:
        """Tells the person's pages which modals are open."""
        self.live.publish({"type": "views", "views": self.views.stack(user)}, (user,))

    def _show_problem(self, entry: Entry) -> None:
        self.live.publish({"type": "problem", "entry": entry.show()})


def _bot_person(app: SlackApp) -> Person:
    return Person(id=app.bot_user, name=app.bot_name, real_name=app.name, is_bot=True, color="3b6e5a")
