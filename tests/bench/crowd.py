"""People who type `/rollout` at once, in a process of their own: each waits for the answer, then types again.

It is told what to do as JSON on standard input (a `Crowd`), and tells what came of it as JSON (an `Outcome`).
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

PATH = "/slack/events"
USERS = 800
"""How many people take turns at it: one alone would soon be told to be slower."""

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@dataclass(frozen=True, slots=True)
class Crowd:
    """`people` who type the `texts` in turn, beginning with number `first`, for `for_s`, at most `times` in all.

    Every answer must hold each of `expected`, in which {text} stands for the last word of what was typed.
    """

    port: int
    people: int
    for_s: float
    texts: tuple[str, ...]
    expected: tuple[str, ...]
    response_url: str
    first: int = 0
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long the crowd was at it, how long each answer took, and its mean length."""

    took_s: float
    waits_s: tuple[float, ...]
    mean_bytes: float

    @property
    def per_s(self) -> float:
        """Answers a second, of all people together."""
        return len(self.waits_s) / self.took_s


def crowd_of(told: dict[str, Any]) -> Crowd:
    """The crowd that was written down as JSON."""
    return Crowd(**told | {"texts": tuple(told["texts"]), "expected": tuple(told["expected"])})


class WrongAnswer(AssertionError):
    """An answer that is not what was asked for: a figure taken from it would mean nothing."""


def letter(crowd: Crowd, number: int, text: str) -> bytes:
    """One signed request, as Slack sends it."""
    fields = {
        "token": "verification",
        "team_id": "T0001",
        "team_domain": "bench",
        "channel_id": "C0999",
        "channel_name": "general",
        "user_id": f"U0{number % USERS:04}",
        "user_name": "someone",
        "command": "/rollout",
        "text": text,
        "api_app_id": "A0001",
        "is_enterprise_install": "false",
        "response_url": crowd.response_url,
        "trigger_id": f"{number}.{time.monotonic_ns()}.bench",
    }
    body = urlencode(fields).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{crowd.port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, found, rest = head.lower().partition(b"content-length:")
    length = int(rest.partition(b"\r\n")[0]) if found else 0
    return head, await reader.readexactly(length)


def demand_right(crowd: Crowd, text: str, head: bytes, body: bytes) -> None:
    """Nothing, if the answer is the one that was asked for."""
    wanted = [each.replace("{text}", text.rsplit(maxsplit=1)[-1]).encode() for each in crowd.expected]
    missing = [each for each in wanted if each not in body]
    if not head.startswith(b"HTTP/1.1 200 ") or missing:
        raise WrongAnswer(f"asked {text!r}, missed {missing} in {head[:40]!r} {body[:400]!r}")


async def person(crowd: Crowd, turns: "count[int]", end_s: float) -> list[tuple[float, int]]:
    """What one person waited for each answer, and its length."""
    reader, writer = await asyncio.open_connection("127.0.0.1", crowd.port, limit=2**20)
    seen: list[tuple[float, int]] = []
    while time.perf_counter() < end_s:
        number = next(turns)
        if crowd.times is not None and number - crowd.first >= crowd.times:
            break
        text = crowd.texts[number % len(crowd.texts)]
        packed = letter(crowd, number, text)
        begun_s = time.perf_counter()
        writer.write(packed)
        head, body = await read(reader)
        seen.append((time.perf_counter() - begun_s, len(body)))
        demand_right(crowd, text, head, body)
    writer.close()
    return seen


async def gather(crowd: Crowd) -> Outcome:
    """What came of it."""
    begun_s = time.perf_counter()
    turns = count(crowd.first)
    found = await asyncio.gather(*(person(crowd, turns, begun_s + crowd.for_s) for _ in range(crowd.people)))
    took_s = time.perf_counter() - begun_s
    seen = [each for one in found for each in one]
    return Outcome(took_s, tuple(wait_s for wait_s, _ in seen), sum(size for _, size in seen) / len(seen))


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(gather(crowd_of(json.load(sys.stdin))))), sys.stdout)
