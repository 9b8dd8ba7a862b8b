"""What a strand keeps of a run for the next one, read again."""

from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.sources.errors import Garbled

AnyMark = TypeVar("AnyMark", bound=BaseModel)


class Paged(BaseModel):
    """Where a strand goes on: what is new since then, from a page on where a run broke off that began at `begun`."""

    since: AwareDatetime
    after: str | None = None
    begun: AwareDatetime | None = None

    def ends(self, until: datetime) -> datetime:
        """Up to when is read: what a run that broke off was to read is read first."""
        return self.begun or until

    def next_since(self, until: datetime, again: timedelta) -> datetime:
        """Since when the next run reads: that much of this one's time again."""
        return max(self.ends(until) - again, self.since)


class Told(BaseModel):
    """Where a strand goes on: what is new since then, and what of that was told already, with its time."""

    since: AwareDatetime
    told: dict[str, AwareDatetime] = Field(default_factory=dict)

    def one_more(self, name: str, at: datetime) -> "Told":
        """The same once one thing more was told."""
        return Told(since=self.since, told=self.told | {name: at})

    def looking_back(self, until: datetime, reach: timedelta) -> "Told":
        """Where the next run goes on: it looks so far back, and knows again what was told since then."""
        since = max(self.since, until - reach)
        return Told(since=since, told={name: at for name, at in self.told.items() if at >= since})


def kept(kind: type[AnyMark], source: str, cursor: str) -> AnyMark:
    """The mark that was written down as JSON; Garbled where it is none."""
    try:
        return kind.model_validate_json(cursor)
    except ValidationError:
        raise unreadable(source) from None


def unreadable(source: str) -> Garbled:
    """What is said of a cursor that nobody can read."""
    return Garbled(f"The kept place of {source} cannot be read: restore a backup.")
