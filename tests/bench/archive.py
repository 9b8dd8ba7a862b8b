"""A hundred thousand memos to look in, and who looks: someone who may see all of them, and two who may see few."""

import random
from collections.abc import Mapping
from datetime import timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.actions.readers import HOLDER, reader_of
from bot.clock import SystemClock
from bot.domain.memos import Category
from bot.domain.searching import Sought
from bot.domain.visibility import Reader, Visibility
from store import Database, Store, View
from store.searching import Entry, write
from store.tables.ledger import people, texts
from store.tables.memos import memos
from store.tables.program import workflows
from tests.bench.program import actor, fill, outsider

RECORDS = 100_000
WORDS = 60
VOCABULARY = 20_000
PORTION = 5_000
WORKFLOWS = 100
SEED = 7
_SHARES = {Visibility.EVERYONE: 5, Visibility.TEAM: 65, Visibility.LEADERS: 30}
_RESTRICTED = 0.1


def fill_archive(database: Database) -> list[str]:
    """The words, the commonest first, once all memos hold some of them."""
    fill(Store(database), range(WORKFLOWS))
    chance = random.Random(SEED)
    vocabulary = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=8)) for _ in range(VOCABULARY)]
    reached = tuple(accumulate(1 / (place + 1) for place in range(VOCABULARY)))
    for start in range(0, RECORDS, PORTION):
        with database.writing() as connection:
            said = [chance.choices(vocabulary, cum_weights=reached, k=WORDS) for _ in range(PORTION)]
            _file(connection, chance, start, said)
    return vocabulary


def readers_in(view: View) -> Mapping[str, Reader]:
    """The readers, by how much of it all they may see."""
    return {"all": HOLDER, "3 of 10 teams'": reader_of(view, actor(3)), "5 %": reader_of(view, outsider())}


def _file(connection: Connection, chance: random.Random, start: int, said: list[list[str]]) -> None:
    about = connection.execute(select(workflows.c.id, workflows.c.team_id)).all()
    owners = connection.scalars(select(people.c.id)).all()
    now = SystemClock().now()
    words, rows = list[dict[str, Any]](), list[dict[str, Any]]()
    for number, (title, *body) in enumerate(said, start):
        id_, workflow, owner = f"m{number}", chance.choice(about), chance.choice(owners)
        for part, text in (("title", title), ("decision", " ".join(body))):
            words.append({"id": f"{id_}/{part}", "sha256": "", "body": text, "author": owner, "written_at": now})
        rows.append(
            {
                "id": id_,
                "workflow_id": workflow.id,
                "team_id": workflow.team_id,
                "owner": owner,
                "filed_by": owner,
                "decided_at": now - timedelta(minutes=RECORDS - number),
                "category": Category.SECURITY_POSTURE if chance.random() < _RESTRICTED else Category.OTHER,
                "is_reversible": True,
                "title": f"{id_}/title",
                "decision": f"{id_}/decision",
                "changes": [],
                "visibility": chance.choices(list(_SHARES), list(_SHARES.values()))[0],
                "content_hash": "",
            }
        )
    connection.execute(insert(texts), words)
    connection.execute(insert(memos), rows)
    for number, (title, *body) in enumerate(said, start):
        write(connection, Entry(Sought.MEMO, f"m{number}", title, " ".join(body)))
