"""What people do with findings: acknowledge, snooze, assign, and say whether one was of use."""

from datetime import date
from functools import partial

from bot.actions.desk import Turn
from bot.actions.findings.scene import scene_in
from bot.actions.findings.seeking import Sought, seek
from bot.actions.findings.tracking import seen_of
from bot.domain.calendar import local_date
from bot.domain.errors import Conflict, Refused
from bot.domain.facts import (
    FindingAcknowledged,
    FindingAssigned,
    FindingJudged,
    FindingSnoozed,
    FindingsTracked,
)
from bot.domain.findings.minding import demand_new_holder, demand_snoozable, demand_unknown
from bot.domain.findings.tracking import Tracked, Weight, weight_of
from bot.domain.people import Membership, Person
from bot.domain.rights import Right, demand_person
from bot.domain.ticking import demand_words, words


def acknowledge(turn: Turn, finding_id: str) -> FindingAcknowledged:
    """Someone knows of the finding, as it weighs now; it is shown again once it gets worse."""
    sought = _open(turn, finding_id)
    _demand_mind(turn, sought)
    kept, weight = _kept(turn, sought), _weight(sought)
    demand_unknown(kept, weight)
    fact = FindingAcknowledged(
        finding_id=kept.id,
        workflow_id=kept.workflow_id,
        team_id=kept.team_id,
        seen_version=kept.version,
        severity=weight.severity,
        size=weight.size,
    )
    turn.record(fact)
    return fact


def snooze(turn: Turn, finding_id: str, until: date, reason: str) -> FindingSnoozed:
    """The finding put off until that day, on which it returns; red lines never are."""
    sought = _open(turn, finding_id)
    _demand_mind(turn, sought)
    demand_snoozable(sought.rule, until, _today(turn, sought))
    why = demand_words(reason, "reason", "why this can wait")
    kept = _kept(turn, sought)
    fact = FindingSnoozed(
        finding_id=kept.id,
        workflow_id=kept.workflow_id,
        team_id=kept.team_id,
        seen_version=kept.version,
        severity=_weight(sought).severity,
        until=until,
        reason=why,
    )
    turn.record(fact)
    return fact


def assign(turn: Turn, finding_id: str, person: Person) -> FindingAssigned:
    """The finding in the hands of someone who is an active member of the workspace."""
    sought = _open(turn, finding_id)
    _demand_mind(turn, sought)
    if turn.memberships((person,)).get(person.handle or "") is not Membership.MEMBER:
        raise Refused(f"{person.name} is no active full member of this workspace; pick someone who is.")
    kept = _kept(turn, sought)
    demand_new_holder(kept, person)
    fact = FindingAssigned(
        finding_id=kept.id,
        workflow_id=kept.workflow_id,
        team_id=kept.team_id,
        seen_version=kept.version,
        person=turn.change.person(person).id,
    )
    turn.record(fact)
    return fact


def judge_use(turn: Turn, finding_id: str, *, useful: bool, reason: str = "") -> FindingJudged:
    """What someone thinks of the finding, for the precision of its rule; every member may say so."""
    demand_person(turn.actor)
    turn.change.allowed_because("member of the workspace")
    kept = _kept(turn, _sought(turn, finding_id))
    fact = FindingJudged(
        finding_id=kept.id,
        workflow_id=kept.workflow_id,
        team_id=kept.team_id,
        useful=useful,
        reason=words(reason, "reason"),
    )
    turn.record(fact)
    return fact


def _sought(turn: Turn, finding_id: str) -> Sought:
    return seek(turn.change, finding_id, turn.at, partial(scene_in, turn))


def _open(turn: Turn, finding_id: str) -> Sought:
    """The finding, if anything is left to do about it; a refusal if it is resolved."""
    demand_person(turn.actor)
    sought = _sought(turn, finding_id)
    if sought.now is None and sought.kept and sought.kept.resolved_at:
        how = f"{sought.workflow.name} was closed" if sought.workflow and sought.workflow.outcome else "it went"
        over_on = local_date(sought.kept.resolved_at, _zone(sought))
        raise Conflict(f"This finding is resolved: {how} on {over_on:%-d %b %Y}. Nothing is left to do.")
    return sought


def _kept(turn: Turn, sought: Sought) -> Tracked:
    """What is kept of the finding; kept from now on, where no digest told of it yet or it came up again."""
    if sought.kept and (sought.kept.is_open or sought.now is None):
        return sought.kept
    assert sought.now
    seen = seen_of(sought.now.finding)
    turn.record(FindingsTracked(subject=sought.id, week=None, judged_at=turn.at, came=(seen,)))
    kept = turn.change.findings.find(sought.id)
    assert kept
    return kept


def _weight(sought: Sought) -> Weight:
    if sought.now:
        return weight_of(sought.now.finding)
    assert sought.kept
    return sought.kept.weight


def _today(turn: Turn, sought: Sought) -> date:
    return local_date(turn.at, _zone(sought))


def _zone(sought: Sought) -> str:
    team = sought.workflow.team if sought.workflow else sought.team
    return team.zone if team else "UTC"


def _demand_mind(turn: Turn, sought: Sought) -> None:
    turn.demand(Right.MIND, sought.workflow.team if sought.workflow else sought.team, sought.workflow)
