"""Findings as frozen values: one thing off plan each, with what made its rule fire."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import Person
from bot.domain.verdicts import Trace

FactValue = str | int | bool | None | tuple[str, ...]
"""What a fact of a finding may be; decimals are written by their digits, instants as RFC 3339."""


class Severity(StrEnum):
    """How much a finding weighs."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTICE = "notice"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return tuple(Severity).index(self)


class SubjectKind(StrEnum):
    """What kind of thing a finding is about."""

    WORKFLOW = "workflow"
    TEAM = "team"
    SOURCE = "source"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: its id, which stays, and its name as it is now."""

    kind: SubjectKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing off plan.

    `about` is which thing of the subject (a metric, a suite, a grant), empty where the rule speaks of the subject as a
    whole; together with rule and subject it is the finding's identity over weeks (`key`). `summary` is one sentence
    without the subject's name, `next_step` one that begins with a verb; both are plain text, to be escaped where they
    are shown. `size` is how many things it lists: a finding that lists more than last time got worse. `team_id` is
    None for what concerns no team alone.
    """

    rule: str
    version: int
    severity: Severity
    subject: Subject
    about: str
    team_id: str | None
    team: str | None
    summary: str
    facts: tuple[tuple[str, FactValue], ...]
    owner: Person | None
    next_step: str
    evidence: tuple[Trace, ...]
    size: int = 1

    @property
    def key(self) -> str:
        """Its identity over weeks."""
        return f"{self.rule}|{self.subject.kind}:{self.subject.id}|{self.about}"

    @property
    def id(self) -> str:
        """A short name for its identity, for commands and buttons."""
        return f"fnd_{hashlib.sha256(self.key.encode()).hexdigest()[:10]}"

    def is_told_to(self, team_id: str | None) -> bool:
        """Whether a team's digest tells of it: its own, and a source that it may rest on; None reads of everything."""
        return team_id in (None, self.team_id) or self.subject.kind is SubjectKind.SOURCE

    @property
    def is_off_track(self) -> bool:
        """Whether a workflow with this finding is not on track."""
        return self.severity is not Severity.NOTICE
