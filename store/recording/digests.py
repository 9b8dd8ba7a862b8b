"""How a digest is kept from its slot to whatever becomes of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, Update, exists, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.digests.audiences import Audience, Presence
from bot.domain.digests.editions import EditionState, Message
from bot.domain.digests.slots import Slot
from bot.domain.facts import (
    DigestConfirmed,
    DigestFrozen,
    DigestHeld,
    DigestMissed,
    DigestPosted,
    DigestReleased,
    DigestSkipped,
    DuplicateDeleted,
)
from store.leases import database_now
from store.recording.scene import Scene
from store.tables.digests import digest_audiences, digests
from store.types import canonical_sha256

_THIS = "This digest"
_OPEN = tuple(state for state in EditionState if state.is_open)


def note_audience(connection: Connection, audience: str, presence: Presence) -> None:
    """Whether an audience is one at present, whatever was known of it."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    now = {"is_here": presence.is_here, "since": presence.since}
    fresh = insert(digest_audiences).values(audience=audience, **now)
    connection.execute(fresh.on_conflict_do_update(index_elements=["audience"], set_=now))


def note_due(connection: Connection, digest_id: str, audience: Audience, slot: Slot) -> str | None:
    """The id of a digest that became due; None, and nothing done, where that week stands already."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    posted = (digests.c.audience == audience.id) & (digests.c.state == EditionState.POSTED)
    before = connection.scalar(select(exists().where(posted)))
    fresh = insert(digests).values(
        id=digest_id,
        audience=audience.id,
        iso_year=slot.iso_year,
        iso_week=slot.iso_week,
        week=slot.week,
        slot_at=slot.at,
        zone=slot.zone,
        channel=audience.channel,
        state=EditionState.DUE,
        first=not before,
        known_at=database_now(connection),
        late=False,
        plain=False,
        holds=0,
    )
    made = fresh.on_conflict_do_nothing(index_elements=["audience", "iso_year", "iso_week"])
    return connection.execute(made.returning(digests.c.id)).scalar_one_or_none()


def keep_digest(
    connection: Connection, digest_id: str, inputs: object, messages: Sequence[Message], told: object
) -> tuple[str, str]:
    """What the digest was made from and says, beside the chain; the SHA-256 of each, for the chain."""
    kept = list(messages)
    connection.execute(_of(digest_id, EditionState.DUE).values(inputs=inputs, messages=kept, told=told))
    return canonical_sha256(inputs), canonical_sha256(kept)


def note_sending(connection: Connection, digest_id: str, *, late: bool, plain: bool) -> None:
    """What the message that is about to be sent says beside its words: that it is late, that it is plain."""
    connection.execute(update(digests).where(digests.c.id == digest_id).values(late=late, plain=plain))


def note_plain(connection: Connection, digest_id: str, message: int) -> None:
    """That Slack took only the words of a message of the digest's thread."""
    row = digests.c.id == digest_id
    before = connection.scalar(select(digests.c.plain_thread).where(row)) or []
    noted = sorted({*before, message})
    connection.execute(update(digests).where(row).values(plain_thread=noted))


def freeze_digest(scene: Scene, fact: DigestFrozen) -> None:
    """What it says stands, if it did not yet."""
    frozen = {
        "state": EditionState.FROZEN,
        "frozen_at": scene.at,
        "inputs_sha256": fact.inputs_sha256,
        "messages_sha256": fact.messages_sha256,
    }
    scene.write_one(_of(fact.digest_id, EditionState.DUE).values(frozen), _THIS)


def skip_digest(scene: Scene, fact: DigestSkipped) -> None:
    """Nothing to say this week."""
    scene.write_one(_of(fact.digest_id, EditionState.DUE).values(state=EditionState.SKIPPED), _THIS)


def post_digest(scene: Scene, fact: DigestPosted) -> None:
    """Where it stands."""
    there = {
        "state": EditionState.POSTED,
        "posted_at": scene.at,
        "posted_channel": fact.channel,
        "posted_ts": fact.ts,
        "late": fact.late,
        "plain": fact.plain,
        "cause": None,
        "why": None,
        "told": None,
    }
    scene.write_one(_of(fact.digest_id, EditionState.FROZEN).values(there), _THIS)


def hold_digest(scene: Scene, fact: DigestHeld) -> None:
    """It waits for an admin."""
    held = {"state": EditionState.HELD, "cause": fact.cause, "why": fact.reason, "holds": digests.c.holds + 1}
    scene.write_one(_of(fact.digest_id, EditionState.FROZEN).values(held), _THIS)


def release_digest(scene: Scene, fact: DigestReleased) -> None:
    """It is to be posted all the same."""
    freed = {"state": EditionState.FROZEN, "despite": fact.despite, "cause": None, "why": None}
    scene.write_one(_of(fact.digest_id, EditionState.HELD).values(freed), _THIS)


def confirm_digest(scene: Scene, fact: DigestConfirmed) -> None:
    """It is there, as somebody saw."""
    there = {
        "state": EditionState.POSTED,
        "posted_at": scene.at,
        "posted_channel": digests.c.channel,
        "why": None,
        "told": None,
    }
    scene.write_one(_of(fact.digest_id, EditionState.HELD).values(there), _THIS)


def miss_digest(scene: Scene, fact: DigestMissed) -> None:
    """Its time is over."""
    over = {"state": EditionState.MISSED, "why": fact.reason, "told": None}
    scene.write_one(_of(fact.digest_id, *_OPEN).values(over), _THIS)


def keep_one(scene: Scene, fact: DuplicateDeleted) -> None:
    """The one that stands is the one on record."""
    if fact.part:
        return
    on_record = update(digests).where(digests.c.id == fact.digest_id)
    scene.write_one(on_record.values(posted_ts=fact.kept_ts), _THIS)


def _of(digest_id: str, *states: EditionState) -> Update:
    return update(digests).where(digests.c.id == digest_id, digests.c.state.in_(states))
