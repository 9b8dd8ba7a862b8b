"""What a workflow cost and saved, in counts and sums; of reviews what was handed in, never who did how many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.documents import DocumentState
from bot.domain.signals.kinds import IncidentCourse, ReworkKind, Seat, Signal


@dataclass(frozen=True, slots=True)
class ReworkOfKind:
    """What had to be done again for one reason: how many times, and what that cost in US dollars."""

    kind: ReworkKind
    count: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class ReviewEffort:
    """Outputs handed in for review, how many of them were reviewed, and how many were edited or rejected."""

    outputs: int = 0
    reviewed: int = 0
    overridden: int = 0

    @property
    def reviewed_share(self) -> Decimal | None:
        """The share of the outputs that were reviewed; None without any."""
        return Decimal(self.reviewed) / self.outputs if self.outputs else None

    @property
    def override_rate(self) -> Decimal | None:
        """The share of the reviewed outputs that were edited or rejected; None without any."""
        return Decimal(self.overridden) / self.reviewed if self.reviewed else None


@dataclass(frozen=True, slots=True)
class TeamSeats:
    """The seats of the workflow's team over all tiers: people, how many of them are trained, US dollars a month."""

    people: int
    trained: int
    cost_usd_month: Decimal


@dataclass(frozen=True, slots=True)
class SaveTold:
    """A mistake caught before it did harm, and by whom if that is known."""

    summary: str
    by: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class IncidentsOfSeverity:
    """The incidents of one severity: opened, resolved, and how many of them have an accepted postmortem."""

    severity: int
    opened: int
    resolved: int
    postmortems: int

    @property
    def open(self) -> int:
        """How many go on."""
        return self.opened - self.resolved


@dataclass(frozen=True, slots=True)
class Answered:
    """What the agent asked and was answered, by outcome; questions only to see are not in it."""

    allowed: int = 0
    needed_approval: int = 0
    denied: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.allowed + self.needed_approval + self.denied


@dataclass(frozen=True, slots=True)
class MemosFiled:
    """How many memos about the workflow were filed, and how many of them another has superseded."""

    filed: int = 0
    superseded: int = 0


def seats_of(seats: Iterable[Signal[Seat]]) -> TeamSeats | None:
    """A team's seats together, from the last word on each tier; None without data."""
    found = [seat.body for seat in seats]
    if not found:
        return None
    return TeamSeats(
        people=sum(seat.people for seat in found),
        trained=sum(seat.trained for seat in found),
        cost_usd_month=sum((seat.cost_usd_month for seat in found), Decimal()),
    )


def by_severity(
    courses: Iterable[IncidentCourse], postmortems: Mapping[str, frozenset[DocumentState]]
) -> tuple[IncidentsOfSeverity, ...]:
    """The incidents of each severity that there were, the worst first; `postmortems` are the states by incident."""
    found: dict[int, list[IncidentCourse]] = {}
    for course in courses:
        found.setdefault(course.latest.body.severity, []).append(course)
    return tuple(
        IncidentsOfSeverity(
            severity=severity,
            opened=len(of),
            resolved=sum(course.resolved_at is not None for course in of),
            postmortems=sum(DocumentState.ACCEPTED in postmortems.get(c.latest.body.key, frozenset()) for c in of),
        )
        for severity, of in sorted(found.items())
    )
