"""The workspace's server on loopback, in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.delivery import Delivery
from bot.sandbox.guard import LocalOnly
from bot.sandbox.page_api import PageApi
from bot.sandbox.side_doors import SideDoors
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import Workspace

T = TypeVar("T")
PAGE = Path(__file__).parent / "page"
START_TIMEOUT_S = 10.0


class Connections:
    """Open HTTP connections by the client's address, so that one can be cut in the middle of a call."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's protocol, which also keeps this list."""
        connections = self._open

        class Kept(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    connections[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                if self.client is not None:
                    connections.pop(self.client, None)

        return Kept

    async def drop(self, request: Request) -> None:
        """Cuts the request's connection; comes back when the server has noticed."""
        client = request.client
        transport = self._open.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()
        while (await request.receive())["type"] != "http.disconnect":
            pass


class Server:
    """Serves one workspace; the address is known once it has started."""

    def __init__(self, workspace: Workspace, port: int = 0) -> None:
        """Listens on 127.0.0.1 at `port`, or at a free one for 0."""
        self.workspace = workspace
        self.delivery = Delivery(workspace)
        self.url = ""
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()

    def start(self) -> str:
        """The address, once requests are answered; OSError if the port is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
            listener.listen(128)
        except OSError:
            listener.close()
            raise
        self.url = self.workspace.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        connections = Connections()
        config = uvicorn.Config(
            self._build(connections),
            http=connections.protocol(),
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="slack-workspace", daemon=True
        )
        self._thread.start()
        if not self._started.wait(START_TIMEOUT_S):
            raise TimeoutError("The local workspace did not start within 10 seconds.")
        return self.url

    def stop(self) -> None:
        """Comes back when nothing is served any more."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine run in the server's thread; for other threads."""
        if self._loop is None:
            raise RuntimeError("The local workspace has not been started.")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _build(self, connections: Connections) -> Starlette:
        web_api = WebApi(self.delivery, connections.drop)
        doors = SideDoors(web_api)
        return Starlette(
            lifespan=self._live,
            middleware=[Middleware(LocalOnly)],
            routes=[
                Route("/", _show_page),
                Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
                Route("/api/{method}", web_api.handle, methods=["GET", "POST"]),
                Route("/hooks/{token}", doors.take_hook, methods=["POST"]),
                Route("/upload/{id}", doors.take_upload, methods=["POST"]),
                Route("/files/{id}/{name}", doors.show_file, methods=["GET"]),
                WebSocketRoute("/socket", self.delivery.sockets.serve),
                *PageApi(self.delivery).routes(),
            ],
        )

    @asynccontextmanager
    async def _live(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self.delivery.start(self._loop)
        self._started.set()
        yield
        self.delivery.stop()


@contextmanager
def serve(workspace: Workspace, port: int = 0) -> Iterator[Server]:
    """The running server, stopped at the end of the block."""
    server = Server(workspace, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def _show_page(_request: Request) -> Response:
    index = PAGE / "index.html"
    if index.exists():
        return FileResponse(index)
    return PlainTextResponse("The page of the local Slack workspace is not installed.")
