"""One digest of one audience and week, from the moment when it is due to whatever became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.digests.audiences import Audience
from bot.domain.digests.slots import Slot
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.weeks import Weeks

Message = dict[str, object]
"""One message as it goes to Slack: `text`, and `blocks` as Block Kit has them."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom a digest is drafted, and which weeks it looks at; `first` where the audience read none before."""

    digest_id: str
    audience: Audience
    weeks: Weeks
    first: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a digest says, and what it was made from.

    `inputs` is a value that canonical JSON takes; the first message goes to the channel, the others to its thread.
    `judgement` is what is remembered of its findings once it is posted; None leaves what is known of them as it is.
    """

    inputs: object
    messages: tuple[Message, ...]
    judgement: Judgement | None = None


class EditionState(StrEnum):
    """How far a digest has come."""

    DUE = "due"
    FROZEN = "frozen"
    POSTED = "posted"
    HELD = "held"
    MISSED = "missed"
    SKIPPED = "skipped"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be posted."""
        return self in (EditionState.DUE, EditionState.FROZEN, EditionState.HELD)


class HoldCause(StrEnum):
    """Why a digest waits for a person; the value is how it is recorded."""

    UNREADABLE = "unreadable"
    NOT_IN_CHANNEL = "not_in_channel"
    ARCHIVED = "archived"
    SHARED = "shared"
    REFUSED = "refused"
    UNSURE = "unsure"
    UNKNOWN_READERS = "unknown_readers"


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest as it is kept: its slot, what it says, and where it stands.

    `inputs` are what it was made from and `messages` what is sent, the one in the channel first and those of its
    thread after it; both are None until they are frozen, and from then on never change. `late` tells that the message
    says so, `plain` that Slack took only its words; `plain_thread` are those of its thread of which the same is true.
    `despite` is the cause that an admin looked past. `first` tells whether its audience read none before; `known_at` is
    when it became due by the database's clock. `told` is what it changes about what is known of findings, until it is
    posted.
    """

    id: str
    audience: str
    slot: Slot
    week: str
    channel: str
    state: EditionState
    first: bool
    known_at: datetime
    inputs: object
    inputs_sha256: str | None
    messages: tuple[Message, ...]
    messages_sha256: str | None
    frozen_at: datetime | None
    late: bool
    plain: bool
    plain_thread: tuple[int, ...]
    holds: int
    cause: HoldCause | None
    despite: HoldCause | None
    why: str | None
    posted_at: datetime | None
    posted_channel: str | None
    posted_ts: str | None
    told: object

    @property
    def key(self) -> str:
        """The key of its posting in the outbox."""
        return f"digest:{self.id}"

    def is_plain(self, message: int) -> bool:
        """Whether Slack took only the words of one of its messages."""
        return message in self.plain_thread if message else self.plain

    def part_key(self, part: int) -> str:
        """The key of the posting of one of its parts (`pages`); 0 is the message in the channel."""
        return f"{self.key}:{part}" if part else self.key
