"""What the page and tests ask under `/_/`: JSON in and out, and the live socket."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox import interactions, modal_acts, saying
from bot.sandbox.delivery import Delivery
from bot.sandbox.posting import change_whisper, join, publish_unread
from bot.sandbox.snapshot import show_channel, show_messages, show_start
from bot.sandbox.wire import Json, Refusal, SlackError

Deed = Callable[[Json], Awaitable[Json]]


class PageApi:
    """The routes under `/_/`."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.workspace = delivery.workspace

    def routes(self) -> list[BaseRoute]:
        """All routes; an answer is `{"ok": true, …}` or `{"ok": false, "error": sentence}`."""
        reads: dict[str, Deed] = {
            "start": self.start,
            "messages": self.messages,
            "clock": self.clock,
            "faults": self.faults,
            "log": self.log,
        }
        writes: dict[str, Deed] = {
            "say": self.say,
            "act": self.act,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "home": self.home,
            "read": self.read,
            "join": self.join,
            "open": self.open,
            "dismiss": self.dismiss,
            "options": self.options,
            "clock": self.move_clock,
            "faults": self.order_faults,
        }
        return [
            *(Route(f"/_/{name}", _answer(deed), methods=["GET"]) for name, deed in reads.items()),
            *(Route(f"/_/{name}", _answer(deed), methods=["POST"]) for name, deed in writes.items()),
            Route("/_/file/{id}", _answer(self.file), methods=["GET"]),
            WebSocketRoute("/_/live", self.live),
        ]

    async def start(self, order: Json) -> Json:
        """Everything the page needs to draw itself."""
        user = str(order.get("as") or next(iter(self.workspace.people)))
        return show_start(self.workspace, saying.present_person(self.workspace, user))

    async def messages(self, order: Json) -> Json:
        """A room's messages outside threads, or one thread."""
        person = saying.present_person(self.workspace, order["as"])
        room = saying.open_room(self.workspace, person, order["channel"])
        return {"messages": show_messages(room, person.id, order.get("thread"))}

    async def say(self, order: Json) -> Json:
        """A message or a slash command."""
        told = (str(order["as"]), str(order["channel"]), str(order["text"]))
        return await saying.say(self.delivery, *told, order.get("thread_ts"))

    async def act(self, order: Json) -> Json:
        """A click or a choice."""
        await interactions.act(self.delivery, order["as"], order)
        return {}

    async def submit(self, order: Json) -> Json:
        """A modal's submission."""
        state = order.get("state") or {}
        errors = await modal_acts.submit(self.delivery, order["as"], order["view"], state)
        return {"errors": errors} if errors else {}

    async def close(self, order: Json) -> Json:
        """A modal's closing."""
        await modal_acts.close(self.delivery, order["as"], order["view"], order.get("clear"))
        return {}

    async def shortcut(self, order: Json) -> Json:
        """A shortcut."""
        await interactions.use_shortcut(self.delivery, order["as"], order)
        return {}

    async def home(self, order: Json) -> Json:
        """Looking at an app's Home."""
        interactions.open_home(self.workspace, order["as"], order["app"])
        return {}

    async def options(self, order: Json) -> Json:
        """Options of an external select."""
        return {"options": await interactions.find_options(self.delivery, order["as"], order)}

    async def read(self, order: Json) -> Json:
        """Everything in the room is read."""
        person = saying.present_person(self.workspace, order["as"])
        room = saying.open_room(self.workspace, person, order["channel"])
        if room.messages:
            room.read_ts[person.id] = next(reversed(room.messages))
        publish_unread(self.workspace, room)
        return {}

    async def join(self, order: Json) -> Json:
        """The person is in the public channel from now on."""
        person = saying.present_person(self.workspace, order["as"])
        room = saying.open_room(self.workspace, person, order["channel"])
        join(self.workspace, room, person.id)
        shown = show_channel(self.workspace, room, person.id)
        self.workspace.live.publish({"type": "channel", "channel": shown}, (person.id,))
        return {}

    async def open(self, order: Json) -> Json:
        """The direct message between the person and someone else, who may be an app."""
        person = saying.present_person(self.workspace, order["as"])
        room = self.workspace.dm(person.id, self.workspace.person(order["with"]).id)
        shown = show_channel(self.workspace, room, person.id)
        self.workspace.live.publish({"type": "channel", "channel": shown}, (person.id,))
        return {"channel": shown}

    async def dismiss(self, order: Json) -> Json:
        """An ephemeral message goes away."""
        person = saying.present_person(self.workspace, order["as"])
        room = saying.open_room(self.workspace, person, order["channel"])
        change_whisper(self.workspace, room, str(order["ts"]), None)
        return {}

    async def file(self, order: Json) -> Json:
        """A file's card."""
        upload = self.workspace.files.find_completed(order["id"])
        return {"file": upload.show(self.workspace.base_url)}

    async def log(self, order: Json) -> Json:
        """The log after entry number `since`."""
        entries = self.workspace.journal.since(int(order.get("since") or 0))
        return {"entries": [entry.show() for entry in entries]}

    async def clock(self, _order: Json) -> Json:
        """The workspace's time."""
        clock = self.workspace.clock
        return {"now": clock.now().isoformat(), "moved_s": clock.moved_s}

    async def move_clock(self, order: Json) -> Json:
        """The new time, which all pages are told."""
        clock = self.workspace.clock
        try:
            if "advance_s" in order:
                clock.advance(float(order["advance_s"]))
            else:
                clock.move_to(self._target(str(order["to"]), order.get("as")))
        except ValueError as wrong:
            raise Refusal(str(wrong)) from wrong
        told = await self.clock({})
        self.workspace.live.publish({"type": "clock", **told})
        return told

    async def faults(self, _order: Json) -> Json:
        """The misbehaviour still to come."""
        return self.workspace.faults.show()

    async def order_faults(self, order: Json) -> Json:
        """Orders or takes back misbehaviour."""
        faults = self.workspace.faults
        if order.get("clear"):
            faults.clear()
        if "add" in order:
            faults.add_from(order["add"])
        faults.repeat_events = int(order.get("repeat_events", faults.repeat_events))
        faults.repeat_envelopes = int(order.get("repeat_envelopes", faults.repeat_envelopes))
        if "close_socket" in order:
            await self.delivery.sockets.hang_up(str(order["close_socket"]))
        return faults.show()

    async def live(self, websocket: WebSocket) -> None:
        """Pushes changes to one page until it leaves."""
        user = websocket.query_params.get("as", "")
        await websocket.accept()
        queue: asyncio.Queue[Json] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def watch(item: Json) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, item)

        number = self.workspace.live.join(user, watch)
        queue.put_nowait({"type": "app", "connected": bool(self.workspace.connected)})
        pushing = asyncio.ensure_future(_push(websocket, queue))
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            self.workspace.live.leave(number)
            pushing.cancel()

    def _target(self, to: str, user: object) -> datetime:
        if not to.endswith("_9"):
            return datetime.fromisoformat(to)
        person = self.workspace.people.get(str(user))
        now = self.workspace.clock.now().astimezone(ZoneInfo(person.tz if person else "UTC"))
        nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
        days = (7 - now.weekday()) % 7 if to == "next_monday_9" else 0
        target = nine + timedelta(days=days)
        return target if target > now else target + timedelta(days=7 if to == "next_monday_9" else 1)


async def _push(websocket: WebSocket, queue: "asyncio.Queue[Json]") -> None:
    while True:
        item = await queue.get()
        try:
            await websocket.send_text(json.dumps(item))
        except (WebSocketDisconnect, RuntimeError):
            return


def _answer(deed: Deed) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def handle(request: Request) -> JSONResponse:
        order: dict[str, Any] = {**request.query_params, **request.path_params}
        try:
            if request.method == "POST":
                body = json.loads(await request.body() or b"{}")
                order |= body
            return JSONResponse({"ok": True, **await deed(order)})
        except Refusal as refused:
            return JSONResponse({"ok": False, "error": str(refused)})
        except SlackError as refused:
            return JSONResponse({"ok": False, "error": f"The workspace refused with {refused.error}."})
        except (KeyError, TypeError, ValueError) as wrong:
            return JSONResponse({"ok": False, "error": f"The request is incomplete or malformed: {wrong}."})

    return handle
