"""A question of an agent with all that whoever answers it should see."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.checklists import playbook_of
from bot.actions.posing import posed
from bot.conditions import compiled
from bot.domain.escrow import Question, QuestionState
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.decisions import decide as judge
from bot.domain.grants.factsheet import MISSING, given, parse_facts
from bot.domain.grants.log import named_facts
from bot.domain.workflows import Workflow
from store import View


@dataclass(frozen=True, slots=True)
class Sight:
    """A question as it stands at one instant.

    `named` are the facts that the grant names, by path; `others` counts those that it does not. `why` says why a
    person is asked, `barred` why nothing could be let through now. What is let through can be done within
    `use_minutes`.
    """

    question: Question
    workflow: Workflow
    state: QuestionState
    named: tuple[tuple[str, object], ...]
    others: int
    why: tuple[str, ...]
    barred: str | None
    use_minutes: int


def sight_of(view: View, question: Question, at: datetime) -> Sight:
    """The question with what its grant names, and what would be decided now."""
    pair = (question.workflow_id, question.action)
    here = posed(view, [pair], at)[pair]
    facts = parse_facts(question.facts) if question.facts else {}
    decision = judge(here.question, facts, at, compiled)
    terms = view.grants.one(question.grant_id).terms
    found = [(path, given(facts, path)) for path in named_facts(terms, compiled)]
    named = tuple((path, value) for path, value in found if value is not MISSING)
    shown = {path.split(".")[0] for path, _ in named}
    denied = decision.outcome is Outcome.DENY
    return Sight(
        question=question,
        workflow=here.workflow,
        state=question.state(at),
        named=named,
        others=len(facts.keys() - shown),
        why=() if denied else decision.reasons if decision.outcome is Outcome.NEEDS_APPROVAL else _BEYOND,
        barred=decision.reasons[0] if denied else None,
        use_minutes=question.use_minutes or playbook_of(view, here.workflow).count("escrow", "use_minutes"),
    )


_BEYOND = ("The day has no room left for another use.",)
