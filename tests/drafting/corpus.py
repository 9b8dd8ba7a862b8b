"""Paragraphs that a model may answer, kept as text: `good.txt` and `bad.txt`."""

from dataclasses import dataclass
from pathlib import Path

from bot.domain.summaries.facts import DigestFacts, redacted
from tests.drafting.samples import WEEKS

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, and the week that it is about."""

    week: str
    text: str

    @property
    def facts(self) -> DigestFacts:
        """What the model was told."""
        return redacted(WEEKS[self.week])


@dataclass(frozen=True, slots=True)
class BadParagraph(Paragraph):
    """A paragraph with something wrong in it, and what that is."""

    wrong: str


def good() -> tuple[Paragraph, ...]:
    """True paragraphs in a careful model's words."""
    return tuple(Paragraph(week, text) for week, text in _sections("good.txt"))


def bad() -> tuple[BadParagraph, ...]:
    """Paragraphs that must not be posted; each line says what is wrong, then the text."""
    split = ((week, *line.split(" | ", 1)) for week, line in _sections("bad.txt"))
    return tuple(BadParagraph(week, text.replace("\\n", "\n"), wrong) for week, wrong, text in split)


def _sections(file: str) -> list[tuple[str, str]]:
    week, found = "", []
    for line in (HERE / file).read_text("utf-8").splitlines():
        if line.startswith("# "):
            week = line.removeprefix("# ")
        elif line:
            found.append((week, line))
    return found
