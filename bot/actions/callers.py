"""Callers over HTTP: programs that bring a token, which is looked at in the very transaction that serves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.authority import Deciders
from bot.actions.decisions import Answered, Inquiry, answer
from bot.actions.desk import Desk, Turn
from bot.domain.errors import NotFound, RolloutError
from bot.domain.people import Actor, PrincipalKind, Through
from bot.domain.tokens import Scope, Token, demand_bound, demand_usable
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from store import Circumstances, View

DOOR = Actor(PrincipalKind.SERVICE, "service:api", "the API", Through.API)
"""Whom the record of a whole batch names; each decision in it names the token that asked."""


@dataclass(frozen=True, slots=True)
class Call:
    """A decision asked for over HTTP: the hash of the secret, the workflow's name, and the rest of the question."""

    sha256: str
    workflow: str
    inquiry: Inquiry


Reply = Answered | RolloutError
"""What one call comes to: the answer, or the refusal, which is the one caller's alone."""


def serve(desk: Desk, calls: Sequence[Call]) -> tuple[Reply, ...]:
    """What these calls come to, once all of it is committed.

    Nobody in the workspace is looked up, so that no decision waits for Slack.
    """
    here = Circumstances(DOOR, desk.clock.now(), desk.real.now())
    replies = desk.store.change(here, lambda change: _replies(Turn(change, DOOR, here.at, Deciders()), calls))
    if any(_may_be_told(each) for each in replies):
        desk.after()
    return replies


def admitted(view: View, sha256: str, scope: Scope, at: datetime) -> Token:
    """The token with that secret, if it may be used for this; else a refusal."""
    return demand_usable(view.tokens.by_secret(sha256), scope, at)


def workflows_for(view: View, token: Token) -> tuple[Workflow, ...]:
    """The running workflows that the token is for, by name."""
    return tuple(workflow for workflow in view.workflows() if token.is_for(workflow.id))


def _replies(turn: Turn, calls: Sequence[Call]) -> tuple[Reply, ...]:
    tokens = turn.change.hold_tokens(call.sha256 for call in calls)
    ids = turn.change.ids_of_workflows(_key(call) for call in calls)
    admissions = [_admission(turn, call, tokens, ids) for call in calls]
    inquiries = [each for each in admissions if isinstance(each, Inquiry)]
    answers = iter(answer(turn, inquiries) if inquiries else ())
    return tuple(next(answers) if isinstance(each, Inquiry) else each for each in admissions)


def _admission(turn: Turn, call: Call, tokens: Mapping[str, Token], ids: Mapping[str, str]) -> Inquiry | RolloutError:
    """The question of a caller who may ask it; else the refusal."""
    workflow_id = ids.get(_key(call))
    try:
        token = demand_usable(tokens.get(call.sha256), Scope.DECISIONS, turn.at)
        demand_bound(token, workflow_id)
    except RolloutError as refusal:
        return refusal
    if workflow_id is None:
        return NotFound(f"There is no workflow {cut(call.workflow, 60)!r}. GET /v1/workflows lists those there are.")
    return replace(call.inquiry, workflow_id=workflow_id, by=token.actor)


def _key(call: Call) -> str:
    return cut(call.workflow.strip().casefold(), 60)


def _may_be_told(reply: Reply) -> bool:
    """Whether something may wait in the outbox: a question, or word of many refusals."""
    return isinstance(reply, Answered) and bool(reply.question or reply.decision.codes)
