"""What signals cause at once, for whoever is answered: what speaks against the agent, which of its actions stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.actions.desk import Turn
from bot.actions.grants import guards
from bot.domain.grants.guarding import TIMED, causes, crossings, tells_of
from bot.domain.grants.life import SuspensionCause
from bot.domain.signals.kinds import Body, Signal
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Consequences:
    """What followed: `told` are reasons in words, `stopped` and `resumed` the actions that stand still or go on by it.

    The reasons stand also where no grant is there to be stopped.
    """

    told: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """Why each living grant of a workflow stood still before something came in, by its id."""

    workflow_id: str
    held: Mapping[str, frozenset[tuple[SuspensionCause, str]]]


def before(turn: Turn, workflow: Workflow) -> Before:
    """How the grants stand now."""
    return Before(workflow.id, {grant: names for grant, (_, names) in _held(turn, workflow.id).items()})


def since(turn: Turn, past: Before, batch: Sequence[Signal[Body]]) -> Consequences:
    """What the signals of a batch, kept since, have caused."""
    stopped, resumed = [], []
    for grant_id, (action, names) in _held(turn, past.workflow_id).items():
        known = past.held.get(grant_id, frozenset())
        if any(cause not in TIMED for cause, _ in names - known):
            stopped.append(action)
        elif known and not names:
            resumed.append(action)
    return Consequences(_told(turn, past.workflow_id, batch), tuple(stopped), tuple(resumed))


def _held(turn: Turn, workflow_id: str) -> Mapping[str, tuple[str, frozenset[tuple[SuspensionCause, str]]]]:
    return {
        grant.id: (grant.terms.action, frozenset((each.cause, each.subject) for each in grant.suspensions))
        for grant in turn.change.grants.living(workflow_id)
    }


def _told(turn: Turn, workflow_id: str, batch: Sequence[Signal[Body]]) -> tuple[str, ...]:
    """What the guards say of those signals of the batch that hold, none of which a later one has made out of date."""
    sight = guards.look(turn, workflow_id)
    if sight is None:
        return ()
    found = (*crossings({}, sight.violations), *causes(sight.watched))
    standing = {(each.name, each.observed_at): each.told for each in found}
    told = (standing.get((name, each.at)) for each in batch if (name := tells_of(each, sight.watched)))
    return tuple(dict.fromkeys(each for each in told if each))
