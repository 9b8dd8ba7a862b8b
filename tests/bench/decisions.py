"""Decisions over HTTP beside a bare endpoint of the same server, and the way through a person."""

import asyncio
import json
import time
from contextlib import closing

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.actions import escrow
from bot.actions.escrow import Said
from bot.domain.escrow import Answer
from bot.web.api import api_on
from bot.web.server import WebParts, serve, web_app
from store import Database
from store.migrating import upgrade
from store.tables.grants import grants
from store.tables.program import requests
from tests.bench.figures import judge, median, percentile, show
from tests.bench.program import Ground
from tests.grants_program import GrantsProgram, action, policy
from tests.web.agents import Agent, listening, token_for

CALLERS = 64
REQUESTS = 1_280
TRIPS = 20
AIM_SHARE = 0.7
_BODY = json.dumps({"workflow": "refunds_agent", "action": "draft_reply", "facts": {"words": 20}}).encode()


def run(ground: Ground) -> None:
    """Prints decisions per second with 1, 100 and 10,000 grants, and a round trip through a person."""
    with closing(Database(ground.url("decisions"))) as database:
        upgrade(database)
        program = GrantsProgram(database)
        program.start()
        program.grant(policy(action("draft_reply", max_words=200, requires_human_approval=False)))
        program.grant(policy(action("draft_mail", max_words=200)))
        secret = token_for(program)
        rows = []
        for more in (0, 98, 9_900):
            _multiply(program, more)
            rows.append(_beside_bare(program, secret))
        _show(rows)
        with listening(program.desk) as serving:
            _round_trips(program, Agent(serving.port, secret))


def _multiply(program: GrantsProgram, more: int) -> None:
    """So many more grants of other actions, as copies of one row: only how many there are matters here."""
    with program.database.writing() as connection:
        row = connection.execute(grants.select().where(grants.c.action == "draft_mail")).mappings().one()
        request = connection.execute(requests.select().where(requests.c.id == row["request_id"])).mappings().one()
        numbers = range(before := len(connection.execute(grants.select()).all()), before + more)
        if more:
            asked = [{**request, "id": f"{request['id']}_{number}"} for number in numbers]
            connection.execute(requests.insert(), asked)
            copies = [
                {**row, "id": f"{row['id']}_{number}", "request_id": each["id"], "action": f"draft_{number}"}
                for number, each in zip(numbers, asked, strict=True)
            ]
            connection.execute(grants.insert(), copies)


def _beside_bare(program: GrantsProgram, secret: str) -> tuple[int, float, float, float]:
    async def bare(request: Request) -> Response:
        return JSONResponse({"got": len(await request.body())})

    now = program.desk.real.now
    app = web_app(WebParts(now, now, tuple, int, api=api_on(program.desk)))
    app.router.routes.append(Route("/bare", bare, methods=["POST"]))
    with program.database.reading() as connection:
        count = len(connection.execute(grants.select()).all())
    serving = serve(app, "127.0.0.1", 0)
    try:
        taken: dict[str, list[float]] = {"/bare": [], "/v1/decisions": []}
        for _ in range(2):
            for path, took_s in taken.items():
                took_s.append(asyncio.run(_crowd(serving.port, path, secret)))
    finally:
        serving.stop()
    per_s = {path: REQUESTS / min(took_s) for path, took_s in taken.items()}
    return count, per_s["/bare"], per_s["/v1/decisions"], per_s["/v1/decisions"] / per_s["/bare"]


async def _crowd(port: int, path: str, secret: str) -> float:
    """How long it takes until all callers had their answers, each after the one before."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(_BODY)}\r\n\r\n"
    ).encode()

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(REQUESTS // CALLERS):
            writer.write(head + _BODY)
            told = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(told.split("content-length: ")[1].split("\r\n")[0])
            body = await reader.readexactly(length)
            assert told.startswith("http/1.1 200"), body
            assert path == "/bare" or b'"allow"' in body, body
        writer.close()

    begun_s = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return time.perf_counter() - begun_s


def _show(rows: list[tuple[int, float, float, float]]) -> None:
    show(
        "decisions: over HTTP beside a bare endpoint of the same server, on SQLite",
        f"{REQUESTS:,} requests by {CALLERS} callers, the better of two runs; callers and server share the machine",
        ("grants", "bare/s", "decisions/s", "share"),
        [(f"{count:,}", f"{bare:.0f}", f"{decided:.0f}", f"{share:.2f}") for count, bare, decided, share in rows],
    )
    share = min(row[3] for row in rows)
    judge("at least 0.7 of the bare endpoint", met=share >= AIM_SHARE, figure=f"{share:.2f}")
    slower = rows[-1][2] / rows[0][2]
    judge("no slower with 10,000 grants", met=slower >= 0.9, figure=f"{slower:.2f} of the speed with the fewest")


def _round_trips(program: GrantsProgram, agent: Agent) -> None:
    taken_s = []
    for number in range(TRIPS):
        begun_s = time.perf_counter()
        asked = agent.ask({"words": 20}, "draft_mail", ask={"key": f"k{number}", "summary": "Draft it"})
        question_id = asked.body["approval"]["id"]
        program.do("stu", escrow.answer, question_id, Said(Answer.APPROVED))
        assert agent.get(f"/v1/approvals/{question_id}?wait=5").body["state"] == "approved"
        assert agent.ask({"words": 20}, "draft_mail", approval=question_id).outcome == "allow"
        taken_s.append(time.perf_counter() - begun_s)
    show(
        "decisions: asked, answered by a person at once, heard and acted on, on SQLite",
        f"{TRIPS} times, each a connection of its own",
        ("median ms", "p99 ms"),
        [(f"{median(taken_s) * 1000:.1f}", f"{percentile(taken_s, 0.99) * 1000:.1f}")],
    )
