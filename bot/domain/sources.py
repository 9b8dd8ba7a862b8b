"""How an outside system stands that yields signals: when it was read last, and why not since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.digests.inputs import Source, SourceState
from bot.domain.thresholds import DEFAULTS

FRESH_FOR = timedelta(hours=int(DEFAULTS["source.blind"]["max_hours"]))
"""How long after it was read a source counts as fresh, as the rule `source.blind` has it."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What of a source belongs to which workflow: its repository, project, team or service, by name or key.

    `id` is that of a mapping by hand, "" where the file of sources has it; there `place` may be "", as the file may say
    more than one name.
    """

    source: str
    place: str
    workflow: str
    id: str = ""

    def is_same(self, other: "Mapped") -> bool:
        """Whether both are about the same place and workflow, however the letters are written."""
        mine, theirs = ((each.source, each.place.casefold(), each.workflow) for each in (self, other))
        return mine == theirs


@dataclass(frozen=True, slots=True)
class Reading:
    """A source as it was read so far: where each of its strands goes on, and how its last run ended.

    `read_at` is when it was last read to the end, by the product's clock, None if never; `why_not` says why the run
    after that did not come to its end, and `not_before` until when the system wants to be left alone, by the machine's.
    """

    name: str
    is_configured: bool = True
    cursors: Mapping[str, str] = field(default_factory=dict)
    read_at: datetime | None = None
    why_not: str | None = None
    not_before: datetime | None = None

    def state(self, at: datetime) -> SourceState:
        """Whether it is fresh at `at`; if not, whether that is because its runs fail."""
        if self.read_at is not None and at - self.read_at <= FRESH_FOR:
            return SourceState.FRESH
        return SourceState.FAILED if self.why_not else SourceState.STALE

    def told(self, at: datetime) -> Source:
        """The same as a digest tells it."""
        return Source(self.name, self.state(at), self.read_at, self.why_not or "")
