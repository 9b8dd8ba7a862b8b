"""A small system on loopback that answers what a test tells it to, and misbehaves on demand."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.sources.http import Http, Surroundings
from bot.sources.places import Place

TOKEN = "canary-4711-token"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `value` as JSON, or `body` as it is; cut off, or never ending where it says so."""

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    is_cut: bool = False
    never_ends: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class System:
    """The running system: what it answers at which path (the last of several for ever), and what it was asked."""

    def __init__(self, port: int, over: threading.Event) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.over = over
        self.seen: list[Seen] = []
        self.closing: list[Callable[[], None]] = []
        self._replies: dict[str, list[Reply]] = {}
        self.otherwise: Callable[[Seen], Reply] = lambda _: Reply({"message": "Not Found"}, 404)

    def at(self, path: str, *replies: Reply) -> None:
        """From now on these answers stand at `path`, with or without a query."""
        self._replies[path] = list(replies)

    def answer(self, seen: Seen) -> Reply:
        """The next answer to this request."""
        self.seen.append(seen)
        for path in (seen.path, seen.path.partition("?")[0]):
            if replies := self._replies.get(path):
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return self.otherwise(seen)

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [each.path for each in self.seen]

    def place(self, **changes: Any) -> Place:
        """Its place, as settings would have it."""
        given = {
            "name": "example",
            "base_url": self.url,
            "headers": {"Authorization": f"Bearer {TOKEN}"},
            "credentials": "EXAMPLE_TOKEN",
            "address": "EXAMPLE_URL",
            "secrets": (TOKEN,),
        }
        return Place(**(given | changes))


@dataclass(slots=True)
class World:
    """A world in which nobody waits: `waited` has the pauses that would have been."""

    waited: list[float] = field(default_factory=list)
    ends_after: int | None = None
    ends_when: Callable[[], bool] = lambda: False
    ahead: Any = None

    def now(self) -> datetime:
        """The machine's own time, or as a test has it."""
        at = datetime.now(UTC)
        return at if self.ahead is None else at - self.ahead

    def wait(self, seconds: float) -> bool:
        """No waiting; whether the program is to end."""
        if seconds:
            self.waited.append(seconds)
        return self.ends_when() or (self.ends_after is not None and len(self.waited) >= self.ends_after)

    def surroundings(self, **changes: Any) -> Surroundings:
        """The same for a line."""
        return Surroundings(**({"now": self.now, "wait": self.wait} | changes))


def line(system: System, world: World | None = None, whole_s: float = 30.0, **place: Any) -> Http:
    """A line to the system, closed with it."""
    found = (world or World()).surroundings(whole_s=whole_s, resolve=lambda *_: ("127.0.0.1",))
    opened = Http(system.place(**place), found)
    system.closing.append(opened.close)
    return opened


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[System]:
    """The system, as long as it is needed; over TLS, as localhost, with a context."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # Head and body in one piece: in two, each answer would take 40 ms

        def handle_one_request(self) -> None:
            with suppress(OSError):
                super().handle_one_request()

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            seen = Seen(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
            reply = system.answer(seen)
            try:
                self._send(reply)
            except OSError:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815

        def _send(self, reply: Reply) -> None:
            body = json.dumps(reply.value).encode() if reply.body is None else reply.body
            self.send_response_only(reply.status)
            if "Date" not in reply.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(body) + (1 if reply.is_cut or reply.never_ends else 0)))
            self.end_headers()
            if reply.status != 304:
                self.wfile.write(body)
            self.wfile.flush()
            if reply.never_ends:
                over.wait()
            if reply.is_cut:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        system = System(server.server_port, over)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
            server.handle_error = lambda *_: None  # type: ignore[method-assign]
            system.url = f"https://localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield system
        finally:
            for close in system.closing:
                close()
            over.set()
            server.shutdown()
            thread.join()
