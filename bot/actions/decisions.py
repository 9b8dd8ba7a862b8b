"""Decisions: what an agent asks, answered by what stands in this very transaction, and logged with the answer.

`answer` judges and logs any number of questions in one change; `decide` opens one for a single question. Whoever is
answered hears of it after the commit, never before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions import escrow
from bot.actions.desk import Asked, Desk, Turn
from bot.actions.posing import Posed, posed
from bot.actions.told import told_of_spike
from bot.actions.told_of_questions import told_of_use
from bot.conditions import compiled
from bot.domain import escrow as escrow_rules
from bot.domain.escrow import Asking, Use
from bot.domain.facts import DecisionsLogged
from bot.domain.grants.decisions import Code, DayCount, Decision, Outcome
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

    def as_json(self) -> dict[str, object]:
        """What whoever asked is told, on the command line as over HTTP; a question stands beside it."""
        decision = self.decision
        return {
            "id": self.id,
            "decision": decision.outcome.value,
            "reasons": list(decision.reasons),
            "codes": [str(code) for code in decision.codes],
            "grant": decision.grant_id,
            "hash": decision.grant_hash,
        }


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
        made = _made(turn, each, inquiry, so_far)
        if made.decision.outcome is Outcome.ALLOW and not inquiry.dry_run:
            counted[each.day] = so_far.plus(made.decision.adds)
        entry = _entry(turn, each, inquiry, made)
        log.append(entry)
        answers.append(Answered(entry.id, turn.at, made.decision, made.asked))
    turn.change.count_days(counted)
    kept = turn.change.keep_decisions(log, [inquiry.by for inquiry in inquiries])
    refused = {(each.workflow, each.day) for each, entry in zip(asked, log, strict=True) if _counts_as_refusal(entry)}
    fact = DecisionsLogged(subject=kept.batch, count=kept.count, sha256=kept.sha256)
    turn.change.record(fact, tuple(_spikes(turn, refused)))
    return tuple(answers)


@dataclass(frozen=True, slots=True)
class _Made:
    """A decision, the id of the answered question that it rests on, and the question that it made someone ask."""

    decision: Decision
    approval: str | None = None
    asked: escrow_rules.Question | None = None


def _made(turn: Turn, posed: Posed, inquiry: Inquiry, so_far: DayCount) -> _Made:
    decision = judge(replace(posed.question, counted=so_far), inquiry.facts, turn.at, compiled)
    if decision.outcome is not Outcome.NEEDS_APPROVAL:
        return _Made(decision)
    if inquiry.approval:
        return _by_approval(turn, posed, inquiry, decision)
    if inquiry.asking is None or inquiry.dry_run:
        return _Made(decision)
    return _asked_of_a_person(turn, posed, inquiry, decision)


def _by_approval(turn: Turn, posed: Posed, inquiry: Inquiry, decision: Decision) -> _Made:
    """An allow, once, where a person let just this through; else a deny that says why the answer does not serve."""
    doing, hashed = posed.question.action, facts_hash(inquiry.facts)
    use = Use(posed.workflow.id, doing, hashed, decision.grant_id, decision.grant_hash)
    told = f"There is no question {cut(str(inquiry.approval), 60)!r}, so it lets nothing through."
    if answered := turn.change.escrow.known(str(inquiry.approval)):
        told = answered.mismatch(use, turn.at) or ""
        if not told and (inquiry.dry_run or turn.change.use_question(answered.id, turn.at)):
            if not inquiry.dry_run:
                turn.tell(told_of_use(posed.workflow, answered))
            # By no name: the log outlasts an erasure, and the question says who it was.
            reasons = ("A person let this through, once.",)
            return _Made(replace(decision, outcome=Outcome.ALLOW, reasons=reasons, codes=()), answered.id)
    reasons = (told or "The answer was used for another decision in this very moment.",)
    return _Made(replace(decision, outcome=Outcome.DENY, reasons=reasons, codes=(Code.APPROVAL_MISMATCH,), adds=()))


def _asked_of_a_person(turn: Turn, posed: Posed, inquiry: Inquiry, decision: Decision) -> _Made:
    """The question put to a person; where too many wait already nobody is asked, and the reasons say so."""
    grant = posed.grant(decision.grant_id)
    assert grant is not None
    assert inquiry.asking is not None
    assert not isinstance(inquiry.facts, Unreadable)
    asker = escrow.Asker(inquiry.asking, as_json(inquiry.facts), inquiry.by or turn.actor)
    question = escrow.ask(turn, posed.workflow, grant, asker)
    if question is not None:
        return _Made(decision, asked=question)
    told = (
        f"{posed.most_waiting} questions of {posed.workflow.name} wait for people already, so nobody was asked; "
        "ask again when some are answered or have expired."
    )
    crowded = replace(decision, reasons=(*decision.reasons, told), codes=(*decision.codes, Code.APPROVAL_CROWDED.value))
    return _Made(crowded)


def _posed(turn: Turn, inquiries: Sequence[Inquiry]) -> tuple[Posed, ...]:
    """Each question as it has to be judged now. What is read here stays so until the commit."""
    # A question is a signal too, and whatever takes in signals claims the workflow: sharing it first would be a knot.
    for workflow_id in sorted({inquiry.workflow_id for inquiry in inquiries if inquiry.asking}):
        turn.change.lock_workflow(workflow_id)
    turn.change.hold(inquiry.workflow_id for inquiry in inquiries)
    asked = [(inquiry.workflow_id, cut(inquiry.action, _LONGEST_ACTION)) for inquiry in inquiries]
    found = posed(turn.change, asked, turn.at)
    return tuple(found[each] for each in asked)


def _entry(turn: Turn, posed: Posed, inquiry: Inquiry, made: _Made) -> LoggedDecision:
    decision = made.decision
    grant = posed.grant(decision.grant_id)
    return LoggedDecision(
        id=turn.change.new_id("d"),
        workflow_id=posed.workflow.id,
        action=posed.question.action,
        at=turn.at,
        outcome=decision.outcome,
        codes=decision.codes,
        reasons=decision.reasons,
        facts=kept_facts(inquiry.facts, named_facts(grant.terms, compiled)) if grant else {},
        facts_hash=facts_hash(inquiry.facts),
        grant_id=decision.grant_id,
        grant_hash=decision.grant_hash,
        reported_hash=inquiry.reported_hash,
        approval=made.approval,
        dry_run=inquiry.dry_run,
    )


def _counts_as_refusal(entry: LoggedDecision) -> bool:
    return entry.outcome is Outcome.DENY and not entry.dry_run


def _spikes(turn: Turn, refused: set[tuple[Workflow, Day]]) -> Iterator[Told]:
    """A word to the team where an action is refused again and again, once a day for each action."""
    for workflow, day in sorted(refused, key=lambda pair: pair[1]):
        since = turn.at - SPIKE_WITHIN
        if turn.change.decisions.denied(workflow.id, day.action, since, SPIKE) >= SPIKE:
            yield from told_of_spike(workflow, day, turn.change.absences(turn.at))
