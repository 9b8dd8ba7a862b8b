"""Facts about signals."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import FreeText
from bot.domain.signals.kinds import SignalType


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsTaken:
    """A batch of signals was taken in; `subject` is its id, `count` how many were new, `sha256` over all of those."""

    subject: str
    count: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsForgotten:
    """The signals of all batches up to a record, `up_to`, are kept no longer; `subject` says which data that were."""

    subject: str
    up_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalVoided:
    """A signal was taken back: its row stays, and it counts nowhere any more.

    `source` and `signal` (its id) name it; it is of a workflow or of a team. The reason stands here or, where a request
    asked for it, with that.
    """

    source: str
    signal: str
    kind: SignalType
    at: datetime
    workflow_id: str | None = None
    team_id: str | None = None
    reason: FreeText | None = None
    request_id: str | None = None
