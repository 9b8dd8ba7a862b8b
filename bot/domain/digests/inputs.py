"""Everything that one digest says, as plain values: what is kept of a posted digest, and what it is composed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.digests.audiences import Audience
from bot.domain.digests.records import Record, record_of, value_of
from bot.domain.digests.trends import Trend, Trends
from bot.domain.findings.kinds import Finding
from bot.domain.findings.steward_week import StewardWeek
from bot.domain.findings.tracking import FindingState
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Span
from bot.domain.signals.volumes import Volume

VERSION = 1
"""Of the record's shape; a newer one is not read as an older."""


class SourceState(StrEnum):
    """Whether a source was read; only `FRESH` lets a digest be complete."""

    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding in a digest: since when it stands, in how many weeks, and what people did about it.

    Its `finding.owner` is whoever it was assigned to, else whom the rule names.
    """

    finding: Finding
    state: FindingState
    first_seen: datetime
    weeks: int
    acknowledged_by: Person | None = None
    snoozed_until: date | None = None
    snooze_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A finding of the weeks before that is gone: its rule, and the name of what it was about."""

    rule: str
    subject: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits: what kind of, about which workflow, and who has been asked so far."""

    request_id: str
    kind: str
    workflow: str
    asked_by: Person
    asked_at: datetime
    deciders: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """How many running workflows are in a phase."""

    phase: PhaseName
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A workflow that changed its phase this week, forward through a gate or back."""

    workflow: str
    left: PhaseName
    entered: PhaseName

    @property
    def is_back(self) -> bool:
        """Whether it was demoted."""
        order = tuple(PhaseName)
        return order.index(self.entered) < order.index(self.left)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The running workflows of an audience: by phase, how many stand paused, how many are on track, which moved."""

    phases: tuple[PhaseCount, ...]
    paused: int
    on_track: int
    moves: tuple[Moved, ...]

    @property
    def running(self) -> int:
        """How many there are."""
        return sum(each.count for each in self.phases)


@dataclass(frozen=True, slots=True)
class Source:
    """An outside system: whether it was read, when last, and in a few words why not; and how much it gave.

    `volume` is None where that was not counted yet.
    """

    name: str
    state: SourceState
    read_at: datetime | None
    why: str = ""
    volume: Volume | None = None

    @property
    def gave_fewer(self) -> bool:
        """Whether it was read and yet gave so much less than the week before that someone should know."""
        return self.state is SourceState.FRESH and self.volume is not None and self.volume.has_fallen


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in this week: signals that programs sent, signals that people brought; and who did so last, and when.

    The last one may be older than the week.
    """

    sent: int
    typed: int
    last_typed_at: datetime | None = None
    last_typed_by: Person | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """A mistake caught before it did harm, and by whom."""

    summary: str
    by: Person | None
    workflow: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A signal of an earlier week that was taken back this week."""

    signal_id: str
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """A workflow's week, counted for its steward."""

    workflow: str
    week: StewardWeek


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest record of the audit log: printed, it vouches for everything before it."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What one digest is composed from, judged at `window.end`.

    `is_first` where this audience has had none before. `numbers` are of the workflows whose team's channel it goes to,
    by name, those without any left out. `summary` is a model's paragraph that was checked against the
    rest. `picture` is the id under which Slack keeps the drawn `trends`; None where there is none.
    Addresses on `link_hosts` are links, others are text; None where that was not asked yet, and each was a link.
    """

    audience: Audience
    window: Span
    week: str
    portfolio: Portfolio
    findings: tuple[Reported, ...]
    resolved: tuple[Resolved, ...]
    waiting: tuple[Waiting, ...]
    sources: tuple[Source, ...]
    heard: Heard
    saves: tuple[Save, ...]
    corrections: tuple[Correction, ...]
    head: ChainHead
    is_first: bool = False
    summary: str | None = None
    trends: tuple[Trend, ...] = ()
    picture: str | None = None
    numbers: tuple[Numbers, ...] = ()
    link_hosts: tuple[str, ...] | None = None

    @property
    def at(self) -> datetime:
        """The instant at which everything was judged."""
        return self.window.end

    @property
    def chart(self) -> Trends | None:
        """Its trends as a picture shows them; None without any."""
        return Trends(local_date(self.at, self.audience.zone), self.trends) if self.trends else None


def inputs_record(inputs: Inputs) -> Record:
    """The inputs as plain values for canonical JSON."""
    return {"version": VERSION, **record_of(inputs)}


def inputs_of(record: Mapping[str, Any]) -> Inputs:
    """The inputs that were recorded; ValueError for a shape of another version."""
    if record["version"] != VERSION:
        raise ValueError(f"This digest was kept in shape {record['version']}, and this program reads {VERSION}.")
    return value_of(Inputs, record)
