"""Facts about findings: what digests saw of them, and what people did with them."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.findings.kinds import Severity
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPlace:
    """Which finding, and what it is about: a workflow, a team, or neither."""

    finding_id: str
    workflow_id: str | None
    team_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSeen(FindingPlace):
    """A finding as it was seen: its identity, and how much it weighs."""

    key: str
    rule: str
    severity: Severity
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsTracked:
    """A digest of a week was posted, or a person took up what no digest told yet (`week` is None).

    `came` came up, for the first time or again; `changed` weigh otherwise than before; `gone` are found no more.
    `subject` is the week, or the finding that was taken up; `judged_at` is the instant that was judged.
    """

    subject: str
    week: str | None
    judged_at: datetime
    came: tuple[FindingSeen, ...]
    changed: tuple[FindingSeen, ...] = ()
    gone: tuple[FindingPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange(FindingPlace):
    """Someone did something with a finding; `seen_version` is 1 once it is tracked, and grows with each of these."""

    seen_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAcknowledged(FindingChange):
    """Someone said that they know of a finding as it weighed then."""

    severity: Severity
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSnoozed(FindingChange):
    """A finding of that severity was put off; it returns on `until`."""

    severity: Severity
    until: date
    reason: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAssigned(FindingChange):
    """A finding was put into someone's hands."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingJudged(FindingPlace):
    """Someone said whether a finding was of use to them; what they say last holds."""

    useful: bool
    reason: FreeText | None = None
