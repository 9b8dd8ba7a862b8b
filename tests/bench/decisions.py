"""Decisions over HTTP beside a bare endpoint of the same server, and the way through a person."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import garbage
from bot.actions import callers, escrow
from bot.actions.callers import DOOR, Call
from bot.actions.decisions import Answered, Inquiry
from bot.actions.desk import Desk
from bot.actions.escrow import Said
from bot.domain.escrow import Answer
from bot.domain.facts import DecisionsLogged
from bot.domain.grants.decisions import Decision
from bot.domain.grants.log import LoggedDecision, LogQuery
from bot.domain.tokens import secret_hash
from bot.web.api import Api, api_on
from bot.web.decider import Decider
from bot.web.server import WebParts, serve, web_app
from store import Change, Circumstances, Database
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
RUNS = 3
AIM_SHARE = 0.7
_BODY = json.dumps({"workflow": "refunds_agent", "action": "draft_reply", "facts": {"words": 20}}).encode()


@dataclass(frozen=True, slots=True)
class Speeds:
    """Answers a second beside so many grants: of a bare endpoint, of one that only logs, and of decisions."""

    grants: int
    bare: float
    logged: float
    decided: float


def run(ground: Ground) -> None:
    """Prints decisions per second with 1, 100 and 10,000 grants, and a round trip through a person."""
    with closing(Database(ground.url("decisions"))) as database:
        upgrade(database)
        program = GrantsProgram(database)
        program.start()
        garbage.look_seldom()
        garbage.pass_over_what_is_there()
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


def _beside_bare(program: GrantsProgram, secret: str) -> Speeds:
    """How fast each answers, by turns: nothing but the server, the same with the rows kept, and decisions."""
    with program.database.reading() as connection:
        count = len(connection.execute(grants.select()).all())
    deciding = api_on(program.desk)
    asked = Call(secret_hash(secret), "refunds_agent", Inquiry("", "draft_reply", {"words": 20}))
    callers.serve(program.desk, [asked])
    (sample, *_) = program.ask(lambda view: view.decisions.log(LogQuery(most=1)))
    only_kept = replace(deciding, decider=Decider(partial(_only_kept, program.desk, sample.decision), deciding.uses))
    with ExitStack() as until_done:
        port, of_kept = (until_done.enter_context(_listening(program, api)) for api in (deciding, only_kept))
        ways = ((port, "/bare"), (of_kept, "/v1/decisions"), (port, "/v1/decisions"))
        taken_s = [[asyncio.run(_crowd(*way, secret)) for way in ways] for _ in range(RUNS)]
    return Speeds(count, *(REQUESTS / min(of_one) for of_one in zip(*taken_s, strict=True)))


@contextmanager
def _listening(program: GrantsProgram, api: Api) -> Iterator[int]:
    async def bare(request: Request) -> Response:
        return JSONResponse({"got": len(await request.body())})

    now = program.desk.real.now
    app = web_app(WebParts(now, now, tuple, int, api=api))
    app.router.routes.append(Route("/bare", bare, methods=["POST"]))
    serving = serve(app, "127.0.0.1", 0)
    try:
        yield serving.port
    finally:
        serving.stop()


def _only_kept(desk: Desk, sample: LoggedDecision, calls: Sequence[Call]) -> tuple[Answered, ...]:
    """An allow for each call, judged by nobody, its row kept and vouched for as that of any decision."""
    here = Circumstances(DOOR, desk.clock.now(), desk.real.now())

    def keep(change: Change) -> list[LoggedDecision]:
        rows = [replace(sample, id=change.new_id("d")) for _ in calls]
        kept = change.keep_decisions(rows, [None] * len(rows))
        change.record(DecisionsLogged(subject=kept.batch, count=kept.count, sha256=kept.sha256))
        return rows

    return tuple(
        Answered(row.id, row.at, Decision(row.outcome, row.reasons or (), row.codes, row.grant_id, row.grant_hash))
        for row in desk.store.change(here, keep)
    )


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


def _show(rows: Sequence[Speeds]) -> None:
    show(
        "decisions: over HTTP beside a bare endpoint of the same server, on SQLite",
        f"{REQUESTS:,} requests by {CALLERS} callers, the best of {RUNS} runs; callers and server share the machine. "
        "Logged: an allow for each, looked up nowhere, its row kept and vouched for as any decision's",
        ("grants", "bare/s", "logged/s", "decisions/s", "of bare", "of logged"),
        [
            (
                f"{each.grants:,}",
                f"{each.bare:.0f}",
                f"{each.logged:.0f}",
                f"{each.decided:.0f}",
                f"{each.decided / each.bare:.2f}",
                f"{each.decided / each.logged:.2f}",
            )
            for each in rows
        ],
    )
    share = min(each.decided / each.bare for each in rows)
    judge("at least 0.7 of the bare endpoint", met=share >= AIM_SHARE, figure=f"{share:.2f}")
    slower = rows[-1].decided / rows[0].decided
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
