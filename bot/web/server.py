"""The HTTP side: Slack's signed requests, the API for programs, health, readiness and numbers."""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import uvicorn
from slack_bolt import BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.domain.errors import Unavailable
from bot.web.api import HANDLERS, Api
from bot.web.desk import Desk, Remember
from bot.web.guard import Guard, SigningSecrets
from bot.web.hooks import GithubHook
from bot.web.measures import Counting, Measures

SLACK_PATH = "/slack/events"
TICK_OVERDUE = timedelta(minutes=5)
DRAIN_S = 15
PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlackOverHttp:
    """What taking Slack's requests over HTTP needs; not there in Socket Mode."""

    secrets: SigningSecrets
    remember: Remember
    dispatch: Callable[[BoltRequest], BoltResponse]


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the web app needs from the rest: the clock, how things stand, and Slack's door if it is open.

    `last_tick` is the moment of the scheduler's last tick, None before the first. `obstacles` are full
    sentences on what stops the bot from serving (database not reachable, schema not current); empty if ready.
    `alarms` are full sentences on what a person must look after although the bot serves.
    """

    now: Callable[[], datetime]
    last_tick: Callable[[], datetime | None]
    obstacles: Callable[[], Sequence[str]]
    outbox_depth: Callable[[], int]
    slack: SlackOverHttp | None = None
    api: Api | None = None
    alarms: Callable[[], Sequence[str]] = tuple
    github: GithubHook | None = None


def web_app(parts: WebParts) -> Starlette:
    """Return the ASGI app; in Socket Mode it has no `/slack/events`."""
    measures = Measures()
    measures.watch_outbox(parts.outbox_depth)
    probes = Probes(parts, measures, parts.now())
    routes = [
        Route("/healthz", probes.healthz),
        Route("/readyz", probes.readyz),
        Route("/metrics", probes.metrics),
    ]
    desk = None
    if parts.slack is not None:
        desk = Desk(parts.slack.remember, parts.slack.dispatch, measures.ack_s.observe)
        routes.append(Route(SLACK_PATH, Guard(desk, parts.slack.secrets, parts.now), methods=["POST"]))

    if parts.api is not None:
        routes += parts.api.routes()
    if parts.github is not None:
        routes.append(parts.github.route())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if parts.api is not None:
            parts.api.decider.start()
        yield
        if parts.api is not None:
            await run_in_threadpool(parts.api.decider.stop)
        if desk is not None:
            desk.threads.shutdown(wait=True, cancel_futures=True)

    counting = Middleware(Counting, measures=measures, routes=frozenset(route.path for route in routes))
    return Starlette(routes=routes, middleware=[counting], exception_handlers=HANDLERS, lifespan=lifespan)


@dataclass(frozen=True, slots=True)
class Probes:
    """The answers to those who watch over the bot."""

    parts: WebParts
    measures: Measures
    started_at: datetime

    async def healthz(self, _: Request) -> JSONResponse:
        """Answer 200 while the scheduler ticks and nothing alarms, 503 when its last tick is over five minutes old."""
        last_tick = self.parts.last_tick()
        ticks = self.parts.now() - (last_tick or self.started_at) <= TICK_OVERDUE
        alarms = await run_in_threadpool(self.checked, self.parts.alarms)
        healthy = ticks and not alarms
        ticked = None if last_tick is None else last_tick.isoformat()
        answer = {"healthy": healthy, "last_tick": ticked, "alarms": alarms}
        return JSONResponse(answer, 200 if healthy else 503)

    async def readyz(self, _: Request) -> JSONResponse:
        """Answer 200 when nothing stops the bot from serving, else 503 and what does."""
        obstacles = await run_in_threadpool(self.checked, self.parts.obstacles)
        return JSONResponse({"ready": not obstacles, "obstacles": obstacles}, 503 if obstacles else 200)

    def checked(self, found: Callable[[], Sequence[str]]) -> list[str]:
        """Return what a check found; a check that fails is an obstacle itself."""
        try:
            return list(found())
        except Exception as error:  # noqa: BLE001  an entry point's boundary
            log.error("A probe could not be answered: %s.", type(error).__name__)
            return ["The check itself failed; the log names the error."]

    async def metrics(self, _: Request) -> Response:
        """Answer with the numbers in Prometheus' text format."""
        return Response(await run_in_threadpool(self.measures.text), media_type=PROMETHEUS_TEXT)


class AddressTaken(Unavailable):
    """Nobody can listen at the address."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that listens in a thread of its own."""

    host: str
    port: int
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """Take no more requests, answer those begun, and return when that is done."""
        self.server.should_exit = True
        self.thread.join(DRAIN_S + 5)


def serve(app: ASGIApp, host: str, port: int) -> Serving:
    """Return once the app listens at the address (port 0: a free one); raise AddressTaken if it cannot."""
    try:
        listener = socket.create_server((host, port), backlog=2048)
    except OSError as error:
        raise AddressTaken(
            f"Rollout cannot listen at {host}:{port} ({error.strerror}). Stop what listens there, or give another port."
        ) from error
    # A head and a body go out in two writes; without this the second waits up to 40 ms for the first one's receipt.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        app,
        # uvicorn warns of every malformed request: a flood of them would be a flood of lines.
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        # What the package installs; another parser that happens to be there would be one that nobody here tested.
        http="h11",
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=DRAIN_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=run, args=(server, listener), name="web", daemon=True)
    thread.start()
    return Serving(host, listener.getsockname()[1], server, thread)


def run(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until told to stop, then close the socket."""
    with listener:
        asyncio.run(server.serve(sockets=[listener]))
