"""Decisions: what an agent asks, answered by what stands in this very transaction, and logged with the answer.

`answer` judges and logs any number of questions in one change; `decide` opens one for a single question. Whoever is
answered hears of it after the commit, never before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions import escrow
from bot.actions.checklists import playbook_of
from bot.actions.desk import Asked, Desk, Turn
from bot.actions.grants.watch import evals_fresh_until
from bot.actions.told import told_of_spike
from bot.conditions import compiled
from bot.domain import escrow as escrow_rules
from bot.domain.calendar import local_date
from bot.domain.escrow import Asking, Use
from bot.domain.facts import DecisionsLogged
from bot.domain.grants.decisions import Code, DayCount, Decision, Outcome, Question
from bot.domain.grants.decisions import decide as judge
from bot.domain.grants.factsheet import Facts, Unreadable
from bot.domain.grants.log import Day, LoggedDecision, as_json, facts_hash, kept_facts, named_facts
from bot.domain.people import Actor, Told
from bot.domain.wording import cut
from bot.domain.workflows import Workflow

SPIKE = 20
SPIKE_WITHIN = timedelta(hours=1)
"""So many denies of one action within so long are told at once (RULES, "Told at once")."""

_LONGEST_ACTION = 60


@dataclass(frozen=True, slots=True)
class Inquiry:
    """May this workflow's agent do this?

    With `dry_run` it is asked only to see; `reported_hash` is the grant's as the caller knows it. Where a person is
    needed, `asking` puts the question to one, and `approval` is the id of one that was answered. `by` is whoever asks,
    None for whoever the change is made by.
    """

    workflow_id: str
    action: str
    facts: Facts
    dry_run: bool = False
    reported_hash: str | None = None
    asking: Asking | None = None
    approval: str | None = None
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A decision, the id under which it is logged, and the question that a person was asked, if one was."""

    id: str
    at: datetime
    decision: Decision
    question: escrow_rules.Question | None = None


@dataclass(frozen=True, slots=True)
class _Posed:
    """A question with how its workflow stands."""

    workflow: Workflow
    question: Question
    day: Day


def decide(desk: Desk, asked: Asked, inquiry: Inquiry) -> Answered:
    """The answer to one question, once it is logged."""
    (answered,) = desk.do(asked, answer, (inquiry,))
    return answered


def answer(turn: Turn, inquiries: Sequence[Inquiry]) -> tuple[Answered, ...]:
    """The answers to these questions in their order, each seeing what the ones before it were allowed."""
    asked = _posed(turn, inquiries)
    days = turn.change.hold_days(each.day for each in asked if any(grant.lives for grant in each.question.grants))
    counted: dict[Day, DayCount] = {}
    answers, log = [], []
    for inquiry, each in zip(inquiries, asked, strict=True):
        so_far = counted.get(each.day) or days.get(each.day) or DayCount()
        decision = judge(replace(each.question, counted=so_far), inquiry.facts, turn.at, compiled)
        if inquiry.approval and decision.outcome is Outcome.NEEDS_APPROVAL:
            decision = _by_approval(turn, each, inquiry, decision)
        if decision.outcome is Outcome.ALLOW and not inquiry.dry_run:
            counted[each.day] = so_far.plus(decision.adds)
        entry = _entry(turn, each.question, inquiry, decision)
        log.append(entry)
        answers.append(Answered(entry.id, turn.at, decision, _asked_of_a_person(turn, each, inquiry, decision)))
    turn.change.count_days(counted)
    kept = turn.change.keep_decisions(log, [inquiry.by for inquiry in inquiries])
    refused = {(each.workflow, each.day) for each, entry in zip(asked, log, strict=True) if _counts_as_refusal(entry)}
    fact = DecisionsLogged(subject=kept.batch, count=kept.count, sha256=kept.sha256)
    turn.change.record(fact, tuple(_spikes(turn, refused)))
    return tuple(answers)


def _by_approval(turn: Turn, posed: _Posed, inquiry: Inquiry, decision: Decision) -> Decision:
    """An allow, once, where a person let just this through; else a deny that says why the answer does not serve."""
    use = Use(posed.workflow.id, posed.question.action, facts_hash(inquiry.facts), decision.grant_hash)
    told = f"There is no question {cut(str(inquiry.approval), 60)!r}, so it lets nothing through."
    if answered := turn.change.escrow.known(str(inquiry.approval)):
        told = answered.mismatch(use, turn.at) or ""
        if not told and (inquiry.dry_run or turn.change.use_question(answered.id, turn.at)):
            who = answered.answered_by.name if answered.answered_by else "Someone"
            return replace(decision, outcome=Outcome.ALLOW, reasons=(f"{who} let this through, once.",), codes=())
    reasons = (told or "The answer was used for another decision in this very moment.",)
    return replace(decision, outcome=Outcome.DENY, reasons=reasons, codes=(Code.APPROVAL_MISMATCH,), adds=())


def _asked_of_a_person(turn: Turn, posed: _Posed, inquiry: Inquiry, decision: Decision) -> escrow_rules.Question | None:
    """The question put to a person where one is needed and the agent asks for it; None where too many wait already."""
    grant = next((grant for grant in posed.question.grants if grant.id == decision.grant_id), None)
    if inquiry.asking is None or inquiry.dry_run or grant is None or decision.outcome is not Outcome.NEEDS_APPROVAL:
        return None
    assert not isinstance(inquiry.facts, Unreadable)
    asker = escrow.Asker(inquiry.asking, as_json(inquiry.facts), inquiry.by or turn.actor)
    return escrow.ask(turn, posed.workflow, grant, asker)


def _posed(turn: Turn, inquiries: Sequence[Inquiry]) -> tuple[_Posed, ...]:
    """Each question as it has to be judged now. What is read here stays so until the commit."""
    # A question is a signal too, and whatever takes in signals claims the workflow: sharing it first would be a knot.
    for workflow_id in sorted({inquiry.workflow_id for inquiry in inquiries if inquiry.asking}):
        turn.change.lock_workflow(workflow_id)
    turn.change.hold(inquiry.workflow_id for inquiry in inquiries)
    grounds = {workflow_id: _ground(turn, workflow_id) for workflow_id in {each.workflow_id for each in inquiries}}
    asked = [(inquiry.workflow_id, cut(inquiry.action, _LONGEST_ACTION)) for inquiry in inquiries]
    posed = {(of, action): _pose(turn, grounds[of], action) for of, action in set(asked)}
    return tuple(posed[each] for each in asked)


def _ground(turn: Turn, workflow_id: str) -> _Posed:
    """What all questions about one workflow have in common."""
    view, workflow = turn.change, turn.change.workflow_by_id(workflow_id)
    playbook = playbook_of(view, workflow)
    question = Question(
        workflow_id=workflow.id,
        workflow=workflow.name,
        action="",
        is_frozen=workflow.is_frozen,
        autonomy=playbook.phase(workflow.phase).autonomy,
        grants=(),
        evals_fresh_until=evals_fresh_until(view, workflow, playbook),
        attest_every_days=playbook.count("grant.life", "attest_every_days"),
    )
    return _Posed(workflow, question, Day(workflow.id, "", local_date(turn.at, workflow.team.zone)))


def _pose(turn: Turn, ground: _Posed, action: str) -> _Posed:
    grants = turn.change.grants.in_question(ground.workflow.id, action)
    return replace(
        ground,
        question=replace(ground.question, action=action, grants=grants),
        day=replace(ground.day, action=action),
    )


def _entry(turn: Turn, question: Question, inquiry: Inquiry, decision: Decision) -> LoggedDecision:
    grant = next((grant for grant in question.grants if grant.id == decision.grant_id), None)
    return LoggedDecision(
        id=turn.change.new_id("d"),
        workflow_id=question.workflow_id,
        action=question.action,
        at=turn.at,
        outcome=decision.outcome,
        codes=decision.codes,
        reasons=decision.reasons,
        facts=kept_facts(inquiry.facts, named_facts(grant.terms, compiled)) if grant else {},
        facts_hash=facts_hash(inquiry.facts),
        grant_id=decision.grant_id,
        grant_hash=decision.grant_hash,
        reported_hash=inquiry.reported_hash,
        approval=inquiry.approval if decision.outcome is Outcome.ALLOW and not decision.codes else None,
        dry_run=inquiry.dry_run,
    )


def _counts_as_refusal(entry: LoggedDecision) -> bool:
    return entry.outcome is Outcome.DENY and not entry.dry_run


def _spikes(turn: Turn, refused: set[tuple[Workflow, Day]]) -> Iterator[Told]:
    """A word to the team where an action is refused again and again, once a day for each action."""
    for workflow, day in sorted(refused, key=lambda pair: pair[1]):
        since = turn.at - SPIKE_WITHIN
        if turn.change.decisions.denied(workflow.id, day.action, since, SPIKE) >= SPIKE:
            yield from told_of_spike(workflow, day.action, day.on)
