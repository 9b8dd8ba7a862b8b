"""Sources mapped to workflows by hand, beside what the file of sources says."""

from bot.actions.desk import Turn
from bot.domain.errors import BadInput, NotAllowed, NotFound
from bot.domain.facts import SourceConnected, SourceDisconnected
from bot.domain.rights import demand_person
from bot.domain.sources import Mapped
from bot.domain.workflows import Workflow
from bot.ports import Connecting


def demand_may_connect(turn: Turn) -> None:
    """Nothing for an admin; else a refusal, before they go to any trouble."""
    demand_person(turn.actor)
    if turn.actor.admin_because is None:
        raise NotAllowed("Sources are mapped to workflows by an admin (ROLLOUT_ADMINS): ask one of them.")
    turn.change.allowed_because(turn.actor.admin_because)


def connect(turn: Turn, known: Connecting, wanted: Mapped) -> SourceConnected:
    """The place read for the workflow from now on; BadInput for the field `source`, `place` or `workflow`."""
    demand_may_connect(turn)
    checked, workflow = known.checked(wanted), _running(turn, wanted.workflow)
    made = Mapped(checked.source, checked.place, workflow.name)
    for each in (*known.by_file(), *turn.change.sources.by_hand()):
        if each.is_same(made):
            where = "/rollout connect shows it" if each.id else "the file of sources says so"
            raise BadInput(f"{made.place} is mapped to {made.workflow} already: {where}.", "place")
    fact = SourceConnected(
        mapping_id=turn.change.new_id("map"), workflow_id=workflow.id, source=made.source, place=made.place
    )
    turn.record(fact)
    return fact


def disconnect(turn: Turn, mapping_id: str) -> Mapped:
    """What was mapped by hand, which is not read any more; signals that came from it stay."""
    demand_may_connect(turn)
    mapped = turn.change.sources.mapping(mapping_id)
    workflow = turn.change.workflow(mapped.workflow)
    turn.record(SourceDisconnected(mapping_id=mapped.id, workflow_id=workflow.id))
    return mapped


def _running(turn: Turn, name: str) -> Workflow:
    if not name.strip():
        raise BadInput("Choose the workflow to which it belongs.", "workflow")
    try:
        found = turn.change.workflow(name)
    except NotFound as missing:
        raise BadInput(str(missing), "workflow") from None
    if found.outcome:
        raise BadInput(f"{found.name} is closed, so nothing is read for it: choose one that runs.", "workflow")
    return found
