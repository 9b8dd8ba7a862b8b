"""What comes after what: items whose `after` names nothing, goes in a circle, or contradicts the due days."""

from collections.abc import Iterator, Mapping

from bot.playbooks.problems import Problem, hint, quoted
from bot.playbooks.tree import Node

_LONGEST_SHOWN = 10


def misplaced(items: tuple[Node, ...]) -> Iterator[Problem]:
    """Every `after` that cannot be."""
    by_id: dict[str, Node] = {}
    for item in items:
        if name := _name(item):
            by_id.setdefault(name, item)
    for item in items:
        for earlier in _after(item):
            yield from _step(item, earlier, by_id)
    yield from _circles(by_id)


def _name(item: Node) -> str:
    node = item.child("id")
    return (node.text if node else None) or ""


def _after(item: Node) -> tuple[Node, ...]:
    node = item.child("after")
    return node.entries if node else ()


def _due(item: Node) -> int | None:
    node = item.child("due_day")
    return node.whole if node else None


def _step(item: Node, earlier: Node, by_id: Mapping[str, Node]) -> Iterator[Problem]:
    if not earlier.text:
        return
    if earlier.text not in by_id:
        yield earlier.problem(f"{quoted(earlier.text)} is no item here: {hint(earlier.text, by_id)}")
        return
    due, due_earlier = _due(item), _due(by_id[earlier.text])
    if due is not None and due_earlier is not None and due < due_earlier:
        yield earlier.problem(f"{earlier.text} is due on day {due_earlier}, later than this item on day {due}.")


def _circles(by_id: Mapping[str, Node]) -> Iterator[Problem]:
    """One problem for each circle, at its first item; walked without recursion, as a chain may be long."""
    left = {name: [e.text for e in _after(item) if e.text in by_id] for name, item in by_id.items()}
    while left:
        free = [name for name, earlier in left.items() if not any(e in left for e in earlier)]
        for name in free:
            del left[name]
        if not free:
            circle = _circle(left)
            shown = circle if len(circle) <= _LONGEST_SHOWN else [*circle[:_LONGEST_SHOWN], "…", circle[0]]
            yield by_id[circle[0]].mapping["after"].problem(f"goes in a circle: {' → '.join(shown)}.")
            for name in circle[:-1]:
                del left[name]


def _circle(left: Mapping[str, list[str | None]]) -> list[str]:
    """A circle among items that each wait for another of `left`, its first name repeated at the end."""
    path: list[str] = []
    step: str = next(iter(left))
    while step not in path:
        path.append(step)
        step = next(earlier for earlier in left[step] if earlier in left and earlier is not None)
    circle = path[path.index(step) :]
    first = min(range(len(circle)), key=lambda n: list(left).index(circle[n]))
    turned = circle[first:] + circle[:first]
    return [*turned, turned[0]]
