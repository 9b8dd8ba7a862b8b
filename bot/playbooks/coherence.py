"""Where the parts of a playbook contradict each other; read off the tree, so that half-right files get it too."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import get_args

from bot.domain.playbook import PhaseName
from bot.domain.thresholds import DEFAULTS
from bot.playbooks.gates import GateRole
from bot.playbooks.problems import Problem, hint, quoted
from bot.playbooks.sequence import misplaced
from bot.playbooks.tree import Node

_MOST = 1_000_000
_ALWAYS_THERE = ("reviewer", "lead")


def contradictions(root: Node) -> Iterator[Problem]:
    """Everything in a playbook that does not go together."""
    phases = _below(root, "phases")
    yield from _phase_names(root, phases)
    yield from _days(phases, 1, None)
    for phase in phases:
        windows = _below(phase, "windows")
        # A phase that lacks its end was told so above; its windows are not blamed for it.
        is_endless = phase is not phases[-1] and not _has(phase, "last_day")
        end = windows[-1] if is_endless and windows else phase
        yield from _days(windows, _number(phase, "first_day"), _number(end, "last_day"))
        for window in windows:
            for item in _below(window, "items"):
                yield from _item(item, phase, window)
    items = tuple(i for phase in phases for w in _below(phase, "windows") for i in _below(w, "items"))
    yield from _repeated([w for phase in phases for w in _below(phase, "windows")])
    yield from _repeated(items)
    yield from misplaced(items)
    yield from _roles(root, phases, items)
    for phase in phases:
        yield from _gate(phase, {_text(i, "id"): i for i in items})
    yield from _thresholds(root)


def _below(node: Node, name: str) -> tuple[Node, ...]:
    child = node.child(name)
    return child.entries if child else ()


def _text(node: Node, name: str) -> str:
    child = node.child(name)
    return (child.text if child else None) or ""


def _number(node: Node, name: str) -> int | None:
    child = node.child(name)
    return child.whole if child else None


def _has(node: Node, name: str) -> bool:
    child = node.child(name)
    return child is not None and child.value is not None


def _phase_names(root: Node, phases: tuple[Node, ...]) -> Iterator[Problem]:
    names = [_text(phase, "name") for phase in phases]
    wanted = [str(name) for name in PhaseName]
    if names and names != wanted and set(names) <= set(wanted):
        yield root.mapping["phases"].problem(f"must be {', '.join(wanted)}, each once, in this order.")


def _days(stretches: tuple[Node, ...], first_day: int | None, last_day: int | None) -> Iterator[Problem]:
    """Gaps and overlaps in a row of stretches that must fill the days from `first_day` to `last_day`."""
    expected = first_day
    for number, stretch in enumerate(stretches, start=1):
        first, last = _number(stretch, "first_day"), _number(stretch, "last_day")
        at_first, at_last = stretch.child("first_day") or stretch, stretch.child("last_day") or stretch
        if first is not None and expected is not None and first > expected:
            yield at_first.problem(f"leaves a gap: nothing covers day {expected} to day {first - 1}.")
        if first is not None and expected is not None and first < expected:
            yield at_first.problem(f"overlaps with what came before: it should be day {expected}.")
        if first is not None and last is not None and last < first:
            yield at_last.problem(f"lies before its first_day, {first}.")
        is_last = number == len(stretches)
        if not is_last and not _has(stretch, "last_day"):
            yield stretch.problem("has no last_day; only the last one may be without an end.")
        if is_last and last != last_day:
            end = "no last_day: it goes on" if last_day is None else f"last_day {last_day}, as its phase has"
            yield at_last.problem(f"must have {end}.")
        expected = last + 1 if last is not None else None


def _item(item: Node, phase: Node, window: Node) -> Iterator[Problem]:
    due, first, last = _number(item, "due_day"), _number(window, "first_day"), _number(window, "last_day")
    if due is not None and first is not None and (due < first or (last is not None and due > last)):
        window_days = f"day {first} to day {last}" if last is not None else f"from day {first} on"
        yield item.mapping["due_day"].problem(f"is outside of its window, {window_days}.")
    required = item.child("required")
    must = required is None or required.value is True
    if must and not _has(item, "done_when") and not _has(item, "evidence"):
        yield item.problem("is required but nothing would prove it: name its evidence, or done_when.")
    if _has(item, "done_when") and _has(item, "evidence"):
        yield item.mapping["evidence"].problem("is not asked for where done_when ticks the item by itself.")
    if _has(item, "max_age_days") and not _has(item, "done_when"):
        yield item.mapping["max_age_days"].problem("needs done_when: only what ticks by itself can get too old.")
    if _has(item, "every") and _has(phase, "last_day"):
        yield item.mapping["every"].problem("is for the last phase, which has no end; here give one due_day each.")


def _repeated(nodes: tuple[Node, ...] | list[Node]) -> Iterator[Problem]:
    seen: dict[str, Node] = {}
    for node in nodes:
        at = node.child("id")
        if at and at.text and (first := seen.setdefault(at.text, at)) is not at:
            yield at.problem(f"{quoted(at.text)} is taken: {first.key} on line {first.line} has it already.")


def _roles(root: Node, phases: tuple[Node, ...], items: tuple[Node, ...]) -> Iterator[Problem]:
    required = {node.text for node in _below(root, "required_roles")}
    held = [role for role in get_args(GateRole) if role in required]
    asked = [role for item in items if (role := item.child("role"))]
    for role in asked:
        if role.text in get_args(GateRole) and role.text not in required:
            yield role.problem(f"{role.text} is none of the required_roles: {hint('', (*held, *_ALWAYS_THERE))}")
    for phase in phases:
        for role in _below(_checks(phase) or phase, "roles"):
            if role.text in get_args(GateRole) and role.text not in required:
                yield role.problem(f"{role.text} is none of the required_roles: {hint('', held)}")


def _checks(phase: Node) -> Node | None:
    gate = phase.child("gate")
    return gate.child("checks") if gate else None


def _gate(phase: Node, items: Mapping[str, Node]) -> Iterator[Problem]:
    names = [str(name) for name in PhaseName]
    name, gate = _text(phase, "name"), phase.child("gate")
    if name not in names:
        return
    following = PhaseName(name).following
    if gate is None or gate.value is None:
        if following:
            yield phase.problem(f"has no gate; {name} ends by a gate to {following}.")
        return
    to = gate.child("to")
    if following is None:
        yield gate.problem(f"leads nowhere: {name} is the last phase.")
    elif to and to.text in names and to.text != following:
        yield to.problem(f"must be {following}, the phase after {name}.")
    for proof in _proving(_checks(phase)):
        yield from _proof(proof, items)


def _proving(checks: Node | None) -> Iterator[Node]:
    """The nodes that name items which prove a check."""
    if checks is None:
        return
    yield from _below(checks, "published")
    retention = checks.child("log_retention")
    if retention and (item := retention.child("item")):
        yield item


def _proof(proof: Node, items: Mapping[str, Node]) -> Iterator[Problem]:
    if not proof.text:
        return
    item = items.get(proof.text)
    if item is None:
        yield proof.problem(f"{quoted(proof.text)} is no item here: {hint(proof.text, items)}")
    elif (required := item.child("required")) and required.value is False:
        yield proof.problem(f"{quoted(proof.text)} is not required, so it proves nothing; require it.")


def _thresholds(root: Node) -> Iterator[Problem]:
    given = root.child("thresholds")
    for rule, numbers in (given.mapping if given else {}).items():
        if rule not in DEFAULTS:
            yield numbers.problem(f"is no rule with thresholds: {hint(rule, DEFAULTS)}")
            continue
        for name, number in numbers.mapping.items():
            yield from _threshold(number, name, DEFAULTS[rule])


def _threshold(number: Node, name: str, defaults: Mapping[str, int | Decimal]) -> Iterator[Problem]:
    if name not in defaults:
        yield number.problem(f"is no threshold of this rule: {hint(name, defaults)}")
    elif isinstance(defaults[name], int):
        if number.whole is None or not 0 <= number.whole <= _MOST:
            yield number.problem("must be a whole number that is not negative.")
    elif not isinstance(number.value, Decimal | int) or isinstance(number.value, bool) or number.value < 0:
        yield number.problem("must be a share or ratio such as 0.95, not negative.")
