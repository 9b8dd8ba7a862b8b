"""Files of Markdown with front matter, read strictly: every problem at once, each with its line."""

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from bot.domain.gaps import TITLE_LIMIT
from bot.domain.sections import Section, sections
from bot.domain.wording import clean
from bot.playbooks.problems import PlaybookError, Problem
from bot.playbooks.tree import Tree, parse
from bot.playbooks.validity import validate

MAX_BYTES = 500_000
MAX_HEAD_LENGTH = 20_000

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file taken apart: its front matter as a tree, and the Markdown below it, which begins on line `body_line`."""

    source: str
    head: Tree
    body: str
    body_line: int

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the body, with the lines of the file."""
        return sections(self.body, self.body_line)

    def problem(self, line: int, key: str, message: str) -> Problem:
        """A problem on a line of this file."""
        return Problem(self.source, line, key, message)

    def without(self, names: Collection[str]) -> "Paper":
        """The same without those keys in its front matter, as if nobody had written them."""
        root = self.head.root
        kept = {name: node for name, node in root.mapping.items() if name not in names}
        return replace(self, head=replace(self.head, root=replace(root, value=kept))) if names else self

    def filled(self, model: type[Model], more: Iterable[Problem]) -> Model:
        """The front matter as a `model`; PlaybookError with everything that is wrong with it, and `more`."""
        entry = validate(model, self.head.root)
        wrong = () if isinstance(entry, BaseModel) else entry
        problems = (*self.head.problems, *wrong, *more)
        if problems or not isinstance(entry, BaseModel):
            raise PlaybookError(problems)
        return entry


def read(place: str) -> Paper:
    """The paper in the file `place`, or on standard input where that is `-`."""
    source = "standard input" if place == "-" else place
    return taken_apart(text_of(place, source), source)


def taken_apart(text: str, source: str) -> Paper:
    """The paper that `text` is; PlaybookError if it has no front matter that can be read."""
    lines = text.replace("\r\n", "\n").split("\n")
    ends = [number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or not ends:
        _stop(source, 1, "must begin with front matter: a line ---, then keys such as title, then another line ---.")
    end = ends[0]
    head = "\n".join(lines[1:end])
    if len(head) > MAX_HEAD_LENGTH:
        _stop(source, 1, f"has more than {MAX_HEAD_LENGTH:,} characters of front matter: write below it instead.")
    # The empty line stands for the first ---, so that problems name the lines of the file.
    tree = parse(f"\n{head}" if head.strip() else "\n{}", source)
    return Paper(source, tree, "\n".join(lines[end + 1 :]), end + 2)


def strays(paper: Paper, known: Iterable[str]) -> Iterator[Problem]:
    """What stands before the first section, or under a heading for the second time."""
    known_keys, seen = set(known), set[str]()
    for section in paper.sections:
        if not section.title:
            yield paper.problem(section.line, "", "text stands before the first section: put it under a ## heading.")
        elif section.key in seen & known_keys:
            yield paper.problem(section.line, section.title, "is there twice: put both into one section.")
        seen.add(section.key)


def text_of(place: str, source: str) -> str:
    """The text of the file `place`, or of standard input where that is `-`; a refusal if it can't be read as text."""
    try:
        if place == "-":
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(place).open("rb") as file:
                content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its name is no file's name").lower()
        _stop(source, 1, f"cannot be read: {why}.")
    if len(content) > MAX_BYTES:
        _stop(source, 1, f"is larger than {MAX_BYTES // 1000} kB: shorten it, or link to the rest.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _stop(source, content.count(b"\n", 0, error.start) + 1, "is not UTF-8 text here: save it as UTF-8.")


def _stop(source: str, line: int, message: str) -> NoReturn:
    raise PlaybookError([Problem(source, line, "", message)]) from None


def _demand_words(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank: write one line by which others will find it.")
    if "\n" in text or clean(text) != text:
        raise ValueError("has a line break or an invisible character in it: write one plain line.")
    return text


def _as_key(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Title = Annotated[str, StringConstraints(max_length=TITLE_LIMIT), AfterValidator(_demand_words)]
Key = Annotated[str, BeforeValidator(_as_key), StringConstraints(max_length=200), AfterValidator(_demand_words)]
