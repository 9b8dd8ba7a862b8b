"""How much an agent was trusted with: the rungs it reached, the phases it went through, the gates that gave way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.grants.ladder import MeasuredEffect
from bot.domain.grants.life import Grant, GrantState, rung_by
from bot.domain.overrides import Override
from bot.domain.playbook import OperatingModel, PhaseName, Rung
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class PhaseTurn:
    """A change of phase, when it counts as having happened."""

    at: datetime
    left: PhaseName
    entered: PhaseName


@dataclass(frozen=True, slots=True)
class Stay:
    """A phase that the workflow was in: dates in the team's zone, `until` None while it is in it."""

    phase: PhaseName
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class GrantedOnRung:
    """How many actions were ever granted on a rung, and how many of them are in force."""

    rung: Rung
    granted: int
    in_force: int


@dataclass(frozen=True, slots=True)
class AutonomyReached:
    """What the agent may do now, the most that it ever might, and by which way it came there.

    `highest` is what the playbook says of the highest rung reached; `rung` the one on which it stands. `granted` has
    the rungs on which something was granted. `effect` is None without data.
    """

    rung: Rung
    highest: OperatingModel
    granted: tuple[GrantedOnRung, ...]
    stays: tuple[Stay, ...]
    overrides: tuple[Override, ...]
    effect: MeasuredEffect | None


def granted_by_rung(grants: Sequence[Grant], at: datetime) -> tuple[GrantedOnRung, ...]:
    """The actions on each rung that something was granted on, from the lowest; `grants` are all there ever were."""
    ever: dict[Rung, set[str]] = {}
    now: dict[Rung, set[str]] = {}
    for grant in grants:
        rung, action = rung_by(grant.terms), grant.terms.action
        if grant.approved_at is not None:
            ever.setdefault(rung, set()).add(action)
        if grant.state is GrantState.ACTIVE and not grant.has_expired(at):
            now.setdefault(rung, set()).add(action)
    return tuple(GrantedOnRung(rung, len(ever[rung]), len(now.get(rung, ()))) for rung in Rung if rung in ever)


def highest_rung(granted: Iterable[GrantedOnRung]) -> Rung:
    """The highest rung on which something was ever granted; copilot before that."""
    return max((each.rung for each in granted), key=tuple(Rung).index, default=Rung.COPILOT)


def rung_now(granted: Iterable[GrantedOnRung]) -> Rung:
    """The rung on which the workflow stands."""
    return highest_rung(each for each in granted if each.in_force)


def stays_of(workflow: Workflow, turns: Iterable[PhaseTurn], ended_on: date | None) -> tuple[Stay, ...]:
    """The phases in the order in which the workflow was in them, from its first day until it ended."""
    return tuple(_stays(workflow, tuple(turns), ended_on))


def _stays(workflow: Workflow, turns: tuple[PhaseTurn, ...], ended_on: date | None) -> Iterator[Stay]:
    since = workflow.start_on
    phase = turns[0].left if turns else workflow.phase
    for turn in turns:
        on = max(local_date(turn.at, workflow.team.zone), since)
        yield Stay(phase, since, on)
        phase, since = turn.entered, on
    yield Stay(phase, since, max(ended_on, since) if ended_on else None)
