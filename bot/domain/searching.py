"""Words that people look for: how texts are taken apart, and whether one holds them all.

A text and what is looked for are taken apart alike, whatever the database: letters and digits, without accents and
upper case; every word asked for may be the beginning of one that stands there.
"""

import re
import unicodedata
from enum import StrEnum

from bot.domain.errors import BadInput

MOST_WORDS = 30
"""So many different words are looked for at once; each is one more question to the index."""

_LONGEST = 40
_WORD = re.compile(r"[^\W_]+")


class Sought(StrEnum):
    """What is searched; the value is how it is recorded."""

    MEMO = "memo"
    DOCUMENT = "document"
    POLICY = "policy"


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, in order, as they are compared; one that is very long is cut."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tuple(word[:_LONGEST] for word in _WORD.findall(plain))


def words_sought(text: str) -> tuple[str, ...]:
    """The words that are looked for, each once; BadInput if there is none, or more than `MOST_WORDS`."""
    found = tuple(dict.fromkeys(words_in(text)))
    if len(found) > MOST_WORDS:
        raise BadInput(
            f"These are {len(found)} different words, and at most {MOST_WORDS} are looked for at once. Leave out the "
            "common ones.",
            "words",
        )
    if not found:
        raise BadInput("Say which words to look for: letters or digits, such as refund limit.", "words")
    return found


def holds(text: str, sought: tuple[str, ...]) -> bool:
    """Whether each of the words begins a word of the text."""
    there = words_in(text)
    return all(any(word.startswith(each) for word in there) for each in sought)
