"""Findings over weeks: one identity each (`Finding.key`), what became of it since the digests before, and who knows.

A week is an ISO week by its name (`Weeks.name`). Age is counted from the first week whose digest told of a finding, so
that the digests of several audiences in one week, or a week without any, change nothing about it. What a finding
weighs is compared with the digests of earlier weeks, for the same reason. A digest counts for what its readers could
read there, and for nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import local_date
from bot.domain.findings.kinds import Finding, Severity, SubjectKind
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Person
from bot.domain.signals.kinds import Span
from bot.domain.workflows import Workflow


class FindingState(StrEnum):
    """How a finding stands in a week."""

    NEW = "new"
    WORSE = "worse"
    CARRIED = "carried"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Weight:
    """How bad a finding is: its severity, and how many things it lists."""

    severity: Severity
    size: int

    def exceeds(self, other: "Weight") -> bool:
        """Whether this is worse: the severity rose, or the size grew."""
        return self.severity.rank < other.severity.rank or self.size > other.size


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who knows of a finding since when, and what it weighed then: anything worse is not covered."""

    by: Person
    at: datetime
    weight: Weight


@dataclass(frozen=True, slots=True)
class Snooze:
    """Who put a finding off until which day, when and why; one of a graver severity is not covered.

    `reason` is None once it is erased.
    """

    by: Person
    at: datetime
    until: date
    reason: str | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is kept of a finding.

    `first_week` is the first week whose digest told of it, None while only a person took it up. `weight` is that of
    the last digest; where that changed in `changed_week`, `before` is what it was in the weeks before that one.
    `workflow_id` and `team_id` are what it is about, both None for a source and for the program. `resolved_week` is
    None too where its workflow was closed. `version` grows with everything that people do with it.
    """

    id: str
    key: str
    rule: str
    workflow_id: str | None
    team_id: str | None
    first_seen: datetime
    first_week: str | None
    weight: Weight
    before: Weight | None
    changed_week: str | None
    version: int
    acknowledged: Acknowledgement | None = None
    snoozed: Snooze | None = None
    assigned_to: Person | None = None
    resolved_at: datetime | None = None
    resolved_week: str | None = None

    @property
    def subject_kind(self) -> SubjectKind:
        """What kind of thing it is about."""
        return SubjectKind(self.key.split("|")[1].partition(":")[0])

    @property
    def is_open(self) -> bool:
        """Whether it was still found when a digest, or a person, looked last."""
        return self.resolved_at is None

    def baseline(self, week: str) -> Weight:
        """What it weighed in the digests before that week."""
        return self.before if self.before and self.changed_week == week else self.weight

    def covers(self, weight: Weight) -> bool:
        """Whether someone acknowledged it as it weighs now."""
        return self.is_open and self.acknowledged is not None and not weight.exceeds(self.acknowledged.weight)

    def sleeps(self, severity: Severity, today: date) -> bool:
        """Whether it is put off on that day; what became graver is back before its day."""
        snoozed = self.snoozed
        return snoozed is not None and today < snoozed.until and severity.rank >= snoozed.severity.rank

    def weeks(self, week: str) -> int:
        """In which week of its life it is in that week, 1 in the first."""
        if not self.is_open or self.first_week is None:
            return 1
        return max((_monday(week) - _monday(self.first_week)).days // 7 + 1, 1)


@dataclass(frozen=True, slots=True)
class Followed:
    """A finding as it is found now, with what became of it; `tracked` is None where nothing is kept of it yet."""

    finding: Finding
    tracked: Tracked | None
    state: FindingState
    first_seen: datetime
    weeks: int

    @property
    def owner(self) -> Person | None:
        """Who has it: whoever it was assigned to, else whom the rule names."""
        assigned = self.tracked.assigned_to if self.tracked and self.tracked.is_open else None
        return assigned or self.finding.owner

    @property
    def is_shown(self) -> bool:
        """Whether it takes room where people look: it is not put off."""
        return self.state is not FindingState.SNOOZED

    @property
    def has_returned(self) -> bool:
        """Whether it was put off, and is back."""
        return self.is_shown and self.tracked is not None and self.tracked.snoozed is not None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a digest changes about what is kept: findings that came up, those that weigh otherwise, those that went."""

    came: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    gone: tuple[Tracked, ...]


def follow(known: Mapping[str, Tracked], findings: Iterable[Finding], weeks: Weeks) -> tuple[Followed, ...]:
    """The findings as they stand at the end of `weeks`, in the same order; `known` are those kept, by key."""
    today = local_date(weeks.at, weeks.zone)
    return tuple(_followed(known.get(finding.key), finding, weeks, today) for finding in findings)


def _followed(tracked: Tracked | None, finding: Finding, weeks: Weeks, today: date) -> Followed:
    state = _state(tracked, finding, weeks.name, today)
    if tracked is None:
        return Followed(finding, None, state, weeks.at, 1)
    return Followed(
        finding, tracked, state, tracked.first_seen if tracked.is_open else weeks.at, tracked.weeks(weeks.name)
    )


def _state(tracked: Tracked | None, finding: Finding, week: str, today: date) -> FindingState:
    weight = weight_of(finding)
    if tracked is None:
        return FindingState.NEW
    if tracked.sleeps(finding.severity, today):
        return FindingState.SNOOZED
    if tracked.covers(weight):
        return FindingState.ACKNOWLEDGED
    if not tracked.is_open or tracked.first_week is None or tracked.first_week >= week:
        return FindingState.NEW
    return FindingState.WORSE if weight.exceeds(tracked.baseline(week)) else FindingState.CARRIED


def track(
    known: Mapping[str, Tracked],
    findings: Iterable[Finding],
    week: str,
    tells: Callable[[Finding], bool],
    covers: Callable[[Tracked], bool],
) -> Changes:
    """What a digest of `week` changes that tells of those findings that `tells` says; it may end what `covers` says.

    A digest of an earlier week than what is kept, told late, takes nothing back.
    """
    found = {finding.key: finding for finding in findings}
    came, changed = [], []
    for key, finding in found.items():
        tracked = known.get(key)
        if not tells(finding):
            continue
        if tracked is None or not tracked.is_open or tracked.first_week is None:
            came.append(finding)
        elif weight_of(finding) != tracked.weight and week >= (tracked.changed_week or tracked.first_week):
            changed.append(finding)
    gone = tuple(
        tracked
        for key, tracked in known.items()
        if tracked.is_open and key not in found and week >= (tracked.first_week or week) and covers(tracked)
    )
    return Changes(tuple(came), tuple(changed), gone)


def resolved(
    known: Mapping[str, Tracked], findings: Iterable[Finding], since: Span, covers: Callable[[Tracked], bool]
) -> tuple[Tracked, ...]:
    """What a digest told of and is found no more, unless that was known by the start of `since`, or only after its end.

    By instants and not by weeks: whoever reads on Monday evening is told what went since Monday morning, and once.
    """
    found = {finding.key for finding in findings}
    return tuple(
        tracked
        for key, tracked in known.items()
        if key not in found and tracked.first_week is not None and covers(tracked) and _ended(tracked, since)
    )


def _ended(tracked: Tracked, since: Span) -> bool:
    return tracked.resolved_at is None or since.start < tracked.resolved_at <= since.end


def weight_of(finding: Finding) -> Weight:
    """What a finding weighs."""
    return Weight(finding.severity, finding.size)


def is_on_track(workflow: Workflow, findings: Iterable[Finding]) -> bool:
    """Whether a workflow is active, not paused, and has none of the warnings and criticals among `findings`."""
    if workflow.outcome or workflow.pause:
        return False
    return not any(finding.is_off_track and finding.subject.id == workflow.id for finding in findings)


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)
