"""Facts about the Monday digest. Its words stand beside the chain, which has their hashes."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.digests.editions import HoldCause


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFrozen:
    """What a digest says stands from now on; `slot_at` is the instant it is judged at, in the zone that was used."""

    digest_id: str
    audience: str
    week: str
    channel: str
    slot_at: datetime
    zone: str
    messages: int
    inputs_sha256: str
    messages_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSkipped:
    """A digest had nothing to say and is not posted: a program without workflows says so once."""

    digest_id: str
    audience: str
    week: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPosted:
    """A digest stands in its channel; `found` where it was there already, after a lost answer or from a backup.

    `late` tells that it says so itself, `plain` that Slack took only its words, `looked` that the channel could be
    read before.
    """

    digest_id: str
    audience: str
    week: str
    channel: str
    ts: str
    found: bool
    late: bool
    plain: bool
    looked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestHeld:
    """A digest waits for an admin, because Slack says no or nobody can see whether it is there."""

    digest_id: str
    audience: str
    week: str
    channel: str
    cause: HoldCause
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReleased:
    """An admin let a held digest be posted, whatever `despite` names."""

    digest_id: str
    audience: str
    week: str
    despite: HoldCause


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestConfirmed:
    """An admin saw that a held digest is there."""

    digest_id: str
    audience: str
    week: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMissed:
    """A digest did not come within 48 hours of its slot, and will not come any more."""

    digest_id: str
    audience: str
    week: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPartHeld:
    """A part of a posted digest's thread waits for an admin, and those after it with it."""

    digest_id: str
    audience: str
    week: str
    channel: str
    part: int
    cause: HoldCause
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPartReleased:
    """An admin let a held part be posted, whatever `despite` names."""

    digest_id: str
    audience: str
    week: str
    part: int
    despite: HoldCause


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPartConfirmed:
    """An admin saw that a held part is there."""

    digest_id: str
    audience: str
    week: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDeleted:
    """A second copy of a digest's message was deleted; the one at `kept_ts` stands. Part 0 is the channel's message."""

    digest_id: str
    audience: str
    week: str
    channel: str
    part: int
    ts: str
    kept_ts: str
