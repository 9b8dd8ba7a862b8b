"""What is forgotten when its time is over: facts of decisions and questions, whose hash the chain goes on holding."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

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
    due = (
        select(decisions.c.seq)
        .where(decisions.c.grant_id.in_(grant_ids), decisions.c.at < before, decisions.c.facts.is_not(None))
        .limit(AT_ONCE)
    )
    return connection.execute(update(decisions).where(decisions.c.seq.in_(due)).values(facts=None)).rowcount


def forget_questions(connection: Connection, grant_ids: Sequence[str], before: datetime) -> int:
    """How many questions under these grants, asked before that instant, lost their facts; at most `AT_ONCE`."""
    due = (
        select(questions.c.id)
        .where(questions.c.grant_id.in_(grant_ids), questions.c.asked_at < before, questions.c.facts.is_not(None))
        .limit(AT_ONCE)
    )
    return connection.execute(update(questions).where(questions.c.id.in_(due)).values(facts=None)).rowcount
