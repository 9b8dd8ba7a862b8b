"""Brings commands, interactions and events to an app, over its socket or its Request URL."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from bot.sandbox.payloads import event_callback
from bot.sandbox.signed_http import build_request, encode, send
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace

HTTP_REASONS = {"timeout": "http_timeout", "http_error": "http_error"}
ParcelKind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One payload on its way; `attempt` is 0 at first and counts up when it is sent again."""

    kind: ParcelKind
    payload: Json
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app took it: `error` is None, `operation_timeout`, `dispatch_failed` or `http_error`."""

    body: Any = None
    error: str | None = None
    no_retry: bool = False


class Delivery:
    """Sends parcels to apps and waits for their acknowledgements."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.sockets = SocketMode(workspace)
        self._pool = ThreadPoolExecutor(32, thread_name_prefix="signed-http")
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on events are sent."""
        self._loop = loop
        self.workspace.emit = self._emit

    def stop(self) -> None:
        """Gives up what is under way."""
        self.workspace.emit = lambda _app, _event: None
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def ask(self, app: SlackApp, parcel: Parcel, label: str) -> Ack:
        """The acknowledgement of a command or interaction; a missing one is logged as a problem."""
        self.workspace.journal.note("event", f"sent {label}", method=parcel.kind, detail=parcel.payload)
        ack = await self._send(app, parcel, 1 + self.workspace.faults.repeat_envelopes)
        self._note_ack(label, ack)
        return ack

    def _emit(self, app: SlackApp, event: Json) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._spawn, app, event)

    def _spawn(self, app: SlackApp, event: Json) -> None:
        task = asyncio.ensure_future(self._deliver_event(app, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_event(self, app: SlackApp, event: Json) -> None:
        event_id = self.workspace.next_id("Ev")
        payload = event_callback(self.workspace, app, event, event_id)
        label = f"event {event['type']}"
        if not self._reachable(app):
            self.workspace.journal.note("event", f"{label} lost: the app is not connected", detail=payload)
            return
        self.workspace.journal.note("event", f"sent {label}", method="events_api", detail=payload)
        reason = ""
        for attempt, delay_s in enumerate((0.0, *self.workspace.retry_delays_s)):
            await asyncio.sleep(delay_s)
            copies = 1 + (self.workspace.faults.repeat_events if attempt == 0 else 0)
            ack = await self._send(app, Parcel("events_api", payload, attempt, reason), copies)
            self._note_ack(label, ack)
            if ack.error is None or ack.no_retry:
                return
            reason = "timeout" if ack.error == "operation_timeout" else "http_error"

    def _reachable(self, app: SlackApp) -> bool:
        return self.sockets.is_connected(app.id) or app.id in self.workspace.request_urls

    async def _send(self, app: SlackApp, parcel: Parcel, copies: int) -> Ack:
        try:
            if self.sockets.is_connected(app.id):
                return Ack(await self.sockets.ask(app.id, _envelope(parcel), copies))
            if app.id in self.workspace.request_urls:
                return await self._post_all(app, parcel, copies)
        except TimeoutError:
            return Ack(error="operation_timeout")
        except OSError:
            return Ack(error="dispatch_failed")
        return Ack(error="dispatch_failed")

    async def _post_all(self, app: SlackApp, parcel: Parcel, copies: int) -> Ack:
        parcels = [parcel]
        parcels += [Parcel(parcel.kind, parcel.payload, again, "timeout") for again in range(1, copies)]
        acks = await asyncio.gather(*(self._post(app, one) for one in parcels))
        return acks[0]

    async def _post(self, app: SlackApp, parcel: Parcel) -> Ack:
        url = self.workspace.request_urls[app.id]
        encoded = encode(parcel.kind, parcel.payload)
        request = build_request(app, url, encoded, self.workspace.clock.real_now())
        if parcel.attempt:
            request.add_header("X-Slack-Retry-Num", str(parcel.attempt))
            request.add_header("X-Slack-Retry-Reason", HTTP_REASONS[parcel.reason])
        timeout_s = self.workspace.ack_timeout_s
        loop = asyncio.get_running_loop()
        reply = await asyncio.wait_for(loop.run_in_executor(self._pool, send, request, timeout_s), timeout_s)
        if reply.status >= 300:
            return Ack(error="http_error", no_retry=reply.no_retry)
        return Ack(reply.body)

    def _note_ack(self, label: str, ack: Ack) -> None:
        journal = self.workspace.journal
        if ack.error is None:
            journal.note("ack", f"{label} acknowledged", detail=ack.body or None)
        elif ack.error == "operation_timeout":
            rule = f"Slack waits {self.workspace.ack_timeout_s:g} seconds for an acknowledgement"
            journal.note("problem", f"{label}: not acknowledged in time; {rule}.", detail={"error": ack.error})
        elif ack.error == "http_error":
            text = f"{label}: the app answered with an error status; Slack takes only 200."
            journal.note("problem", text, detail={"error": ack.error})
        else:
            journal.note("event", f"{label} not delivered: the app is not connected")
        self.workspace.live.touch()


def _envelope(parcel: Parcel) -> Json:
    envelope: Json = {
        "envelope_id": str(uuid4()),
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind != "events_api",
    }
    if parcel.attempt:
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope
