"""Markdown by its sections: what stands under which `## Heading`, and on which line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.wording import clean

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HASHES = re.compile(r" {0,3}(#{1,6})(?!#)")
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Section:
    """One section; the text before the first heading is one without a title. Lines count from 1."""

    title: str
    line: int
    text: str

    @property
    def key(self) -> str:
        """The title as it is compared: `Non-negotiable constraints:` is `non negotiable constraints`."""
        return key_of(self.title)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said here, comments aside."""
        return not self.words

    @property
    def words(self) -> str:
        """What is said here, without the comments that a template put there."""
        return without_comments(self.text).strip()


def key_of(title: str) -> str:
    """A heading as it is compared: what stands in brackets, case, hyphens and a colon at the end do not count."""
    return " ".join(_BRACKETED.sub(" ", title).casefold().replace("-", " ").strip(" \t:").split())


def sections(markdown: str, first_line: int = 1) -> tuple[Section, ...]:
    """The sections in their order; headings inside fenced code are code. A `# Title` before them says nothing new."""
    return tuple(section for section in _sections(markdown, first_line) if section.title or not section.is_blank)


def _sections(markdown: str, first_line: int) -> Iterator[Section]:
    title, line, kept = "", first_line, list[str]()
    fence = ""
    for number, text in enumerate(markdown.split("\n"), start=first_line):
        if found := _FENCE.match(text):
            fence = _fence_after(fence, found[1], text[found.end() :].strip())
        level, heading = (0, "") if fence else _heading(text)
        if level == 2 and heading:
            yield Section(title, line, "\n".join(kept).strip("\n"))
            title, line, kept = heading, number, []
        elif title or level != 1:
            if not title and text.strip() and not kept:
                line = number
            if title or kept or text.strip():
                kept.append(text)
    yield Section(title, line, "\n".join(kept).strip("\n"))


def _heading(line: str) -> tuple[int, str]:
    """The level of a heading and what it says; 0 for any other line."""
    hashes = _HASHES.match(line)
    return (len(hashes[1]), line[hashes.end() :].strip().rstrip("#").rstrip()) if hashes else (0, "")


def _fence_after(fence: str, mark: str, info: str) -> str:
    """The fence that is open after `mark`: what closes it is as long, of the same character, and says nothing."""
    if not fence:
        return mark
    return "" if mark.startswith(fence) and not info else fence


def as_section_text(typed: str) -> str:
    """What someone typed as what may stand under one heading: it neither begins another section nor swallows the next.

    A `## Heading` in it becomes a `### Heading`, and a code fence that is left open is closed.
    """
    kept, fence = list[str](), ""
    for line in clean(typed.expandtabs(4)).strip().split("\n"):
        if found := _FENCE.match(line):
            fence = _fence_after(fence, found[1], line[found.end() :].strip())
        is_heading = not found and not fence and _heading(line)[0] == 2
        kept.append(line.replace("##", "###", 1) if is_heading else line)
    return "\n".join([*kept, fence] if fence else kept)


def without_comments(text: str) -> str:
    """`text` without `<!-- … -->`; one that is never closed reaches to the end, as browsers read it."""
    kept = []
    rest = text
    while True:
        before, opened, rest = rest.partition("<!--")
        kept.append(before)
        if not opened:
            return "".join(kept)
        rest = rest.partition("-->")[2]
