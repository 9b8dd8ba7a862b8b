"""Facts about what nobody was let do."""

from dataclasses import dataclass

from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Someone tried what they have no right to; nothing else changed."""

    act: str
    subject: str
    why: FreeText
