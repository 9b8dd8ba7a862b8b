"""A running workspace with one app, for unmodified Bolt and slack_sdk to talk to."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.clock import MovableClock
from bot.sandbox.sample import ECHO_APP, ECHO_MANIFEST, make_sample_cast
from bot.sandbox.server import Server
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.visitor import Visitor
from bot.sandbox.workspace import Workspace

__all__ = ["ECHO_APP", "ECHO_MANIFEST"]


@pytest.fixture(autouse=True)
def checked_payloads() -> None:
    """In place of the suite's own oracle: here the local workspace's strictness is what is tested."""


@dataclass
class Stage:
    """A running workspace, and Bolt apps connected to it."""

    server: Server
    profile: SlackApp = ECHO_APP
    _handlers: list[SocketModeHandler] = field(default_factory=list)
    _servers: list[tuple[uvicorn.Server, threading.Thread]] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return self.server.workspace

    @property
    def problems(self) -> list[str]:
        return [entry.summary for entry in self.workspace.journal.problems]

    def play(self, user: str = "U0ANA") -> Visitor:
        return Visitor(self.server, user)

    def client(self, **more: Any) -> WebClient:
        return WebClient(self.profile.bot_token, base_url=f"{self.server.url}/api/", **more)

    def bolt(self, signing_secret: str | None = None) -> App:
        return App(client=self.client(), signing_secret=signing_secret or self.profile.signing_secret)

    def connect(self, bolt: App, ping_interval_s: float = 10) -> SocketModeHandler:
        handler = SocketModeHandler(bolt, self.profile.app_token, ping_interval=ping_interval_s)
        self._handlers.append(handler)
        handler.client.connect()
        assert self.workspace.live.wait_until(lambda: self.profile.id in self.workspace.connected)
        return handler

    def serve_over_http(self, bolt: App) -> None:
        """Serves the app with Bolt's own Starlette adapter and tells the workspace its Request URL."""
        adapter = SlackRequestHandler(bolt)

        async def take(request: Request) -> Response:
            body = await request.body()

            class Read(Request):
                async def body(self) -> bytes:
                    return body

            return await run_in_threadpool(_handle, adapter, Read(request.scope))

        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            Starlette(routes=[Route("/slack/events", take, methods=["POST"])]),
            log_config=None,
            log_level="warning",
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        self._servers.append((server, thread))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
        self.workspace.request_urls[self.profile.id] = url

    def close(self) -> None:
        for handler in self._handlers:
            handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
        self.server.stop()
        for handler in self._handlers:
            _close_quickly(handler)
        for server, thread in self._servers:
            server.should_exit = True
            thread.join()


def _close_quickly(handler: SocketModeHandler) -> None:
    """Closes the client; its worker sleeps up to a second on its queue, so one last frame wakes it."""
    handler.client.closed = True
    handler.client.message_queue.put('{"type": "hello"}')
    handler.client.close()


def _handle(adapter: SlackRequestHandler, request: Request) -> Response:
    """Runs the adapter's coroutine, which never waits but for the body, in a thread of its own."""
    return asyncio.run(adapter.handle(request))


def start_stage(profile: SlackApp = ECHO_APP, **waits: Any) -> Stage:
    """A stage for one test, with Slack's own waits but for the delays before an event is sent again."""
    workspace = Workspace(make_sample_cast(profile), MovableClock(), **{"retry_delays_s": (0.0,), **waits})
    server = Server(workspace)
    server.start()
    return Stage(server, profile)


@pytest.fixture(scope="session")
def curtain() -> Iterator[Callable[[Stage], None]]:
    """Closes stages in the background, as each takes a quarter of a second, and waits for all at the end."""
    closing: list[Future[None]] = []
    with ThreadPoolExecutor(8, thread_name_prefix="curtain") as pool:
        yield lambda stage: closing.append(pool.submit(stage.close))
    for one in closing:
        one.result()


@pytest.fixture
def stage(curtain: Callable[[Stage], None]) -> Iterator[Stage]:
    running = start_stage()
    yield running
    curtain(running)


@pytest.fixture
def ana(stage: Stage) -> Visitor:
    return stage.play("U0ANA")
