"""What an agent put out, and what people said of it, as a review."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.sources.seam import Entry

MOMENT = timedelta(milliseconds=1)


class Word(Protocol):
    """What somebody said of an output."""

    @property
    def key(self) -> str:
        """The same for each state that it is found in."""
        ...

    @property
    def given_at(self) -> datetime:
        """When it was said first."""
        ...

    @property
    def told_at(self) -> datetime:
        """When it came to be what it is."""
        ...

    @property
    def reviewer(self) -> str | None:
        """The person who said it; API where a program handed it on, None where nobody is named."""
        ...


@dataclass(frozen=True, slots=True)
class Output:
    """One output: when it was there, what it was made with, where people look at it, and its environment.

    What nobody says is empty.
    """

    id: str
    over_at: datetime
    prompt_version: str = ""
    model: str = ""
    url: str = ""
    environment: str = ""

    def waiting(self, item: str, workflow: str) -> Entry:
        """The review that nobody did yet, for which it stands in a queue as that item.

        It is told as of a moment before the output was there: whatever somebody said of it, even before it was queued,
        is then the later word.
        """
        return {"id": f"{item}:queued", **self._handed_in(workflow), "at": (self.over_at - MOMENT).isoformat()}

    def judged(self, word: Word, outcome: str, workflow: str) -> Entry:
        """The review by which somebody said what became of it."""
        reviewed_at = max(word.given_at, self.over_at)
        return {
            "id": word.key,
            **self._handed_in(workflow),
            "at": max(word.told_at, reviewed_at).isoformat(),
            "reviewed_at": reviewed_at.isoformat(),
            "outcome": outcome,
            "reviewer": word.reviewer,
        }

    def _handed_in(self, workflow: str) -> Entry:
        known = {"prompt_version": self.prompt_version, "model": self.model, "url": self.url}
        return {
            "type": "review",
            "workflow": workflow,
            "output_id": self.id,
            "submitted_at": self.over_at.isoformat(),
            **{name: value for name, value in known.items() if value},
        }
