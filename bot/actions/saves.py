"""Quality saves: a mistake caught before it did harm, kept as the signal that it is, and thanked for."""

from dataclasses import dataclass

from bot.actions import numbers
from bot.actions.desk import Turn
from bot.actions.signals import keep
from bot.domain.errors import BadInput
from bot.domain.people import Person, Told
from bot.domain.rights import Right
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.workflows import Workflow, demand_open
from bot.intake import read_cells


@dataclass(frozen=True, slots=True)
class Saved:
    """The save that stands now, and whether it is new."""

    signal: Signal[Body]
    is_new: bool


def save(turn: Turn, workflow: Workflow, summary: str, by: Person) -> Saved:
    """What someone caught, unless it stands for this day already; the team's channel hears who is thanked."""
    turn.change.lock_workflow(workflow.id)
    here = turn.change.workflow_by_id(workflow.id)
    turn.demand(Right.FILE, here.team, here)
    demand_open(here)
    if not summary.strip():
        raise BadInput("Say what was caught: one sentence that the others will read.", "summary")
    cells = {"summary": summary.strip(), "by": turn.change.person(by).handle or "", "at": turn.at.isoformat()}
    sent = read_cells(SignalType.QUALITY_SAVE, cells, numbers.terms_of(turn, here))
    signal, is_new = numbers.named(turn, here, sent)
    if not is_new:
        return Saved(signal, is_new=False)
    keep(turn, (signal,))
    if here.team.channel:
        about = (("workflow", here.id), ("signal", signal.id))
        turn.tell((Told("quality_save", here.team.channel, about, f"quality_save:{here.id}:{signal.id}"),))
    return Saved(signal, is_new=True)
