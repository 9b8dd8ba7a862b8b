"""Playbooks that say `extends:`: another playbook's tree with items added, dropped and changed.

An extension has its own id, title, version and summary. `add` is a list of {window, items}; `drop` a list of item
ids, which also leave every `after`; `change` gives items other values; `gates` gives the gate of a phase other
checks (null takes one away); `thresholds` other numbers. Added items stand among the others by due day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.playbooks.problems import Problem, hint, quoted
from bot.playbooks.tree import Node

_OWN = ("id", "title", "version", "summary")
_REPLACED = ("required_roles", "holidays", "holiday_calendar", "rungs")
_STEPS = ("add", "drop", "change", "gates", "thresholds")
_KNOWN = (*_OWN, "extends", *_STEPS, *_REPLACED)
_PARTS_OF_ADD = ("window", "items")


def extend(base: Node, extension: Node) -> Node:
    """The complete playbook that `extension` makes of `base`; nodes keep the lines of the file they come from."""
    given = extension.mapping
    root = {key: given[key] for key in _OWN if key in given}
    root |= {key: node for key, node in base.mapping.items() if key not in _OWN}
    root |= {key: given[key] for key in _REPLACED if key in given}
    if numbers := _overlaid(root.get("thresholds"), given.get("thresholds"), 2):
        root["thresholds"] = numbers
    if phases := root.pop("phases", None):
        entries = tuple(_phase(phase, extension) for phase in phases.entries)
        root["phases"] = replace(phases, value=entries)
    return replace(extension, value=root)


def misfits(base: Node, extension: Node) -> Iterator[Problem]:
    """Whatever an extension says that its base has no place for."""
    for key, node in extension.mapping.items():
        if key not in _KNOWN:
            yield node.problem(f"is not known in a playbook that extends another: {hint(key, _KNOWN)}")
    windows, items = _names(base, "windows"), _items(base)
    yield from _misplaced_additions(extension, windows)
    for node in _entries(extension, "drop"):
        if node.text not in items:
            yield node.problem(f"is no item of what this extends: {hint(node.text or '', items)}")
    yield from _impossible_changes(extension, items)
    for name, checks in _mapping(extension, "gates").items():
        if name not in (gated := _gated(base)):
            yield checks.problem(f"is no phase with a gate: {hint(name, gated)}")
    for step in _STEPS:
        yield from _wrong_shape(extension.child(step), step)


def _wrong_shape(node: Node | None, step: str) -> Iterator[Problem]:
    kind = tuple if step in ("add", "drop") else Mapping
    if node is not None and not isinstance(node.value, kind) and not node.refused:
        yield node.problem("must be a list." if kind is tuple else "must be keys with values.")


def _misplaced_additions(extension: Node, windows: tuple[str, ...]) -> Iterator[Problem]:
    for addition in _entries(extension, "add"):
        for key, node in addition.mapping.items():
            if key not in _PARTS_OF_ADD:
                yield node.problem(f"is not known here: {hint(key, _PARTS_OF_ADD)}")
        window = addition.child("window")
        if window is None:
            yield addition.problem("is missing.", "window")
        elif window.text not in windows:
            told = hint(window.text or "", windows)
            yield window.problem(f"{quoted(str(window.text))} is no window of what this extends: {told}")
        if not _entries(addition, "items"):
            yield addition.problem("must list at least 1 item.", "items")


def _impossible_changes(extension: Node, items: tuple[str, ...]) -> Iterator[Problem]:
    dropped = {node.text for node in _entries(extension, "drop")}
    for name, change in _mapping(extension, "change").items():
        if name not in items:
            yield change.problem(f"is no item of what this extends: {hint(name, items)}")
        elif name in dropped:
            yield change.problem("is dropped as well: decide for one of the two.")
        elif not change.mapping and not change.refused:
            yield change.problem("must be keys with values.")
        if key := change.child("id"):
            yield key.problem("stays as it is: an id is what records are kept by. Drop the item, and add another.")


def _phase(phase: Node, extension: Node) -> Node:
    parts = dict(phase.mapping)
    if windows := phase.child("windows"):
        parts["windows"] = replace(windows, value=tuple(_window(w, extension) for w in windows.entries))
    name = phase.child("name")
    checks = _mapping(extension, "gates").get((name.text if name else None) or "")
    if (gate := phase.child("gate")) and checks:
        overlaid = _overlaid(gate.child("checks"), checks, 1)
        parts["gate"] = replace(gate, value={**gate.mapping, **({"checks": overlaid} if overlaid else {})})
    return replace(phase, value=parts)


def _window(window: Node, extension: Node) -> Node:
    items, dropped = window.child("items"), {node.text for node in _entries(extension, "drop")}
    if items is None:
        return window
    changes = _mapping(extension, "change")
    kept = [_item(item, changes.get(_id(item)), dropped) for item in items.entries if _id(item) not in dropped]
    added = [
        item
        for addition in _entries(extension, "add")
        if (place := addition.child("window")) and place.text == _id(window)
        for item in _entries(addition, "items")
    ]
    ordered = sorted([*kept, *added], key=_due_day) if added else kept
    return replace(window, value={**window.mapping, "items": replace(items, value=tuple(ordered))})


def _item(item: Node, change: Node | None, dropped: set[str | None]) -> Node:
    parts = dict(item.mapping)
    if after := item.child("after"):
        left = tuple(node for node in after.entries if node.text not in dropped)
        if len(left) < len(after.entries):
            parts["after"] = replace(after, value=left or None)
    return replace(item, value={**parts, **(change.mapping if change else {})})


def _overlaid(under: Node | None, over: Node | None, levels: int) -> Node | None:
    """`under` with the values of `over`, that many levels down; null takes a value away."""
    if under is None or over is None or not levels:
        return over if over is not None else under
    parts = dict(under.mapping)
    for key, node in over.mapping.items():
        if node.value is None and not node.refused:
            parts.pop(key, None)
        elif merged := _overlaid(parts.get(key), node, levels - 1):
            parts[key] = merged
    return replace(under, value=parts)


def _id(node: Node) -> str:
    child = node.child("id")
    return (child.text if child else None) or ""


def _due_day(item: Node) -> int:
    child = item.child("due_day")
    return (child.whole if child else None) or 0


def _entries(node: Node, name: str) -> tuple[Node, ...]:
    child = node.child(name)
    return child.entries if child else ()


def _mapping(node: Node, name: str) -> Mapping[str, Node]:
    child = node.child(name)
    return child.mapping if child else {}


def _names(base: Node, name: str) -> tuple[str, ...]:
    return tuple(_id(node) for phase in _entries(base, "phases") for node in _entries(phase, name))


def _items(base: Node) -> tuple[str, ...]:
    windows = (w for phase in _entries(base, "phases") for w in _entries(phase, "windows"))
    return tuple(_id(item) for window in windows for item in _entries(window, "items"))


def _gated(base: Node) -> tuple[str, ...]:
    named = ((phase.child("name"), phase.child("gate")) for phase in _entries(base, "phases"))
    return tuple(name.text for name, gate in named if name and name.text and gate)
