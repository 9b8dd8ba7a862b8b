"""From text to values: parse, extend, hold against the model, look for contradictions; all problems at once."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import TypeVar

from pydantic import BaseModel

from bot.domain.playbook import Playbook
from bot.domain.risk import RiskMatrix
from bot.playbooks import shelf
from bot.playbooks.coherence import contradictions
from bot.playbooks.inheritance import extend, misfits
from bot.playbooks.matrix import MatrixEntry
from bot.playbooks.problems import MOST, PlaybookError, Problem, hint, quoted
from bot.playbooks.schema import PlaybookEntry
from bot.playbooks.tree import Node, Tree, parse
from bot.playbooks.validity import validate

Model = TypeVar("Model", bound=BaseModel)

_parsed = lru_cache(maxsize=16)(parse)


def read(text: str, source: str) -> Playbook | tuple[Problem, ...]:
    """The playbook that `text` is, or every problem with it; `source` is how messages name the file."""
    try:
        return load(text, source)
    except PlaybookError as error:
        return error.problems


def load(text: str, source: str) -> Playbook:
    """The playbook that `text` is; PlaybookError with every problem."""
    return _remembered(text, source) or _playbook(complete(text, source))


def load_matrix(text: str, source: str) -> RiskMatrix:
    """The risk matrix that `text` is; PlaybookError with every problem."""
    tree = parse(text, source)
    return _valid(MatrixEntry, tree, iter(())).value()


def complete(text: str, source: str) -> Tree:
    """The tree of `text` with what it extends put in; PlaybookError if that cannot be found."""
    tree = _parsed(text, source)
    return _extended(tree, tree.root, ())


def is_complete(text: str, source: str) -> bool:
    """Whether `text` needs no other file."""
    return _parsed(text, source).root.child("extends") is None


def is_matrix(text: str, source: str) -> bool:
    """Whether `text` means to be a risk matrix rather than a playbook."""
    return parse(text, source).root.child("areas") is not None


@lru_cache(maxsize=64)
def _remembered(text: str, source: str) -> Playbook | None:
    """The playbook; None for an extension, as what that means also hangs on the file of its base."""
    return _playbook(_parsed(text, source)) if is_complete(text, source) else None


def _playbook(tree: Tree) -> Playbook:
    return _valid(PlaybookEntry, tree, contradictions(tree.root)).value()


def _extended(tree: Tree, asking: Node, names: tuple[str, ...]) -> Tree:
    """`tree` on top of what it extends; circles and gaps are told where the first file (`asking`) says extends."""
    extends = tree.root.child("extends")
    if extends is None:
        return tree
    own, name = tree.root.child("id"), extends.text or ""
    way = (*names, (own.text if own else None) or "")
    at = asking.child("extends") or asking
    if name in way:
        told = f"goes in a circle: {' → '.join((*way, name))}."
        raise PlaybookError([*tree.problems, at.problem(told)])
    if name not in shelf.ids():
        told = f"{quoted(str(extends.value))} is no playbook that comes with Rollout: {hint(name, shelf.ids())}"
        raise PlaybookError([*tree.problems, at.problem(told)])
    base = _extended(_parsed(shelf.text_of(name), shelf.source_of(name)), asking, way)
    problems = (*base.problems, *tree.problems, *islice(misfits(base.root, tree.root), MOST))
    return Tree(extend(base.root, tree.root), problems)


def _valid(model: type[Model], tree: Tree, more: Iterator[Problem]) -> Model:
    """The tree as a `model`; PlaybookError with what is wrong, `more` included, but nothing said twice."""
    entry = validate(model, tree.root)
    wrong = () if isinstance(entry, BaseModel) else entry
    silent = tuple((node.source, node.key) for node in _refused(tree.root)) if tree.problems else ()
    later = (p for p in chain(wrong, more) if not any(_is_below(p, *place) for place in silent))
    problems = tuple(islice(chain(tree.problems, later), MOST))
    if problems or not isinstance(entry, BaseModel):
        raise PlaybookError(problems)
    return entry


def _refused(node: Node) -> Iterator[Node]:
    if node.refused:
        yield node
    for below in (*node.entries, *node.mapping.values()):
        yield from _refused(below)


def _is_below(problem: Problem, source: str, key: str) -> bool:
    return problem.source == source and (problem.key == key or problem.key.startswith(f"{key}."))
