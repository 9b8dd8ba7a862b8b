"""What a decision is judged on: one workflow as it stands, and what it holds for one action."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.checklists import playbook_of
from bot.actions.grants.watch import evals_fresh_until
from bot.domain.calendar import local_date
from bot.domain.grants.decisions import Question
from bot.domain.grants.life import Grant
from bot.domain.grants.log import Day
from bot.domain.workflows import Workflow
from store import View


@dataclass(frozen=True, slots=True)
class Posed:
    """A question with how its workflow stands; `most_waiting` questions of its agent may wait for people at once."""

    workflow: Workflow
    question: Question
    day: Day
    most_waiting: int

    def grant(self, grant_id: str | None) -> Grant | None:
        """The grant of that id among those that the answer may rest on."""
        return next((grant for grant in self.question.grants if grant.id == grant_id), None)


def posed(view: View, asked: Iterable[tuple[str, str]], at: datetime) -> dict[tuple[str, str], Posed]:
    """Each of these questions, (workflow id, action), as it has to be judged at `at`."""
    pairs = set(asked)
    grounds = {workflow_id: _ground(view, workflow_id, at) for workflow_id in {of for of, _ in pairs}}
    return {(of, action): _pose(view, grounds[of], action) for of, action in pairs}


def _ground(view: View, workflow_id: str, at: datetime) -> Posed:
    """What all questions about one workflow have in common."""
    workflow = view.workflow_by_id(workflow_id)
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
    day = Day(workflow.id, "", local_date(at, workflow.team.zone))
    return Posed(workflow, question, day, playbook.count("escrow", "max_open"))


def _pose(view: View, ground: Posed, action: str) -> Posed:
    grants = view.grants.in_question(ground.workflow.id, action)
    return replace(
        ground,
        question=replace(ground.question, action=action, grants=grants),
        day=replace(ground.day, action=action),
    )
