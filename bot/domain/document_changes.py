"""What one version of a document changed against another, section by section, as people say it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.domain.documents import Text
from bot.domain.sections import sections
from bot.domain.sheltering import unsheltered

_LINES_LIMIT = 1000
"""Longer sections are not compared line by line: that takes time by the square of their length."""


class Turned(StrEnum):
    """What became of a section."""

    NEW = "new"
    GONE = "taken out"
    CHANGED = "changed"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Alteration:
    """What became of one section; `lines` are ("+", line) or ("−", line), without those that stayed."""

    title: str
    turned: Turned
    lines: tuple[tuple[str, str], ...] = ()

    @property
    def added(self) -> int:
        """How many lines came in."""
        return sum(mark == "+" for mark, _ in self.lines)

    @property
    def removed(self) -> int:
        """How many lines were taken out."""
        return len(self.lines) - self.added


def alterations(before: Text, after: Text) -> tuple[Alteration, ...]:
    """What `after` says otherwise than `before`, in the order of `after`; what was taken out comes last."""
    return tuple(_alterations(before, after))


def _alterations(before: Text, after: Text) -> Iterator[Alteration]:
    yield from _altered("Title", (before.title,), (after.title,))
    yield from _altered("Incident", (before.incident,), (after.incident,))
    old, new = _by_heading(before), _by_heading(after)
    for key, (title, lines) in new.items():
        yield from _altered(title, old[key][1] if key in old else (), lines)
    for key, (title, lines) in old.items():
        if key not in new:
            yield from _altered(title, lines, ())


def _by_heading(text: Text) -> dict[str, tuple[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for section in sections(text.body):
        title, lines = found.get(section.key, (section.title or "Before the first section", ()))
        more = (line.rstrip() for line in unsheltered(section.text).split("\n") if line.strip())
        found[section.key] = (title, (*lines, *more))
    return found


def _altered(title: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Alteration]:
    old, new = tuple(line for line in before if line), tuple(line for line in after if line)
    if old == new:
        return
    if not old:
        yield Alteration(title, Turned.NEW, tuple(("+", line) for line in new))
    elif not new:
        yield Alteration(title, Turned.GONE, tuple(("−", line) for line in old))
    elif max(len(old), len(new)) > _LINES_LIMIT:
        yield Alteration(title, Turned.REWRITTEN)
    else:
        yield Alteration(title, Turned.CHANGED, tuple(_lines(old, new)))


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            yield from (("−", line) for line in old[from_old:to_old])
            yield from (("+", line) for line in new[from_new:to_new])
