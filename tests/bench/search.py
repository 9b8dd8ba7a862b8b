"""Search and lists over a hundred thousand memos: how long until the first page, on both engines, for each reader."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from bot.actions.readers import in_force_for, memos_for
from bot.actions.searching import search
from bot.domain.searching import MOST_WORDS
from bot.domain.visibility import Reader
from store import Database, Store, View
from store.migrating import upgrade
from tests.bench.archive import RECORDS, SEED, WORDS, fill_archive, readers_in
from tests.bench.figures import judge, median, ms, percentile, show
from tests.bench.program import Ground
from tests.postgres import installed, running

PAGE = 20
ASKED = 100
AIM_S = 0.1

Look = Callable[[View, Reader], object]


def run(ground: Ground) -> None:
    """Prints how long each kind of look takes on each engine, and whether the aim is met."""
    rows: list[tuple[object, ...]] = []
    slowest = 0.0
    for name, url in _engines(ground):
        with url as address, closing(Database(address)) as database:
            upgrade(database)
            looks = dict(_looks(fill_archive(database)))
            store = Store(database)
            with store.reading() as view:
                readers = readers_in(view)
            for kind, some in looks.items():
                for sees, reader in readers.items():
                    taken = [_timed(store, look, reader) for look in some]
                    slowest = max(slowest, percentile(taken, 0.99))
                    rows.append((name, kind, sees, ms(median(taken)), ms(percentile(taken, 0.99))))
    show(
        f"search: {RECORDS:,} memos of {WORDS} words each, the first {PAGE} of what is found",
        f"{ASKED} looks of each kind (seed {SEED}); the words drawn as in language, few of them common; 5 % of the "
        "memos for everyone, 65 % for one of ten teams, 30 % for leaders",
        ("engine", "look", "reader sees", "median ms", "p99 ms"),
        rows,
    )
    judge(f"p99 under {AIM_S * 1000:.0f} ms", met=slowest < AIM_S, figure=f"{ms(slowest)} ms")


def _engines(ground: Ground) -> Iterator[tuple[str, AbstractContextManager[str]]]:
    yield "SQLite", _sqlite(ground)
    if installed():
        yield "PostgreSQL", _postgresql()


@contextmanager
def _sqlite(ground: Ground) -> Iterator[str]:
    yield ground.url("search")


@contextmanager
def _postgresql() -> Iterator[str]:
    programs = installed()
    assert programs
    with running(programs) as server:
        yield server.url(server.create())


def _looks(vocabulary: list[str]) -> Iterator[tuple[str, list[Look]]]:
    chance = random.Random(SEED)
    usual = [" ".join(chance.sample(vocabulary[50:1_000], 2)) for _ in range(ASKED)]
    common = [chance.choice(vocabulary[:20]) for _ in range(ASKED)]
    yield "one word, rare", [_search(chance.choice(vocabulary[5_000:])) for _ in range(ASKED)]
    yield "two words, usual", [_search(words) for words in usual]
    yield "one of the commonest", [_search(words) for words in common]
    yield f"{MOST_WORDS} words", [_search(" ".join(chance.sample(vocabulary[:200], MOST_WORDS))) for _ in range(ASKED)]
    yield "memos, no word", [lambda view, reader: memos_for(view, reader, most=PAGE + 1)] * ASKED
    yield "memos, two usual words", [_listed(words) for words in usual]
    yield "memos, one of the commonest", [_listed(words) for words in common]
    yield "memos in force", [lambda view, reader: in_force_for(view, reader, 98)] * ASKED


def _search(words: str) -> Look:
    return lambda view, reader: search(view, reader, words, PAGE)


def _listed(words: str) -> Look:
    return lambda view, reader: memos_for(view, reader, words, PAGE + 1)


def _timed(store: Store, look: Look, reader: Reader) -> float:
    begun_s = time.perf_counter()
    with store.reading() as view:
        look(view, reader)
    return time.perf_counter() - begun_s
