"""A workflow's week in the numbers that its steward looks at."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StewardWeek:
    """What the agent did, what had to be taken back, how long changes took, and how many reviews people managed.

    `escalations` are the agent's own and those that came as rework; `reverts` are changes that take back another, of
    all `changes` merged in the week; `lead_time_hours` is their median. Outputs count by when they were submitted, and
    reviews by when they were done: their capacity is `reviewed` beside `submitted`.
    """

    runs: int = 0
    failed_runs: int = 0
    escalations: int = 0
    changes: int = 0
    reverts: int = 0
    lead_time_hours: Decimal | None = None
    submitted: int = 0
    reviewed: int = 0

    @property
    def rollback_rate(self) -> Decimal | None:
        """The share of the changes that take back another; None of no changes."""
        return Decimal(self.reverts) / self.changes if self.changes else None
