"""Where a workflow stands between its first day and its last gate, ready to be drawn or told."""

from dataclasses import dataclass
from enum import StrEnum


class PhaseState(StrEnum):
    """Whether a phase lies behind the workflow, is the one it is in, or is still to come."""

    PAST = "past"
    CURRENT = "current"
    AHEAD = "ahead"


class GateState(StrEnum):
    """Whether a gate has been passed, is still to come, or should have been passed by now."""

    PASSED = "passed"
    AHEAD = "ahead"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class PhaseBar:
    """One phase: its days (first and last, both within it) and how many of its items are done.

    A phase that was taken over has no items of its own: `total` is 0.
    """

    name: str
    first_day: int
    last_day: int
    done: int
    total: int
    state: PhaseState


@dataclass(frozen=True, slots=True)
class LateMark:
    """An item that is late, at the day on which it was due."""

    day: int
    title: str


@dataclass(frozen=True, slots=True)
class GateMark:
    """A gate into the phase `to`, at the day it was passed or should be."""

    day: int
    to: str
    state: GateState


@dataclass(frozen=True, slots=True)
class Timeline:
    """A workflow on day `day` of `days`; after the last day, or operating, `day` goes on counting.

    `phase` is the phase it is in, by name. The phases stand in their order and do not overlap.
    """

    workflow: str
    phase: str
    day: int
    days: int
    phases: tuple[PhaseBar, ...]
    late: tuple[LateMark, ...]
    gates: tuple[GateMark, ...]
    paused: bool

    @property
    def is_past_end(self) -> bool:
        """Whether the planned days are over, so that "of 90" is no longer said (RULES, "Days")."""
        return self.day > self.days

    @property
    def next_gate(self) -> GateMark | None:
        """The first gate that has not been passed."""
        return next((gate for gate in self.gates if gate.state is not GateState.PASSED), None)
