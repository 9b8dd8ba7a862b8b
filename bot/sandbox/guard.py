"""Keeps other web sites' pages out: they may not read or drive the workspace through the person's browser."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})


class LocalOnly:
    """Lets through what is addressed to this machine by name and, if a browser sent it, comes from here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 (or closes the socket) for all else."""
        if scope["type"] == "lifespan" or _is_local(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            answer = PlainTextResponse("This workspace answers only pages of this machine.", 403)
            await answer(scope, receive, send)


def _is_local(headers: Headers) -> bool:
    addressed = urlsplit(f"//{headers.get('host', '')}")
    if addressed.hostname not in LOCAL_NAMES:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == addressed.netloc
