"""What is forgotten when its time is over: facts of decisions and questions, whose hash the chain goes on holding."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, select, update

from bot.domain.grants.terms import RETENTION_DAYS, terms_of
from store.tables.decisions import decisions
from store.tables.escrow import questions
from store.tables.grants import grants

AT_ONCE = 500
"""So many rows are changed in one transaction, so that nobody who asks waits for it."""


def retentions(connection: Connection) -> Mapping[int, Sequence[str]]:
    """The ids of all grants by for how many days the facts of what was asked under them are kept."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(select(grants.c.id, grants.c.terms)):
        logging = terms_of(row.terms).logging
        found[logging.retention_days if logging else RETENTION_DAYS].append(row.id)
    return found


def forget_facts(connection: Connection, grant_ids: Sequence[str], before: datetime) -> int:
    """How many decisions under these grants, made before that instant, lost their facts; at most `AT_ONCE`."""
    return _forget(connection, decisions.c.seq, decisions.c.grant_id.in_(grant_ids) & (decisions.c.at < before))


def forget_questions(connection: Connection, grant_ids: Sequence[str], before: datetime) -> int:
    """How many questions under these grants, asked before that instant, lost their facts; at most `AT_ONCE`."""
    return _forget(connection, questions.c.id, questions.c.grant_id.in_(grant_ids) & (questions.c.asked_at < before))


def _forget(connection: Connection, key: Column[Any], due: ColumnElement[bool]) -> int:
    """How many of the rows that are due, by their `key`, lost their facts."""
    table = key.table
    some = select(key).where(due, table.c.facts.is_not(None)).limit(AT_ONCE)
    return connection.execute(update(table).where(key.in_(some)).values(facts=None)).rowcount
