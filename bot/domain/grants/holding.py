"""What the agent of one workflow holds: its grants at one moment, and where that puts it on the ladder."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.freezes import Freeze
from bot.domain.grants.ladder import MeasuredEffect
from bot.domain.grants.life import Grant
from bot.domain.people import Person
from bot.domain.playbook import OperatingModel
from bot.domain.workflows import Workflow

ENDED_FOR = timedelta(days=30)
"""For how long a grant that ended is still shown."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One reason for which a grant stands still: `told` ends "because …"; `since` is None where nobody noted it yet."""

    told: str
    since: datetime | None = None
    by: Person | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A grant that lives. `attest_by` is when its attestation is missed; `phase_asks`: the phase wants a person."""

    grant: Grant
    stops: tuple[Stop, ...]
    attest_by: datetime | None
    phase_asks: bool = False

    @property
    def is_attended(self) -> bool:
        """Whether a person is asked each time, by the grant or by the phase."""
        return self.phase_asks or self.grant.terms.requires_human_approval


@dataclass(frozen=True, slots=True)
class Holding:
    """Everything that a workflow's agent holds at `at`; `ended` are those of the last 30 days, the newest first.

    `effect` is None where nothing was measured (enough).
    """

    workflow: Workflow
    at: datetime
    model: OperatingModel
    held: tuple[Held, ...]
    waiting: tuple[Grant, ...]
    ended: tuple[Grant, ...]
    freeze: Freeze | None
    effect: MeasuredEffect | None
    attest_notice: timedelta
    expiry_notice: timedelta

    @property
    def due(self) -> tuple[Held, ...]:
        """The grants whose attestation is overdue, or due soon."""
        return tuple(each for each in self.held if each.attest_by and self.at >= each.attest_by - self.attest_notice)

    @property
    def stopped(self) -> tuple[Held, ...]:
        """The grants that stand still for a reason of their own."""
        return tuple(each for each in self.held if each.stops)

    @property
    def attest_by(self) -> datetime | None:
        """When the first attestation is missed; None where no grant lives."""
        return min((each.attest_by for each in self.held if each.attest_by), default=None)
