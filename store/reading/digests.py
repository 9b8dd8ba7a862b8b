"""Digests, from rows to frozen values."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from bot.domain.digests.audiences import Presence
from bot.domain.digests.editions import Edition, EditionState, HoldCause
from bot.domain.digests.slots import LATE_AFTER, Slot
from bot.domain.errors import NotFound
from bot.domain.wording import cut
from store.sealing import sealed
from store.tables.digests import digest_audiences, digests
from store.tables.program import workflows
from store.types import Instant

_WITH_ID = digests.c.id == bindparam("digest_id")
_OF_WEEK = (digests.c.audience == bindparam("audience")) & (digests.c.week == bindparam("week"))
_OPEN = digests.c.state.in_([state for state in EditionState if state.is_open])
_BEFORE = digests.c.slot_at < bindparam("before", type_=Instant())
_LAST = (
    select(digests.c.iso_year, digests.c.iso_week, digests.c.zone, digests.c.slot_at)
    .where(digests.c.audience == bindparam("audience"))
    .order_by(digests.c.iso_year.desc(), digests.c.iso_week.desc())
    .limit(1)
)
_LAST_POSTED = (
    select(digests)
    .where(digests.c.audience == bindparam("audience"), digests.c.state == EditionState.POSTED)
    .order_by(digests.c.slot_at.desc())
    .limit(1)
)
_LAST_READ = _LAST_POSTED.with_only_columns(digests.c.slot_at)
_PRESENCES = select(digest_audiences)
_FIRST_START = select(func.min(workflows.c.started_at, type_=Instant()))
_LONGEST_ID = 60


class Digests:
    """The Monday digests as they are kept, as `view.digests`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def one(self, digest_id: str) -> Edition:
        """The digest with that id; a refusal if there is none."""
        found = self._read(_WITH_ID, digest_id=cut(digest_id, _LONGEST_ID))
        if not found:
            raise NotFound("This digest does not exist (any more).")
        return found[0]

    def of_week(self, audience: str, week: str) -> Edition | None:
        """The digest of an audience whose window starts in that ISO week (`2026-W10`), if one was due."""
        found = self._read(_OF_WEEK, audience=audience, week=cut(week, _LONGEST_ID))
        return found[-1] if found else None

    def last_posted(self, audience: str) -> Edition | None:
        """The newest digest of an audience that stands in its channel, if there is one."""
        row = self._connection.execute(_LAST_POSTED, {"audience": audience}).first()
        return _edition(row) if row else None

    def last_read_at(self, audience: str) -> datetime | None:
        """The slot of that digest."""
        found: datetime | None = self._connection.scalar(_LAST_READ, {"audience": audience})
        return found

    def still_open(self) -> tuple[Edition, ...]:
        """The digests that are due and not posted yet, the oldest first."""
        return self._read(_OPEN)

    def overdue(self, now: datetime) -> tuple[Edition, ...]:
        """Those of them that should have been posted a quarter of an hour ago."""
        return self._read(_OPEN, _BEFORE, before=now - LATE_AFTER)

    def last_slot(self, audience: str) -> Slot | None:
        """The newest slot that is noted of an audience."""
        row = self._connection.execute(_LAST, {"audience": audience}).first()
        return Slot(row.iso_year, row.iso_week, row.zone, row.slot_at) if row else None

    def presences(self) -> Mapping[str, Presence]:
        """The audiences that there are or were, by their ids, as a bot saw them last."""
        rows = self._connection.execute(_PRESENCES)
        return {row.audience: Presence(row.is_here, row.since) for row in rows}

    def begun_at(self) -> datetime | None:
        """When the program's first workflow was started; None as long as there was none."""
        found: datetime | None = self._connection.scalar(_FIRST_START)
        return found

    def mark(self, edition: Edition, part: int) -> str:
        """What marks one of its parts (`pages`) in Slack: nobody can guess it, and a restored backup knows it again."""
        about = f"{edition.audience}:{edition.slot.iso_year}-W{edition.slot.iso_week:02d}:{part}"
        return f"o_{sealed(self._connection, about)[:24]}"

    def _read(self, *where: ColumnElement[bool], **values: object) -> tuple[Edition, ...]:
        return tuple(_edition(row) for row in self._connection.execute(_digests_where(*where), values))


@lru_cache(maxsize=16)
def _digests_where(*where: ColumnElement[bool]) -> Select[Any]:
    return select(digests).where(*where).order_by(digests.c.slot_at, digests.c.id)


def _edition(row: Any) -> Edition:
    return Edition(
        id=row.id,
        audience=row.audience,
        slot=Slot(row.iso_year, row.iso_week, row.zone, row.slot_at),
        week=row.week,
        channel=row.channel,
        state=EditionState(row.state),
        first=row.first,
        known_at=row.known_at,
        inputs=row.inputs,
        inputs_sha256=row.inputs_sha256,
        messages=tuple(row.messages or ()),
        messages_sha256=row.messages_sha256,
        frozen_at=row.frozen_at,
        late=row.late,
        plain=row.plain,
        plain_thread=tuple(row.plain_thread or ()),
        holds=row.holds,
        cause=HoldCause(row.cause) if row.cause else None,
        despite=HoldCause(row.despite) if row.despite else None,
        why=row.why,
        posted_at=row.posted_at,
        posted_channel=row.posted_channel,
        posted_ts=row.posted_ts,
        told=row.told,
    )
