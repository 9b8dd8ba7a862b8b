"""Calling an ASGI app in this process, many requests at once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Scope

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: its body in pieces as they arrive, headers as on the wire; no piece: none ever comes."""

    path: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    pieces: tuple[bytes, ...] = (b"",)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer: status and body."""

    status: int
    body: bytes


def ask(app: ASGIApp, sent: Sent) -> Answered:
    """Return the answer to one request."""
    return ask_all(app, [sent])[0]


def ask_all(app: ASGIApp, requests: Iterable[Sent]) -> Sequence[Answered]:
    """Return the answers in order; at most 64 requests are under way at a time."""

    async def everything() -> Sequence[Answered]:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(sent: Sent) -> Answered:
            async with gate:
                return await exchange(app, sent)

        return await asyncio.gather(*(one(sent) for sent in requests))

    return asyncio.run(everything())


async def exchange(app: ASGIApp, sent: Sent) -> Answered:
    """Return the app's answer to one request."""
    pieces = list(sent.pieces)
    heard: list[Message] = []

    async def receive() -> Message:
        if not pieces:
            await asyncio.Event().wait()
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        heard.append(message)

    await app(scope_of(sent), receive, send)
    body = b"".join(message.get("body", b"") for message in heard[1:])
    return Answered(heard[0]["status"], body)


def scope_of(sent: Sent) -> Scope:
    """Return the scope that a server would make of the request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": sent.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(sent.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
