"""What must be told after the commit: each message claimed by one worker at a time, under a fence.

A claim is a lease by the database's clock; `not_before` and the other times are by the product's clock,
which the demo can move. Only the holder of the newest fence may settle a message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.people import Told
from store import chance
from store.leases import database_now
from store.tables.ledger import outbox
from store.types import Instant

STATES = ("pending", "sending", "posted", "held", "missed", "skipped", "dead")
_AT_ONCE = 500
SETTLED = ("posted", "missed", "skipped", "dead")


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to be told; a second letter with the same `dedupe_key` is never sent.

    `target` is a Slack channel or user id, `body` a value that `canonical` takes. `id` is what marks the message in
    Slack: a random one where none is given.
    """

    kind: str
    dedupe_key: str
    target: str
    body: object
    not_before: datetime
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter in the outbox as it stands: its state, its claim, and what became of it."""

    id: str
    kind: str
    dedupe_key: str
    target: str
    body: object
    state: str
    not_before: datetime
    lease_until: datetime | None
    owner: str | None
    fence: int
    attempt: int
    first_at: datetime | None
    begun_at: datetime | None
    result_channel: str | None
    result_ts: str | None
    error: str | None
    created_at: datetime


def put(connection: Connection, letter: Letter, at: datetime) -> str | None:
    """The new posting's id; None when its `dedupe_key` stands already, and then nothing happens."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    fresh = insert(outbox).values(
        id=letter.id or f"o_{chance.token(10)}",
        kind=letter.kind,
        dedupe_key=letter.dedupe_key,
        target=letter.target,
        body=letter.body,
        state="pending",
        not_before=letter.not_before,
        fence=0,
        attempt=0,
        created_at=at,
    )
    made = fresh.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(outbox.c.id)
    return connection.execute(made).scalar_one_or_none()


def tell(connection: Connection, told: Told, at: datetime) -> str | None:
    """As `put`, for what the use cases want told: its body is what it is about, by name."""
    letter = Letter(told.kind, told.key, told.target, dict(told.about), told.not_before or at)
    return put(connection, letter, at)


def claim(connection: Connection, owner: str, now: datetime, lease_s: float) -> Posting | None:
    """The posting that has been due longest, now `owner`'s until `lease_until`; None when none is due.

    Due is what is pending since `not_before`, and what another worker began but let its lease run out.
    """
    clock = database_now(connection)
    due = or_(
        (outbox.c.state == "pending") & (outbox.c.not_before <= now),
        (outbox.c.state == "sending") & (outbox.c.lease_until < clock),
    )
    first = (
        select(outbox.c.id)
        .where(due)
        .order_by(outbox.c.not_before, outbox.c.created_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        outbox.update()
        .where(outbox.c.id == first)
        .values(
            state="sending",
            owner=owner,
            lease_until=clock + timedelta(seconds=lease_s),
            fence=outbox.c.fence + 1,
            attempt=outbox.c.attempt + 1,
            first_at=func.coalesce(outbox.c.first_at, literal(now, Instant())),
        )
        .returning(outbox)
    )
    return _posting(connection.execute(taken).one_or_none())


def begin(connection: Connection, posting: Posting, now: datetime, lease_s: float) -> Posting | None:
    """The same claim with a lease from now on; None when the fence was lost and nothing may be sent.

    From now on nobody knows whether it was posted, until it is settled.
    """
    until = database_now(connection) + timedelta(seconds=lease_s)
    begun = func.coalesce(outbox.c.begun_at, literal(now, Instant()))
    return _change(connection, posting, {"lease_until": until, "begun_at": begun})


def mark_posted(connection: Connection, posting: Posting, channel: str, ts: str) -> bool:
    """Whether the message is now known as posted; False when the fence was lost."""
    return _settle(connection, posting, "posted", {"result_channel": channel, "result_ts": ts, "error": None})


def back_off(connection: Connection, posting: Posting, not_before: datetime, error: str) -> bool:
    """Whether it waits again until `not_before`: only for what was certainly not posted."""
    return _settle(connection, posting, "pending", {"not_before": not_before, "error": error, "begun_at": None})


def wait(connection: Connection, posting: Posting, not_before: datetime, error: str) -> bool:
    """Whether it waits until `not_before`; what was not known of an earlier attempt stays unknown."""
    return _settle(connection, posting, "pending", {"not_before": not_before, "error": error})


def hold(connection: Connection, posting: Posting, error: str) -> bool:
    """Whether it is kept for a person to decide, with the sentence that says why."""
    return _settle(connection, posting, "held", {"error": error})


def miss(connection: Connection, posting: Posting, error: str) -> bool:
    """Whether it is given up because its time is over."""
    return _settle(connection, posting, "missed", {"error": error})


def skip(connection: Connection, posting: Posting, error: str) -> bool:
    """Whether it is left out because there is no longer a reason to say it."""
    return _settle(connection, posting, "skipped", {"error": error})


def bury(connection: Connection, posting: Posting, error: str) -> bool:
    """Whether it is dead: it can never be sent, for the reason given."""
    return _settle(connection, posting, "dead", {"error": error})


def release_held(connection: Connection, posting_id: str, not_before: datetime, body: object = None) -> bool:
    """Whether a held posting is pending again, as a person decided ("post it"); with `body` where one is given."""
    freed = {"state": "pending", "not_before": not_before, "error": None, "begun_at": None}
    return _decide(connection, posting_id, freed | ({"body": body} if body is not None else {}))


def confirm_held(connection: Connection, posting_id: str, channel: str, ts: str | None) -> bool:
    """Whether a held posting counts as posted, as a person decided ("it is there")."""
    there = {"state": "posted", "result_channel": channel, "result_ts": ts, "error": None}
    return _decide(connection, posting_id, there)


def miss_held(connection: Connection, posting_id: str, error: str) -> bool:
    """Whether a held posting is given up, because nobody decided while there was time."""
    return _decide(connection, posting_id, {"state": "missed", "error": error})


def find(connection: Connection, dedupe_key: str) -> Posting | None:
    """The posting with that key, whatever its state, or None."""
    return _posting(connection.execute(select(outbox).where(outbox.c.dedupe_key == dedupe_key)).one_or_none())


def known(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys under which something was put here before, whatever became of it."""
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = outbox.c.dedupe_key.in_(keys[start : start + _AT_ONCE])
        found.update(connection.scalars(select(outbox.c.dedupe_key).where(some)))
    return frozenset(found)


def posted_under(connection: Connection, key_prefix: str) -> tuple[Posting, ...]:
    """The postings that stand in Slack and whose key begins with `key_prefix`, the oldest first."""
    under = outbox.c.dedupe_key.startswith(key_prefix, autoescape=True)
    rows = connection.execute(
        select(outbox).where(under, outbox.c.state == "posted").order_by(outbox.c.created_at, outbox.c.id)
    )
    return tuple(Posting(**row._mapping) for row in rows)


def waits_under(connection: Connection, key_prefix: str, now: datetime) -> bool:
    """Whether a posting that is due waits whose key begins with `key_prefix`."""
    under = outbox.c.dedupe_key.startswith(key_prefix, autoescape=True)
    due = select(outbox.c.id).where(under, outbox.c.state == "pending", outbox.c.not_before <= now)
    return connection.execute(due.limit(1)).first() is not None


def counts(connection: Connection) -> Mapping[str, int]:
    """How many postings are in each state; every state has its number."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return dict.fromkeys(STATES, 0) | {state: number for state, number in rows}


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """Since when the longest waiting of the unsent postings is due; None when none is."""
    waiting = outbox.c.state.in_(("pending", "sending")) & (outbox.c.not_before <= now)
    oldest: datetime | None = connection.execute(
        select(func.min(outbox.c.not_before, type_=outbox.c.not_before.type)).where(waiting)
    ).scalar_one()
    return oldest


def forget(connection: Connection, before: datetime) -> int:
    """How many settled postings made before then lost their content; the keys stay, so none is sent twice."""
    old = outbox.c.state.in_(SETTLED) & (outbox.c.created_at < before) & outbox.c.body.is_not(None)
    return connection.execute(outbox.update().where(old).values(body=None)).rowcount


def forget_person(connection: Connection, handle: str, person: str) -> None:
    """What was or is to be told to someone by direct message names only their random id; nothing of it is sent now."""
    theirs = outbox.c.target == handle
    gone = {"state": "skipped", "body": None, "error": "whoever it was for was erased"}
    waiting = theirs & outbox.c.state.not_in(SETTLED)
    connection.execute(outbox.update().where(waiting).values(gone | {"lease_until": None, "owner": None}))
    over = {"target": person, "body": None, "result_channel": None, "result_ts": None}
    connection.execute(outbox.update().where(theirs).values(over))
    keyed = outbox.c.dedupe_key.contains(handle, autoescape=True)
    for row in connection.execute(select(outbox.c.id, outbox.c.dedupe_key).where(keyed)).all():
        key = ":".join(person if part == handle else part for part in row.dedupe_key.split(":"))
        connection.execute(outbox.update().where(outbox.c.id == row.id).values(dedupe_key=key))


def _settle(connection: Connection, posting: Posting, state: str, values: dict[str, object]) -> bool:
    over = {"state": state, "lease_until": None, "owner": None}
    return _change(connection, posting, over | values) is not None


def _decide(connection: Connection, posting_id: str, values: Mapping[str, object]) -> bool:
    held = outbox.update().where(outbox.c.id == posting_id, outbox.c.state == "held")
    return connection.execute(held.values(values)).rowcount == 1


def _change(connection: Connection, posting: Posting, values: dict[str, object]) -> Posting | None:
    mine = outbox.update().where(
        outbox.c.id == posting.id, outbox.c.state == "sending", outbox.c.fence == posting.fence
    )
    return _posting(connection.execute(mine.values(values).returning(outbox)).one_or_none())


def _posting(row: Row[tuple[object, ...]] | None) -> Posting | None:
    return Posting(**row._mapping) if row is not None else None
