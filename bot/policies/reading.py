"""From text to the terms that a policy file asks for: parse, hold against the model, classify; all problems at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from pydantic import BaseModel

from bot.conditions import compiled
from bot.domain.grants.classification import Bounds, Stated, classify, refusal
from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind
from bot.domain.risk import RiskMatrix
from bot.playbooks.problems import MOST, PlaybookError, Problem
from bot.playbooks.tree import Node, Tree, parse
from bot.playbooks.validity import validate
from bot.policies.coherence import LIMITS, contradictions
from bot.policies.schema import ActionEntry, PolicyEntry
from bot.policies.values import AskedAction, PolicyFile

MAX_BYTES = 64_000

_ACTION = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is judged by: the risk matrix, and how long a grant lasts by the workflow's playbook."""

    matrix: RiskMatrix
    default_days: int = 90
    max_days: int = 180


def read(text: str, source: str, ground: Ground) -> PolicyFile | tuple[Problem, ...]:
    """What the file asks for, or every problem with it by line; `source` is how messages name it."""
    try:
        tree = _tree(text, source)
    except PlaybookError as error:
        return error.problems
    entry = validate(PolicyEntry, tree.root)
    wrong = () if isinstance(entry, BaseModel) else entry
    more = chain(_misnamed(tree.root), contradictions(tree.root, ground.max_days))
    problems = _said_once(tree, chain(wrong, more))
    if problems or not isinstance(entry, BaseModel):
        return problems
    return _file(entry, tree.root, ground)


def workflow_of(text: str, source: str) -> str | None:
    """The workflow that the file names, for finding its playbook before reading the rest; None if it names none."""
    try:
        named = _tree(text, source).root.child("workflow")
    except PlaybookError:
        return None
    return named.text if named else None


def _tree(text: str, source: str) -> Tree:
    if len(text) > MAX_BYTES:
        told = f"is larger than {MAX_BYTES // 1000} kB; a policy file is a page or two of text."
        raise PlaybookError([Problem(source, 1, "", told)])
    tree = parse(text, source)
    return replace(tree, root=_gathered(tree.root))


def _gathered(root: Node) -> Node:
    """The tree with each action's `max_…` and `min_…` keys gathered under one key, as the model has them."""
    actions = root.child("actions")
    if actions is None or not actions.entries:
        return root
    entries = tuple(_with_limits(action) for action in actions.entries)
    return replace(root, value={**root.mapping, "actions": replace(actions, value=entries)})


def _with_limits(action: Node) -> Node:
    limits = {key: node for key, node in action.mapping.items() if key.startswith(("max_", "min_"))}
    if not limits:
        return action
    others = {key: node for key, node in action.mapping.items() if key not in limits}
    return replace(action, value={**others, LIMITS: replace(action, value=limits)})


def _misnamed(root: Node) -> Iterator[Problem]:
    actions = root.child("actions")
    for action in actions.entries if actions else ():
        name = action.child("name")
        if name is not None and name.text is not None and not _ACTION.fullmatch(name.text):
            yield name.problem("is no action's name: a to z, digits and _, at most 60 of them, the first a letter.")


def _said_once(tree: Tree, later: Iterator[Problem]) -> tuple[Problem, ...]:
    """All problems in order; nothing twice, and nothing about what reading has refused already."""
    silent = tuple(node.key for node in _refused(tree.root)) if tree.problems else ()
    fresh = (p for p in later if not any(p.key == key or p.key.startswith(f"{key}.") for key in silent))
    return tuple(sorted(set(islice(chain(tree.problems, fresh), MOST))))


def _refused(node: Node) -> Iterator[Node]:
    if node.refused:
        yield node
    for below in (*node.entries, *node.mapping.values()):
        yield from _refused(below)


def _file(entry: PolicyEntry, root: Node, ground: Ground) -> PolicyFile:
    nodes = root.mapping["actions"].entries
    asked = (_asked(entry, action, ground) for action in entry.actions)
    return PolicyFile(
        workflow=entry.workflow,
        mode=entry.mode,
        members=tuple(entry.members or ()),
        actions=tuple(replace(action, line=node.line) for action, node in zip(asked, nodes, strict=True)),
    )


def _asked(entry: PolicyEntry, action: ActionEntry, ground: Ground) -> AskedAction:
    limits = tuple(Limit(name[4:], LimitKind(name[:3]), bound) for name, bound in (action.max_X or {}).items())
    sources = tuple(line.strip() for line in action.allowed_when or ())
    bounds = Bounds(limits, tuple(compiled(line) for line in sources))
    found = classify(ground.matrix, action.name, bounds, Stated(action.area, action.risk, action.effect))
    if isinstance(found, str):
        return AskedAction(action.name, 0, None, None, bounds, found)
    terms = GrantTerms(
        action=action.name,
        limits=limits,
        conditions=tuple(Condition(index, line) for index, line in enumerate(sources, start=1)),
        requires_human_approval=action.requires_human_approval,
        per_day=action.per_day.value() if action.per_day else None,
        effect=found.effect,
        area=found.area,
        tier=found.tier,
        expires_in_days=action.expires_in_days or ground.default_days,
        logging=entry.logging.value() if entry.logging else None,
        mode=entry.mode,
        members=tuple(entry.members or ()),
    )
    return AskedAction(action.name, 0, terms, found, bounds, refusal(ground.matrix, terms, found, bounds))
