"""Socket Mode: the app's WebSocket connections, envelopes out and acknowledgements in."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace


@dataclass(slots=True)
class SocketMode:
    """All connections, by app; the newest is used, as the older ones are about to be replaced."""

    workspace: Workspace
    tickets: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[WebSocket]] = field(default_factory=dict)
    pending: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)

    def open_ticket(self, app: str) -> str:
        """The address for one connection of the app."""
        ticket = secrets.token_hex(16)
        self.tickets[ticket] = app
        return f"{self.workspace.base_url.replace('http', 'ws', 1)}/socket?ticket={ticket}&app_id={app}"

    def is_connected(self, app: str) -> bool:
        """True if the app has a connection."""
        return bool(self.lines.get(app))

    async def serve(self, websocket: WebSocket) -> None:
        """Holds one connection until it closes."""
        app = self.tickets.pop(websocket.query_params.get("ticket", ""), None)
        if app is None:
            await websocket.close(code=1008)
            return
        await websocket.accept()
        self.lines.setdefault(app, []).append(websocket)
        self._tell()
        hello = {
            "type": "hello",
            "num_connections": len(self.lines[app]),
            "connection_info": {"app_id": app},
            "debug_info": {"host": "local", "build_number": 1, "approximate_connection_time": 18060},
        }
        try:
            await websocket.send_text(json.dumps(hello))
            while True:
                self._take(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._drop(app, websocket)

    async def ask(self, app: str, envelope: Json, copies: int) -> Any:
        """The payload of the acknowledgement (None if bare); TimeoutError after the workspace's wait."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        envelope_id = envelope["envelope_id"]
        self.pending[envelope_id] = future
        try:
            await self._send(app, json.dumps(envelope))
            for attempt in range(1, copies):
                again = {**envelope, "retry_attempt": attempt, "retry_reason": "timeout"}
                await self._send(app, json.dumps(again))
            return await asyncio.wait_for(future, self.workspace.ack_timeout_s)
        finally:
            self.pending.pop(envelope_id, None)

    async def hang_up(self, reason: str) -> None:
        """Closes all connections; `abrupt` without the warning that Slack sends otherwise."""
        for websocket in [one for line in self.lines.values() for one in line]:
            if reason != "abrupt":
                notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
                await websocket.send_text(json.dumps(notice))
            await websocket.close()

    async def _send(self, app: str, text: str) -> None:
        while self.lines.get(app):
            websocket = self.lines[app][-1]
            try:
                await websocket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):
                self._drop(app, websocket)
            else:
                return
        raise ConnectionError("The app closed its Socket Mode connection.")

    def _take(self, text: str) -> None:
        try:
            ack = json.loads(text)
        except ValueError:
            self.workspace.journal.note("problem", f"Socket Mode: the app sent no JSON but “{text[:80]}”.")
            return
        future = self.pending.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if future is not None and not future.done():
            future.set_result(ack.get("payload"))

    def _drop(self, app: str, websocket: WebSocket) -> None:
        line = self.lines.get(app, [])
        if websocket in line:
            line.remove(websocket)
            self._tell()

    def _tell(self) -> None:
        self.workspace.connected = frozenset(app for app, line in self.lines.items() if line)
        self.workspace.live.publish({"type": "app", "connected": bool(self.workspace.connected)})
