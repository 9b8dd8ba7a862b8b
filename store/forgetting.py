"""What is forgotten in time: facts and reasons of decisions, facts of questions, reviewers' ids, and old signals.

The chain goes on holding the hashes, and says up to which record signals may be gone.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, case, delete, func, or_, select, update

from bot.domain.grants.terms import RETENTION_DAYS, terms_of
from bot.domain.signals.kinds import SignalType
from store import texts
from store.tables.decisions import decisions
from store.tables.escrow import questions
from store.tables.grants import grants
from store.tables.ledger import audit
from store.tables.signals import TABLE_OF, incidents, seats, signals

AT_ONCE = 500
"""So many rows are changed in one transaction, so that nobody who asks waits for it."""

_OPEN = select(incidents.c.about).where(incidents.c.resolved_at.is_(None))
_RANKED = select(
    seats.c.signal,
    func.row_number()
    .over(partition_by=[seats.c.team_id, seats.c.tier], order_by=[seats.c.at.desc(), seats.c.signal.desc()])
    .label("place"),
).subquery()
_LAST_SEATS = select(_RANKED.c.signal).where(_RANKED.c.place == 1)


def retentions(connection: Connection) -> Mapping[int, Sequence[str]]:
    """The ids of all grants by for how many days the facts of what was asked under them are kept."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(select(grants.c.id, grants.c.terms)):
        logging = terms_of(row.terms).logging
        found[logging.retention_days if logging else RETENTION_DAYS].append(row.id)
    return found


def forget_facts(connection: Connection, grant_ids: Sequence[str], before: datetime) -> int:
    """How many decisions under these grants, made before that instant, lost facts and reasons; at most `AT_ONCE`."""
    due = decisions.c.grant_id.in_(grant_ids) & (decisions.c.at < before)
    # Of decisions from before revision 0017 the chain vouches for the reasons themselves.
    reasons = case((decisions.c.reasons_hash.is_(None), decisions.c.reasons))
    return _forget(connection, decisions.c.seq, due, reasons=reasons)


def forget_questions(connection: Connection, grant_ids: Sequence[str], before: datetime) -> int:
    """How many questions under these grants, asked before that instant, lost their facts; at most `AT_ONCE`."""
    return _forget(connection, questions.c.id, questions.c.grant_id.in_(grant_ids) & (questions.c.asked_at < before))


def forget_reviewers(connection: Connection, before: datetime) -> int:
    """How many reviews from before that instant name nobody any more; at most `AT_ONCE`. Their counts stay."""
    named = (signals.c.type == SignalType.REVIEW) & (signals.c.at < before) & signals.c.person.is_not(None)
    some = select(signals.c.seq).where(named).limit(AT_ONCE)
    return connection.execute(update(signals).where(signals.c.seq.in_(some)).values(person=None)).rowcount


def last_batch(connection: Connection, before: datetime) -> int | None:
    """The record of the last batch of signals that came in before that instant and is not forgotten yet."""
    came = (audit.c.fact == "signals_taken") & (audit.c.real_at < before)
    newest: int | None = connection.scalar(select(func.max(audit.c.seq)).where(came))
    if newest is None:
        return None
    told = connection.scalars(select(audit.c.details).where(audit.c.fact == "signals_forgotten"))
    return newest if newest > max((int(json.loads(each)["up_to"]) for each in told), default=0) else None


def forget_signals(connection: Connection, before: datetime) -> int:
    """How many signals that came in before that instant are gone now; at most `AT_ONCE`.

    What still holds stays, however old: all about an incident that is open, and the last word on each tier of a team's
    seats. The chain must say first that they may be gone (`SignalsForgotten`).
    """
    over = or_(signals.c.about.is_(None), signals.c.about.not_in(_OPEN)) & signals.c.seq.not_in(_LAST_SEATS)
    first = select(signals.c.seq, signals.c.received_at).where(over).order_by(signals.c.seq).limit(AT_ONCE)
    gone = [row.seq for row in connection.execute(first) if row.received_at < before]
    for table in TABLE_OF.values():
        connection.execute(delete(table).where(table.c.signal.in_(gone)))
    typed = select(signals.c.words).where(signals.c.seq.in_(gone), signals.c.words.is_not(None))
    words = set(connection.scalars(typed))
    connection.execute(delete(signals).where(signals.c.seq.in_(gone)))
    texts.erase(connection, words - set(connection.scalars(select(signals.c.words).where(signals.c.words.in_(words)))))
    return len(gone)


def _forget(connection: Connection, key: Column[Any], due: ColumnElement[bool], **more: ColumnElement[Any]) -> int:
    """How many of the rows that are due, by their `key`, lost their facts and what `more` takes from them."""
    table = key.table
    some = select(key).where(due, table.c.facts.is_not(None)).limit(AT_ONCE)
    return connection.execute(update(table).where(key.in_(some)).values(facts=None, **more)).rowcount
