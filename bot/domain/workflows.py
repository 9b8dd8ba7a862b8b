"""Workflows: one agent at work in one team, on a pinned playbook, with people who answer for it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import date_of_day, day_number, local_date
from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.teams import Team

_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
_NAME_LIMIT = 60
START_EDIT_LAST_DAY = 15
PLAYBOOK_DAYS = 90


class Role(StrEnum):
    """What someone holds in a workflow; the first four are those that gates ask for."""

    OWNER = "owner"
    STEWARD = "steward"
    EVAL_OWNER = "eval_owner"
    GATEKEEPER = "gatekeeper"
    REVIEWER = "reviewer"

    @property
    def label(self) -> str:
        """The role in words."""
        return _ROLE_LABELS[self.value]


_ROLE_LABELS = {
    "owner": "accountable owner",
    "steward": "agent steward",
    "eval_owner": "eval owner",
    "gatekeeper": "data gatekeeper",
    "reviewer": "reviewer",
}
GATE_ROLES = (Role.OWNER, Role.STEWARD, Role.EVAL_OWNER, Role.GATEKEEPER)


class Domain(StrEnum):
    """What a workflow touches; the last three are high-risk (RULES, "Grants and decisions")."""

    GENERAL = "general"
    BILLING = "billing"
    AUTH = "auth"
    PII = "pii"

    @property
    def is_high_risk(self) -> bool:
        """Whether autonomy here needs a red-team review first."""
        return self is not Domain.GENERAL


class Outcome(StrEnum):
    """How a workflow ended."""

    DONE = "done"
    STOPPED = "stopped"
    MERGED = "merged"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class PlaybookPin:
    """The exact playbook that a workflow follows; a changed file changes nothing here."""

    id: str
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Someone who holds a role, since when."""

    role: Role
    person: Person
    since: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A workflow's standstill: since when, why, and whether the agent was stopped with it."""

    on: date
    at: datetime
    reason: str | None
    by: Person
    froze: bool


@dataclass(frozen=True, slots=True)
class Standstill:
    """A pause that is over: the local dates from `since` up to, without, `until` were none of the playbook's days."""

    workflow_id: str
    since: date
    until: date

    def days_by(self, day: date) -> int:
        """How many of its days lie before `day`."""
        return max((min(day, self.until) - self.since).days, 0)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow as it stands; `paused_days` counts finished pauses only, `is_frozen` stops all its grants."""

    id: str
    name: str
    purpose: str | None
    team: Team
    playbook: PlaybookPin
    phase: PhaseName
    phase_since: datetime
    start_on: date
    domain: Domain
    holders: tuple[Holder, ...]
    pause: Pause | None
    paused_days: int
    outcome: Outcome | None
    started_at: datetime
    version: int
    is_frozen: bool = False

    def today(self, at: datetime) -> date:
        """The date in the team's zone; while paused, the date on which the clock stopped."""
        return self.pause.on if self.pause else local_date(at, self.team.zone)

    def day(self, at: datetime) -> int:
        """Day N of the playbook at `at`: 1 on the start date, 0 or less before it."""
        return day_number(self.start_on, self.today(at), self.paused_days)

    def date_of(self, day: int) -> date:
        """The date of day N."""
        return date_of_day(self.start_on, day, self.paused_days)

    def holders_of(self, role: Role) -> tuple[Person, ...]:
        """The people who hold `role`, the longest-serving first."""
        return tuple(h.person for h in self.holders if h.role is role)


def workflow_name(text: str) -> str:
    """`text` as a workflow's name: lower case, digits, `_` and `-`; spaces become `_`."""
    name = "_".join(unicodedata.normalize("NFKC", text).split()).lower()
    if not name:
        raise BadInput("A workflow needs a name, for instance refunds_agent.", "name")
    if len(name) > _NAME_LIMIT:
        raise BadInput(f"A workflow's name has at most {_NAME_LIMIT} characters; this one has {len(name)}.", "name")
    if not _NAME.match(name):
        raise BadInput(
            "A workflow's name is made of the letters a to z, digits, _ and -, and begins with a letter or digit, "
            "for instance refunds_agent: it is typed in commands and policy files.",
            "name",
        )
    return name


def demand_open(workflow: Workflow) -> None:
    """Nothing, if `workflow` is not closed; else a refusal that says how it ended."""
    if workflow.outcome:
        raise Refused(
            f"{workflow.name} was closed as {workflow.outcome}, so nothing about it changes any more; "
            "start a new workflow to go on."
        )


def demand_running(workflow: Workflow) -> None:
    """Nothing, if the clock of `workflow` runs; else a refusal that says who stopped it, and since when."""
    if workflow.pause:
        raise Conflict(f"{workflow.name} is paused already, by {workflow.pause.by.name} since {workflow.pause.on}.")


def demand_paused(workflow: Workflow) -> Pause:
    """The pause of `workflow`; a refusal, if there is none."""
    if workflow.pause is None:
        raise Refused(f"{workflow.name} is not paused, so there is nothing to resume.")
    return workflow.pause


def paused_for(workflow: Workflow, at: datetime) -> int:
    """How many local dates lie between the pause and `at`."""
    return max((local_date(at, workflow.team.zone) - demand_paused(workflow).on).days, 0)
