"""Facts about privacy."""

from dataclasses import dataclass

from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased:
    """A person's name and words are gone; the record has the random id that they had, and how much there was."""

    person_id: str
    text_count: int
    signal_count: int
    digest_count: int
    reason: FreeText
