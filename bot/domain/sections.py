"""Markdown by its sections: what stands under which `## Heading`, and on which line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HASHES = re.compile(r" {0,3}(#{1,6})(?!#)")
_COMMENT = re.compile(r"(?<!\\)<!--")
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
        fence = fence_after(fence, text)
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


def fence_after(fence: str, line: str) -> str:
    """The fence that is open after `line`: what closes it is as long, of the same character, and says nothing."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not line[found.end() :].strip() else fence


def without_comments(text: str) -> str:
    """`text` without `<!-- … -->`; one that is never closed reaches to the end, and `\\<!--` begins none."""
    kept = []
    rest = text
    while opened := _COMMENT.search(rest):
        kept.append(rest[: opened.start()])
        rest = rest[opened.end() :].partition("-->")[2]
    return "".join((*kept, rest))
