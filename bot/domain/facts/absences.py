"""Facts about who is away; `subject` is the person's id."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAway:
    """Someone is away to the end of a day, and a deputy, if one is named, stands in for them."""

    subject: str
    until: date
    deputy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBack:
    """Someone came back before that day was over."""

    subject: str
