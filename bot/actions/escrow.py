"""Escrow: a question asked, and answered by a person; both are a review signal as well."""

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import signals
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.posing import posed
from bot.actions.told_of_questions import told_of_answer, told_of_question
from bot.conditions import compiled
from bot.domain.errors import BadInput, Conflict
from bot.domain.escrow import (
    Answer,
    Asking,
    Question,
    Use,
    as_text,
    demand_asking,
    demand_open_question,
    demand_same,
    facts_sha256,
    usable_until,
)
from bot.domain.facts import QuestionAnswered, QuestionAsked
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.decisions import decide as judge
from bot.domain.grants.factsheet import misshapen, parse_facts
from bot.domain.grants.life import Grant
from bot.domain.grants.log import as_json
from bot.domain.people import Actor, FreeText
from bot.domain.rights import Right
from bot.domain.signals.kinds import Review, Signal
from bot.domain.ticking import demand_words, words
from bot.domain.workflows import Workflow, demand_open

SOURCE = "rollout"
"""The source of the review signals that questions are."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answers; `facts` is JSON of those that they change, where they edit."""

    answer: Answer
    note: str = ""
    facts: str | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks what; `facts` is the one JSON text of all facts."""

    asking: Asking
    facts: str
    by: Actor


def ask(turn: Turn, workflow: Workflow, grant: Grant, asker: Asker) -> Question | None:
    """The question that waits, or the one that was asked under this key before; None where too many wait already."""
    asking, facts = demand_asking(asker.asking), asker.facts
    facts_hash = facts_sha256(facts)
    use = Use(workflow.id, grant.terms.action, facts_hash, grant.id, grant.hash)
    before = turn.change.escrow.under(workflow.id, asking.key)
    if before:
        demand_same(before, asking, use)
        return before
    playbook = playbook_of(turn.change, workflow)
    if turn.change.escrow.how_many_wait(workflow.id, turn.at) >= playbook.count("escrow", "max_open"):
        return None
    fact = QuestionAsked(
        question_id=turn.change.new_id("ask"),
        workflow_id=workflow.id,
        action=grant.terms.action,
        key=asking.key,
        summary=FreeText(asking.summary),
        url=as_text(asking.url),
        facts_hash=facts_hash,
        grant_id=grant.id,
        grant_hash=grant.hash,
        expires_at=turn.at + timedelta(hours=playbook.count("escrow", "open_hours")),
    )
    turn.change.record(fact, by=asker.by)
    turn.change.keep_question_facts(fact.question_id, facts)
    question = turn.change.escrow.one(fact.question_id)
    turn.tell(told_of_question(workflow, question, turn.change.absences(turn.at)))
    _keep_review(turn, question)
    return question


def answer(turn: Turn, question_id: str, said: Said) -> QuestionAnswered:
    """The answer of someone who may give one; what it lets through may be done once, within minutes."""
    turn.change.lock_workflow(turn.change.escrow.one(question_id).workflow_id)
    question = turn.change.escrow.one(question_id)
    workflow = turn.change.workflow_by_id(question.workflow_id)
    because = turn.demand(Right.ANSWER, workflow.team, workflow)
    demand_open(workflow)
    demand_open_question(question, turn.at)
    note = _note(said)
    facts = _edited(question, said)
    if said.answer.lets_through:
        _demand_in_force(turn, question)
        _demand_within_bounds(turn, question, facts)
    minutes = playbook_of(turn.change, workflow).count("escrow", "use_minutes")
    fact = QuestionAnswered(
        question_id=question.id,
        workflow_id=workflow.id,
        answer=said.answer,
        because=because,
        note=note,
        facts_hash=facts_sha256(facts) if facts else question.facts_hash,
        usable_until=usable_until(turn.at, minutes) if said.answer.lets_through else None,
    )
    turn.change.record(fact, told_of_answer(workflow, question, fact.usable_until))
    if facts:
        turn.change.keep_question_facts(question.id, facts)
    _keep_review(turn, turn.change.escrow.one(question.id))
    return fact


def _note(said: Said) -> FreeText | None:
    if said.answer is Answer.REJECTED:
        return demand_words(said.note, "note", "why not, so that whoever runs the agent can learn from it")
    return words(said.note, "note")


def _demand_in_force(turn: Turn, question: Question) -> None:
    grant = turn.change.grants.one(question.grant_id)
    if not grant.lives or grant.has_expired(turn.at) or grant.hash != question.grant_hash:
        raise Conflict(
            f"The grant for {question.action} that this question rests on is not in force any more, so it can't be "
            "let through; reject it, and the agent will ask anew under what is granted now."
        )


def _demand_within_bounds(turn: Turn, question: Question, edited: str | None) -> None:
    """Nothing, if a decision about these facts would wait for a person now; else a refusal that says why it denies."""
    asked = (question.workflow_id, question.action)
    here = posed(turn.change, [asked], turn.at)[asked]
    decision = judge(here.question, parse_facts(edited or question.facts or "{}"), turn.at, compiled)
    if decision.outcome is not Outcome.DENY:
        return
    code, _, subject = decision.codes[0].partition(":")
    told = f"That can't be let through: {decision.reasons[0]}"
    if edited and code.startswith(("limit.", "fact.", "condition.")):
        raise BadInput(told, subject.removeprefix("max_").removeprefix("min_"))
    raise Conflict(told)


def _edited(question: Question, said: Said) -> str | None:
    """All facts with what the person made of some of them; None where nothing was edited."""
    if said.answer is not Answer.EDITED:
        return None
    if not said.facts or question.facts is None:
        raise BadInput("Say which facts you change, for instance amount_usd to a lower amount.", "facts")
    before, changes = dict(parse_facts(question.facts)), parse_facts(said.facts)
    if strange := sorted(changes.keys() - before.keys()):
        raise BadInput(f"The question has no fact {strange[0]!r}; it has {', '.join(sorted(before))}.", "facts")
    after = before | dict(changes)
    if found := misshapen(after):
        raise BadInput(found.reason, "facts")
    edited = as_json(after)
    if edited == question.facts:
        raise BadInput("Nothing was changed: approve it as it is, or change a fact.", "facts")
    return edited


def _keep_review(turn: Turn, question: Question) -> None:
    """The question as a review: handed in when asked, reviewed when answered."""
    stage = "answered" if question.answer else "asked"
    signals.keep(
        turn,
        (
            Signal(
                id=f"{question.id}:{stage}",
                workflow=question.workflow,
                team=None,
                at=question.answered_at or question.asked_at,
                source=SOURCE,
                url=question.url,
                body=Review(
                    output_id=question.id,
                    submitted_at=question.asked_at,
                    reviewed_at=question.answered_at,
                    outcome=question.answer.outcome if question.answer else None,
                    reviewer=question.answered_by.handle if question.answered_by else None,
                ),
            ),
        ),
    )
