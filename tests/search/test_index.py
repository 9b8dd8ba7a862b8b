"""The full-text index of both engines, against a plain reading of every text."""

import random
from contextlib import closing

import pytest
from sqlalchemy import text

from bot.actions.readers import HOLDER
from bot.domain.searching import holds, words_in, words_sought
from store import Database
from store.searching import Entry, find, forget, write

SYLLABLES = (
    "re",
    "fund",
    "li",
    "mit",
    "pol",
    "icy",
    "ünter",
    "42",
    "x",
    "MEMO",
    "_",
    "-",
    "'",
    '"',
    "%",
    "* ",
    ":",
    " ",
)
HOSTILE = (
    "'; DROP TABLE memos; --",
    '" OR 1=1 --',
    "title : refund",
    "refund NOT limit",
    "refund OR limit",
    "NEAR(refund limit)",
    "refund*",
    "^refund",
    "refund & !limit",
    "refund:* | limit",
    "(refund",
    "%refund%",
    "re_und",
    "\\' refund",
    "{title}: refund",
    "+refund -limit",
    "and or not",
)


def said(chance: random.Random, most: int) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randrange(1, most)))


def all_of(database: Database, words: str) -> set[str]:
    with database.reading() as connection:
        return {id_ for _, id_ in find(connection, HOLDER, words_sought(words), 1000, 0)}


@pytest.fixture
def entries(database: Database) -> list[Entry]:
    """Two hundred things of few syllables, in the index."""
    chance = random.Random(5)
    made = [Entry("memo", f"m{number}", said(chance, 8), said(chance, 30)) for number in range(200)]
    with database.writing() as connection:
        for entry in made:
            write(connection, entry)
    return made


def test_what_is_found_is_what_a_plain_reading_finds(database: Database, entries: list[Entry]) -> None:
    chance, hits = random.Random(6), 0
    asked = [*HOSTILE, *(said(chance, 5) for _ in range(300))]
    for words in asked:
        if not words_in(words):
            continue
        sought = words_sought(words)
        plain = {entry.object_id for entry in entries if holds(f"{entry.title}\n{entry.body}", sought)}
        assert all_of(database, words) == plain, words
        hits += len(plain)
    assert hits > 1000


def test_a_title_weighs_more_than_what_stands_below(database: Database) -> None:
    with database.writing() as connection:
        write(connection, Entry("memo", "below", "Something else", "limit"))
        write(connection, Entry("memo", "title", "The limit", "Something else"))
        write(connection, Entry("memo", "below too", "Something else", "limit"))
    with database.reading() as connection:
        first, *others = find(connection, HOLDER, ("limit",), 10, 0)
        assert (first, len(others)) == (("memo", "title"), 2)
        assert find(connection, HOLDER, ("limit",), 1, 1) == (others[0],)


def test_what_changes_is_found_by_its_new_words_alone_and_what_is_forgotten_by_none(database: Database) -> None:
    with database.writing() as connection:
        write(connection, Entry("memo", "one", "Before", ""))
        write(connection, Entry("memo", "one", "After", ""))
    assert (all_of(database, "before"), all_of(database, "after")) == (set(), {"one"})
    with database.writing() as connection:
        forget(connection, "memo", "one")
        forget(connection, "memo", "never there")
    assert all_of(database, "after") == set()
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM search_words")) == 0


def test_a_very_long_text_is_taken_in(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        body = " ".join(f"w{number}" for number in range(60_000))
        with database.writing() as connection:
            write(connection, Entry("memo", "long", "Long", body))
        assert all_of(database, "w100") == {"long"}
