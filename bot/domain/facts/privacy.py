"""Facts about privacy."""

from dataclasses import dataclass

from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased:
    """A person's name and words are gone; the record has the random id that they had, and how much there was.

    `digest_ids` are the kept digests that it emptied, `text_ids` the program's own sentences that named the person: no
    others but their own words may be empty.
    """

    person_id: str
    text_count: int
    signal_count: int
    digest_ids: tuple[str, ...]
    text_ids: tuple[str, ...]
    reason: FreeText

    @property
    def digest_count(self) -> int:
        """How many digests it emptied."""
        return len(self.digest_ids)
