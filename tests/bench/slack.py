"""Slack as the bench needs it, in a process of its own: it knows every user, takes every picture and every answer."""

import asyncio
import json
import re
import socket
from collections import Counter
from urllib.parse import parse_qs, urlsplit

TEAM = "T0001"
BOT = "U0BOT"

_counts: Counter[str] = Counter()


def answer(path: str, body: str, origin: str) -> object:
    """What Slack says to a call of `path`."""
    method = path.rpartition("/")[2] if path.startswith("/api/") else path.split("/")[1]
    _counts[method] += 1
    fields = {name: values[0] for name, values in parse_qs(body).items()}
    number = _counts[method]
    known: dict[str, object] = {
        "auth.test": {"team_id": TEAM, "user_id": BOT, "bot_id": "B0001", "url": origin, "team": "Bench"},
        "users.info": {"user": _user(fields.get("user", ""))},
        "files.getUploadURLExternal": {"upload_url": f"{origin}/upload/{number}", "file_id": f"F{number}"},
        "files.completeUploadExternal": {"files": [{"id": re.findall(r"F\d+", fields.get("files", "F0"))[0]}]},
        "chat.postMessage": {"channel": fields.get("channel", ""), "ts": f"{number}.000100"},
        "conversations.open": {"channel": {"id": "D0001"}},
        "conversations.history": {"messages": []},
        "counts": dict(_counts),
    }
    found = known.get(method, {})
    return {"ok": True, **found} if isinstance(found, dict) else found


def _user(handle: str) -> dict[str, object]:
    return {
        "id": handle,
        "team_id": TEAM,
        "name": handle.lower(),
        "real_name": f"Person {handle}",
        "tz": "Europe/Lisbon",
        "profile": {"real_name": f"Person {handle}"},
    }


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers the requests of one connection until it closes."""
    try:
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            lengths = re.findall(r"(?im)^content-length: *(\d+)", head)
            body = await reader.readexactly(int(lengths[0])) if lengths else b""
            host = re.findall(r"(?im)^host: *(\S+)", head)[0]
            path = urlsplit(head.split(" ", 2)[1]).path
            told = json.dumps(answer(path, body.decode("latin-1"), f"http://{host}")).encode()
            start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
            writer.write(start + b"Content-Length: %d\r\n\r\n" % len(told) + told)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve() -> None:
    """Listens on a free port, tells it, and answers until the process ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = await asyncio.start_server(converse, sock=listener, limit=2**22)
    print(f"ready {listener.getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
