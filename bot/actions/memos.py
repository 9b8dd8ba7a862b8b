"""Memos: file one, for good."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.desk import Turn
from bot.actions.readers import memo_for, reader_of
from bot.domain import memos
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput
from bot.domain.facts import MemoFiled, ProofSeen
from bot.domain.memos import Content, Entry, Filing
from bot.domain.people import FreeText, Membership, Person
from bot.domain.rights import Right, demand_person
from bot.domain.teams import Team
from bot.domain.visibility import Visibility
from bot.domain.workflows import Workflow, demand_open


@dataclass(frozen=True, slots=True)
class About:
    """What a memo is about and who answers for it: a workflow, or only a team, or neither; None: whoever files it."""

    workflow: Workflow | None = None
    team: Team | None = None
    owner: Person | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """Under which id and when a memo was filed that comes from elsewhere."""

    memo_id: str
    at: datetime


def file(turn: Turn, entry: Entry, about: About) -> MemoFiled:
    """A decision written down for good; one with a workflow ticks the items that wait for it."""
    if about.workflow:
        demand_open(turn.change.workflow_by_id(about.workflow.id))
    _demand_owner(turn, about.owner)
    fact, proof = _put_down(turn, entry, about, Past(turn.change.new_id("memo"), turn.at))
    turn.record(fact)
    if proof:
        turn.record(proof)
    return fact


def take_over(turn: Turn, entry: Entry, about: About, past: Past) -> MemoFiled:
    """The same for a memo that was decided before and elsewhere: it keeps its id and time, and nobody is told of it."""
    if past.at > turn.at:
        raise BadInput(f"It says that it was decided on {past.at:%-d %b %Y, %H:%M} UTC, which is still to come.")
    fact, proof = _put_down(turn, entry, about, past)
    turn.change.record_past(fact, past.at)
    if proof:
        turn.change.record_past(proof, past.at)
    return fact


def _put_down(turn: Turn, entry: Entry, about: About, past: Past) -> tuple[MemoFiled, ProofSeen | None]:
    team = about.workflow.team if about.workflow else about.team
    _demand_right(turn, team, about.workflow)
    content = memos.content(entry, local_date(past.at, team.zone if team else turn.actor.zone))
    _demand_placed(content, about, team)
    if content.supersedes:
        before = memo_for(turn.change, reader_of(turn.change, turn.actor), content.supersedes)
        memos.demand_supersedable(before, past.at)
    filing = Filing(
        memo_id=past.memo_id,
        workflow_id=about.workflow.id if about.workflow else None,
        team_id=team.id if team else None,
        owner=turn.change.person(about.owner).id if about.owner else turn.change.me.id,
        at=past.at,
    )
    return _filed(content, filing), _proof(about.workflow, content, filing) if about.workflow else None


def _demand_owner(turn: Turn, owner: Person | None) -> None:
    """Nothing, if a person of this workspace answers for it; nobody else can."""
    if owner and owner.handle and turn.memberships([owner])[owner.handle] is not Membership.MEMBER:
        raise BadInput(
            f"{owner.name} is not a full member of this workspace, as whoever answers for a memo has to be: "
            "pick someone who is.",
            "owner",
        )


def _demand_right(turn: Turn, team: Team | None, workflow: Workflow | None) -> None:
    if team:
        turn.demand(Right.FILE, team, workflow)
        return
    demand_person(turn.actor)
    turn.change.allowed_because("member of the workspace")


def _demand_placed(content: Content, about: About, team: Team | None) -> None:
    if content.move and about.workflow is None:
        raise BadInput(f"A memo for the move {content.move} names the workflow that moves.", "workflow")
    if content.prediction and about.workflow is None:
        raise BadInput(
            "A prediction is checked against a metric of a workflow: name the workflow, or leave the prediction out.",
            "workflow",
        )
    if content.visibility is Visibility.TEAM and team is None:
        raise BadInput("A memo for one team's eyes names a workflow, so that it is clear which team.", "visibility")


def _filed(content: Content, filing: Filing) -> MemoFiled:
    return MemoFiled(
        memo_id=filing.memo_id,
        workflow_id=filing.workflow_id,
        team_id=filing.team_id,
        owner=filing.owner,
        category=content.category,
        is_reversible=content.is_reversible,
        title=FreeText(content.title),
        decision=FreeText(content.decision),
        context=FreeText(content.context) if content.context else None,
        options=FreeText(content.options) if content.options else None,
        move=content.move,
        changes=content.changes,
        prediction=content.prediction,
        supersedes=content.supersedes,
        visibility=content.visibility,
        content_hash=memos.content_hash(content, filing),
    )


def _proof(workflow: Workflow, content: Content, filing: Filing) -> ProofSeen:
    open_to_all = content.visibility is Visibility.EVERYONE
    named = f"the memo “{content.title}”" if open_to_all else f"the memo {filing.memo_id}"
    return ProofSeen(
        workflow_id=workflow.id,
        kind=memos.proves(content.move),
        seen_at=filing.at,
        summary=FreeText(f"{named} is filed"),
    )
