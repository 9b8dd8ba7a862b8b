"""What agents did, laid beside what they were allowed and what their grants were (`action.unasked`, `policy.drift`)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.grants.classification import Bounds, Stated, classify
from bot.domain.grants.log import as_json
from bot.domain.risk import Effect, RiskMatrix
from bot.domain.verdicts import Trace


@dataclass(frozen=True, slots=True)
class Act:
    """An agent action as it was known: `at` is when it was last told of, for one that was done when it first was so.

    `about` is what a later signal updates it by, None where none can; `facts` is their JSON text.
    """

    trace: Trace
    action: str
    at: datetime
    is_done: bool
    facts: str
    decision: str | None
    grant_hash: str | None
    about: str | None

    @property
    def facts_hash(self) -> str:
        """The hash that a decision about the same facts has."""
        facts = json.loads(self.facts, parse_float=Decimal)
        return hashlib.sha256(as_json(facts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision that an action may rest on: an allow, if it was one."""

    id: str
    workflow_id: str
    action: str
    at: datetime
    is_allow: bool
    facts_hash: str
    has_reported: bool

    def allows(self, workflow_id: str, act: Act) -> bool:
        """Whether it is an allow of this workflow for an action of that name."""
        return self.is_allow and (self.workflow_id, self.action) == (workflow_id, act.action)


@dataclass(frozen=True, slots=True)
class GrantSpan:
    """A grant of one action and the time in which it was in force; `until` is None where it still is."""

    action: str
    hash: str
    effect: Effect
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was in force at `at`."""
        return self.since <= at and (self.until is None or at < self.until)


class Effects:
    """How far actions reach: as their grant says, else as the risk matrix reads their name; unknown is external."""

    def __init__(self, matrix: RiskMatrix) -> None:
        self._matrix = matrix
        self._known: dict[str, Effect] = {}

    def of(self, act: Act, grants: Iterable[GrantSpan]) -> Effect:
        """How far this action reached when it was done."""
        begun = [grant for grant in grants if grant.action == act.action and grant.since <= act.at]
        if begun:
            return max(begun, key=lambda grant: grant.since).effect
        if act.action not in self._known:
            found = classify(self._matrix, act.action, Bounds(()), Stated())
            self._known[act.action] = Effect.EXTERNAL if isinstance(found, str) else found.effect
        return self._known[act.action]


def without_allow(
    workflow_id: str, acts: Iterable[Act], answers: Mapping[str, Answer], within: timedelta
) -> tuple[Act, ...]:
    """The actions without a matching allow, in the order in which they were done.

    `answers` are the decisions that the actions name and those that may be meant where they name none, by id. An allow
    answers for every action that names it, else for one that names none (RULES): the oldest that still counts is taken
    first, so that as many actions as possible have one.
    """
    used: set[str] = set()
    left: list[Act] = []
    for act in sorted(acts, key=lambda act: (act.at, act.trace.id)):
        answer = named_allow(workflow_id, act, answers)
        if answer is not None:
            used.add(answer.id)
        else:
            left.append(act)
    meant: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in sorted(answers.values(), key=lambda each: (each.at, each.id)):
        if answer.is_allow and answer.workflow_id == workflow_id and answer.id not in used:
            meant[answer.action, answer.facts_hash].append(answer)
    if not meant:
        return tuple(left)
    return tuple(act for act in left if act.decision is not None or not _take(meant, act, within))


def named_allow(workflow_id: str, act: Act, answers: Mapping[str, Answer]) -> Answer | None:
    """The allow of this workflow for an action of that name which the action names; None where it names no such."""
    answer = answers.get(act.decision) if act.decision else None
    return answer if answer is not None and answer.allows(workflow_id, act) else None


def _take(meant: Mapping[tuple[str, str], list[Answer]], act: Act, within: timedelta) -> bool:
    """Whether an unused allow for the same facts stands close enough before the action; it is used now."""
    waiting = meant.get((act.action, act.facts_hash), [])
    while waiting and waiting[0].at < act.at - within:
        waiting.pop(0)
    if not waiting or waiting[0].at > act.at:
        return False
    waiting.pop(0)
    return True


def hash_in_force(grants: Iterable[GrantSpan], action: str, at: datetime) -> str | None:
    """The hash of the grant in force for this action at `at`, None where there was none."""
    return next((grant.hash for grant in grants if grant.action == action and grant.holds(at)), None)


def reports_another(act: Act, grants: Collection[GrantSpan]) -> bool:
    """Whether the action reported another grant than the one that was in force."""
    return act.grant_hash is not None and act.grant_hash != hash_in_force(grants, act.action, act.at)


def reports_none(act: Act, grants: Collection[GrantSpan], answers: Mapping[str, Answer]) -> bool:
    """Whether there was a grant to report, and neither the action nor the decision that it rests on did."""
    return not has_reported(act, answers) and hash_in_force(grants, act.action, act.at) is not None


def has_reported(act: Act, answers: Mapping[str, Answer]) -> bool:
    """Whether the action, or the decision that it rests on, said by which grant it was done."""
    answer = answers.get(act.decision) if act.decision else None
    return act.grant_hash is not None or (answer is not None and answer.has_reported)
