"""What a draft is made from: notes, messages and records, masked before any of it leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.errors import BadInput
from bot.domain.redaction import redact

MATERIAL_LIMIT = 40_000
"""The most characters that are sent: some ten thousand words, which any model takes."""

BEGUN_LIMIT = 3_000
"""The most characters that are sent of a part that somebody wrote already."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation."""

    author: str
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a draft is made from; `begun` is what somebody typed into its parts already, by their titles."""

    workflow: str | None = None
    notes: str = ""
    messages: tuple[Said, ...] = ()
    records: tuple[Mapping[str, str], ...] = ()
    begun: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to make a draft from."""
        return not (self.notes.strip() or self.messages or self.records)


def told(material: Material) -> dict[str, object]:
    """What a model is told, every text of it masked; the first message and the newest ones where not all fit.

    BadInput where there is nothing to tell, or where the notes alone are too long.
    """
    if material.is_blank:
        raise BadInput("There is nothing to draft from: type notes, or choose what to draw on.", "notes")
    if len(material.notes) > MATERIAL_LIMIT:
        raise BadInput(
            f"The notes have {len(material.notes):,} characters and at most {MATERIAL_LIMIT:,} are sent to a model: "
            "shorten them, or make two drafts.",
            "notes",
        )
    room = MATERIAL_LIMIT - len(material.notes)
    records = _fitting(material.records, room)
    room -= sum(map(_length, records))
    messages = [{"author": each.author, "at": each.at, "words": each.words} for each in material.messages]
    return {
        "workflow": redact(material.workflow or ""),
        "notes": redact(material.notes),
        "messages": [_masked(each) for each in _thread_fitting(messages, room)],
        "records": [_masked(each) for each in records],
        # Masked first: half of a number or key that was cut off would not be known as one.
        "begun": {name: words[:BEGUN_LIMIT] for name, words in _masked(material.begun).items()},
    }


def _thread_fitting(messages: list[dict[str, str]], room: int) -> list[Mapping[str, str]]:
    """The message that began it, and as many of the newest as fit beside it."""
    first = messages[:1]
    newest = _fitting(reversed(messages[1:]), room - sum(map(_length, first)))
    return [*first, *reversed(newest)]


def _fitting(texts: Iterable[Mapping[str, str]], room: int) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    for each in texts:
        room -= _length(each)
        if room < 0:
            break
        found.append(each)
    return found


def _length(texts: Mapping[str, str]) -> int:
    return sum(map(len, texts.values()))


def _masked(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: redact(words) for name, words in texts.items()}
