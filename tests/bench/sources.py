"""A source read: how many pull requests a minute are read over HTTP and kept, and what memory that takes."""

import asyncio
import json
import multiprocessing
import resource
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from bot.actions.desk import Clocks, Configured, Desk
from bot.actions.sources import pull
from bot.cli.directory import TakenAtTheirWord
from bot.clock import SystemClock
from bot.domain.people import Through
from bot.sources.github import github
from bot.sources.github_entries import Entries
from bot.sources.http import Surroundings
from bot.sources.seam import Access
from store import Database, Store
from tests.bench.figures import judge, mib, show
from tests.bench.program import Ground

PULLS = 10_000
PER_PAGE = 50
AIM_PER_MINUTE = 10_000
MOST_GROWN_MIB = 100


def run(ground: Ground) -> None:
    """Prints pull requests a minute, new and repeated, and by how much memory grew."""
    program = ground.program(10)
    rows, figures = [], []
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with closing(Database(program.url)) as database:
            desk = _desk(database)
            access = Access(
                f"http://127.0.0.1:{ours.recv()}", "t", frozenset(), Surroundings(SystemClock().now, _no_wait)
            )
            entries = Entries.model_validate({"repository": "acme/macros", "workflow": program.names[0]})
            for title in ("new", "again, by the cursor"):
                begun_s = time.perf_counter()
                pulled = pull(desk, github(access, [entries]), Through.CLI)
                spent_s = time.perf_counter() - begun_s
                figures.append(pulled.taken.accepted / spent_s * 60)
                rows.append((title, f"{pulled.taken.accepted:,}", f"{spent_s:.1f}", f"{figures[-1]:,.0f}"))
    finally:
        server.terminate()
        server.join()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    show(
        "sources: pull requests of GitHub, from a server of one's own, kept on SQLite",
        f"{PULLS:,} merged pull requests in pages of {PER_PAGE}, one request more for each",
        ("run", "kept", "seconds", "kept a minute"),
        rows,
    )
    judge(f"at least {AIM_PER_MINUTE:,} a minute", met=figures[0] >= AIM_PER_MINUTE, figure=f"{figures[0]:,.0f}")
    judge(f"memory grows by at most {MOST_GROWN_MIB} MiB", met=grown <= MOST_GROWN_MIB << 20, figure=mib(grown))


def _no_wait(_: float) -> bool:
    return False


def _desk(database: Database) -> Desk:
    store, real = Store(database), SystemClock()
    return Desk(store, Clocks(effective=real, real=real), TakenAtTheirWord(store), Configured())


def _serve(told: Connection) -> None:
    asyncio.run(_answer_all(told))


async def _answer_all(told: Connection) -> None:
    newest = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    pulls = [_pull(number, newest - timedelta(minutes=number)) for number in range(PULLS)]
    commits = json.dumps([{"sha": "f" * 40, "commit": {"message": "Work"}}]).encode()
    server = await asyncio.start_server(lambda reader, writer: _talk(reader, writer, pulls, commits), "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _pull(number: int, at: datetime) -> dict[str, object]:
    when = at.isoformat()
    times = {"created_at": when, "updated_at": when, "closed_at": when, "merged_at": when}
    return {"number": number, "title": f"Change {number}", "body": "x" * 2000, "user": {"login": "ana"}, **times}


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pulls: list[dict[str, object]], commits: bytes
) -> None:
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            writer.close()
            return
        path = head.split(b" ", 2)[1].decode()
        body, link = commits, ""
        if "/commits" not in path:
            page = int(path.rpartition("&page=")[2]) if "&page=" in path else 1
            body = json.dumps(pulls[(page - 1) * PER_PAGE : page * PER_PAGE]).encode()
            if page * PER_PAGE < len(pulls):
                link = f'Link: <{path.partition("&page=")[0]}&page={page + 1}>; rel="next"\r\n'
        writer.write(f"HTTP/1.1 200 OK\r\n{link}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
