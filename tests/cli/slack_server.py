"""A few answers of Slack's Web API on loopback, for the checkup; anything else is an unknown method."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Answers:
    """What the server says: by method, and of a channel by its id; `scopes` go into the header."""

    methods: dict[str, dict[str, Any]]
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    scopes: str | None = ""

    def to(self, method: str, given: dict[str, str]) -> dict[str, Any]:
        """The answer to one call."""
        if method == "conversations.info":
            channel = self.channels.get(given.get("channel", ""))
            return {"ok": True, "channel": channel} if channel else {"ok": False, "error": "channel_not_found"}
        return self.methods.get(method, {"ok": False, "error": "unknown_method"})


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """The base address at which `answers` are given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            told = json.dumps(answers.to(self.path.rpartition("/")[2], given)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            if answers.scopes is not None:
                self.send_header("x-oauth-scopes", answers.scopes)
            self.end_headers()
            self.wfile.write(told)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
