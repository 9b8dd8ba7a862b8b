"""Whether something that is kept quotes somebody's words, whole or cut."""

from collections.abc import Iterable, Iterator
from typing import Any

_SHORT = 8
"""Words of fewer characters are quoted only where nothing else stands: "ok" is part of many a sentence."""


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value of plain JSON, names of fields left out, each on one line."""
    if isinstance(value, str):
        yield _line(value)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def quotes(kept: Iterable[str], words: Iterable[str]) -> bool:
    """Whether one of the texts that are kept, as `texts_in` gives them, has one of these in it or is cut from it."""
    there = frozenset(kept)
    whole = "\n".join(there)
    cut = tuple(each.rstrip("…").rstrip() for each in there if each.endswith("…") and len(each) > _SHORT)
    for each in map(_line, words):
        if each in there or (len(each) >= _SHORT and each in whole) or any(part in each for part in cut):
            return True
    return False


def _line(text: str) -> str:
    return " ".join(text.split())
