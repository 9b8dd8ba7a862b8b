"""Deviations: open and close."""

from bot.actions.desk import Turn
from bot.actions.policies import breached
from bot.actions.told_of_papers import told_of_deviation, told_of_deviation_again
from bot.domain.calendar import local_date
from bot.domain.deviations import Deviation, Entry, demand_whole
from bot.domain.errors import Conflict
from bot.domain.facts import DeviationClosed, DeviationOpened
from bot.domain.people import FreeText, Person
from bot.domain.rights import Right
from bot.domain.ticking import demand_words
from bot.domain.workflows import Role, Workflow, demand_open


def open_one(turn: Turn, workflow: Workflow, entry: Entry, owner: Person | None) -> DeviationOpened:
    """A breach of a policy, in someone's hands until a day: the workflow's steward or owner if nobody is named."""
    turn.demand(Right.FILE, workflow.team, workflow)
    demand_open(workflow)
    demand_whole(entry, local_date(turn.at, workflow.team.zone))
    fallback = (*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER), turn.change.me)
    policy_id, policy = breached(turn.change, entry.policy)
    fact = DeviationOpened(
        deviation_id=turn.change.new_id("dev"),
        workflow_id=workflow.id,
        area=entry.area,
        policy_id=policy_id,
        policy=policy,
        summary=FreeText(entry.summary.strip()),
        owner=turn.change.person(owner or fallback[0]).id,
        due_on=entry.due_on,
    )
    turn.record(fact)
    turn.tell(told_of_deviation(turn.change.deviations.one(fact.deviation_id), workflow.team))
    return fact


def close(turn: Turn, deviation_id: str, reason: str) -> DeviationClosed:
    """The deviation closed by those who run the workflow, those who decide, or whose it is; with what mended it."""
    deviation = demand_closable(turn, deviation_id)
    fact = DeviationClosed(
        deviation_id=deviation.id, answer=demand_words(reason, "reason", "what was done so that it does not recur")
    )
    turn.record(fact)
    turn.tell(told_of_deviation_again(deviation.id, "closed"))
    return fact


def demand_closable(turn: Turn, deviation_id: str) -> Deviation:
    """The deviation, if it is open and the actor may close it; else the refusal."""
    deviation = turn.change.deviations.one(deviation_id)
    workflow = turn.change.workflow_by_id(deviation.workflow_id)
    mine = deviation.owner.handle in turn.actor.handles
    turn.demand(Right.CLOSE_DEVIATION, workflow.team, workflow, assignee=mine)
    if deviation.closed_at:
        who = f" by {deviation.closed_by.name}" if deviation.closed_by else ""
        closed_on = local_date(deviation.closed_at, workflow.team.zone)
        raise Conflict(f"“{deviation.title}” was closed already{who} on {closed_on:%-d %b %Y}.")
    return deviation
