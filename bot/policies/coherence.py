"""What a policy file says twice, against itself, or in a condition that can't be used; each with its line."""

from collections.abc import Iterator
from decimal import Decimal

from bot.conditions import compiled
from bot.domain.errors import BadInput
from bot.domain.grants.conditions import FactKind
from bot.domain.grants.terms import LimitKind, Mode
from bot.domain.workflows import workflow_name
from bot.playbooks.problems import Problem, quoted
from bot.playbooks.tree import Node
from bot.policies.schema import MAX_ACTIONS, MAX_CONDITIONS

LIMITS = "max_X"
"""The key under which `reading` gathers an action's limits."""


def contradictions(root: Node, max_days: int) -> Iterator[Problem]:
    """Every problem that no single field shows; `max_days` is how long a grant may last.

    Only as many actions and conditions are looked into as a file may have; too many are a problem of their own.
    """
    yield from _names(root)
    yield from _mesh(root)
    actions = root.child("actions")
    lines: dict[str, int] = {}
    for action in actions.entries[:MAX_ACTIONS] if actions else ():
        yield from _action(action, max_days)
        name = action.child("name")
        if name is None or name.text is None:
            continue
        if name.text in lines:
            yield name.problem(f"is asked for twice; the first is on line {lines[name.text]}. Write one action once.")
        lines.setdefault(name.text, name.line)


def _names(root: Node) -> Iterator[Problem]:
    members = root.child("members")
    for node in (root.child("workflow"), *(members.entries if members else ())):
        if node is None or node.text is None:
            continue
        try:
            proper = workflow_name(node.text)
        except BadInput as error:
            yield node.problem(f"{quoted(node.text)} is no workflow's name. {error}")
            continue
        if proper != node.text:
            yield node.problem(f"is written {quoted(proper)} here: small letters, no spaces.")


def _mesh(root: Node) -> Iterator[Problem]:
    mode, members = root.child("mode"), root.child("members")
    is_mesh = mode is not None and mode.text == Mode.MESH
    if members is not None and not is_mesh:
        yield members.problem("is for a mesh only: write mode: mesh, or leave the members out.")
    if mode is not None and is_mesh and (members is None or not members.entries):
        yield mode.problem(
            "needs its members: name the workflows that work together, as in members: [triage, refunds]."
        )
    own = root.child("workflow")
    seen: set[str] = set()
    for member in members.entries if members else ():
        if member.text is not None and member.text in seen:
            yield member.problem(f"names {quoted(member.text)} twice.")
        if own is not None and member.text is not None and member.text == own.text:
            yield member.problem("is the workflow of this file itself; name only the others.")
        seen.add(member.text or "")


def _action(action: Node, max_days: int) -> Iterator[Problem]:
    limits = action.child(LIMITS)
    yield from _ranges(limits)
    yield from _conditions(action, limits)
    days = action.child("expires_in_days")
    if days is not None and days.whole is not None and days.whole > max_days:
        yield days.problem(f"is at most {max_days}; a grant is renewed by asking again before it ends.")
    per_day = action.child("per_day")
    if per_day is not None and per_day.value == {}:
        yield per_day.problem("limits nothing: write uses, sum or both, as in per_day: {uses: 40}.")


def _ranges(limits: Node | None) -> Iterator[Problem]:
    """A `max_X` below its `min_X`, which nothing could meet."""
    for name, node in (limits.mapping if limits else {}).items():
        other = limits.child(f"{LimitKind.MIN}_{name[4:]}") if limits and name.startswith("max_") else None
        if other is None or not (_is_number(node) and _is_number(other)):
            continue
        if Decimal(str(node.value)) < Decimal(str(other.value)):
            yield node.problem(f"is below min_{name[4:]} (line {other.line}), so nothing could be within both.")


def _is_number(node: Node) -> bool:
    return isinstance(node.value, int | Decimal) and not isinstance(node.value, bool)


def _conditions(action: Node, limits: Node | None) -> Iterator[Problem]:
    """Each condition that does not compile, or takes a fact for something else than a line above it."""
    kinds = {name[4:]: (FactKind.NUMBER, name) for name in (limits.mapping if limits else {})}
    lines = action.child("allowed_when")
    for index, line in enumerate(lines.entries[:MAX_CONDITIONS] if lines else (), start=1):
        if line.text is None:
            continue
        try:
            condition = compiled(line.text.strip())
        except BadInput as error:
            yield line.problem(f"{error}")
            continue
        for use in condition.uses:
            kind, where = kinds.setdefault(use.path, (use.kind, f"line {index} of allowed_when"))
            if kind is not use.kind and not _agree(kind, use.kind):
                yield line.problem(f"takes {use.path} for {use.kind}, and {where} takes it for {kind}.")


_SIZED = {FactKind.SIZED, FactKind.TEXT, FactKind.NUMBERS, FactKind.TEXTS, FactKind.BOOLEANS}


def _agree(one: FactKind, two: FactKind) -> bool:
    """Whether one of them is content with the size of the other."""
    return FactKind.SIZED in (one, two) and {one, two} <= _SIZED
