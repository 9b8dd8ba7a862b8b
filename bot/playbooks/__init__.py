"""Playbook files: reading them strictly, the shipped ones, and what identifies one.

A workflow pins the text that `shipped_text` gives, complete in itself, and its `content_hash`; `load` turns such a
text back into a `Playbook` whenever it is needed.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot.domain.risk import RiskMatrix
from bot.playbooks import shelf
from bot.playbooks.dates import dated
from bot.playbooks.identity import complete_text, content_hash, shipped_text
from bot.playbooks.problems import PlaybookError, Problem
from bot.playbooks.reading import is_matrix, load, load_matrix, read

__all__ = [
    "PlaybookError",
    "Problem",
    "check",
    "complete_text",
    "content_hash",
    "dated",
    "load",
    "load_matrix",
    "read",
    "risk_matrix",
    "shipped",
    "shipped_text",
]


def shipped() -> tuple[str, ...]:
    """The ids of the playbooks in the folder `playbooks`, the usual choice first."""
    return shelf.ids()


def risk_matrix() -> RiskMatrix:
    """The shipped risk matrix."""
    return _matrix(shelf.text_of(shelf.MATRIX))


_matrix = lru_cache(maxsize=1)(lambda text: load_matrix(text, shelf.source_of(shelf.MATRIX)))


def check(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Every problem of these playbook or risk-matrix files, file by file; none if all are valid."""
    return tuple(problem for path in paths for problem in _check(path))


def _check(path: Path) -> tuple[Problem, ...]:
    source = str(path)
    try:
        text = shelf.file_text(path, source)
        if is_matrix(text, source):
            load_matrix(text, source)
        elif path.resolve().parent == shelf.FOLDER.resolve() and (found := load(text, source).id) != path.stem:
            return (Problem(source, 1, "id", f"must be {path.stem!r}, as its file is called, not {found!r}."),)
        else:
            load(text, source)
    except PlaybookError as error:
        return error.problems
    return ()
