"""What is missing or wrong in something that people hand in: everything at once, each with its field."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.errors import BadInput
from bot.domain.wording import one_line

TITLE_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong: where it was typed, and a sentence that says what to do."""

    field: str
    sentence: str


class Incomplete(BadInput):
    """Something cannot be taken in as it is; `gaps` has every reason, field by field."""

    def __init__(self, message: str, gaps: tuple[Gap, ...]) -> None:
        super().__init__(message, gaps[0].field if gaps else None)
        self.gaps = gaps


def gaps_in_title(title: str) -> Iterator[Gap]:
    """What is wrong with a title: it is one line that says something."""
    line = one_line(title)
    if not line:
        yield Gap("title", "Give it a title: one line by which others will find it.")
    elif len(line) > TITLE_LIMIT:
        yield Gap("title", f"A title has at most {TITLE_LIMIT} characters and this one has {len(line):,}: shorten it.")
    if _unstorable(title):
        yield Gap("title", _UNSTORABLE)


def gaps_in_words(field: str, words: str, limit: int) -> Iterator[Gap]:
    """What is wrong with longer words: too many of them, or one that cannot be stored."""
    if len(words) > limit:
        yield Gap(
            field,
            f"This has {len(words):,} characters and at most {limit:,} fit: shorten it, or link to the rest.",
        )
    if _unstorable(words):
        yield Gap(field, _UNSTORABLE)


_UNSTORABLE = "This contains a character that can't be stored (NUL or half a character): remove it."


def _unstorable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)
