"""What LangSmith answers, as far as it is read (version 2 of its API, and version 1 for feedback)."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, Field

T = TypeVar("T")


def _in_utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""A time; one without an offset is in UTC."""


class Page(BaseModel, Generic[T]):
    """A page of a list, and where the next one begins."""

    items: list[T]
    cursor: str | None = Field(None, alias="next_cursor")


class Named(BaseModel):
    """A project, which is a session in the API, or a dataset."""

    id: str
    tenant: str = Field(alias="tenant_id")


class Experiment(Named):
    """A run over a dataset."""

    begun_at: Instant = Field(alias="start_time")
    extra: dict[str, Any] | None = None

    @property
    def metadata(self) -> dict[str, Any] | None:
        """What whoever ran it wrote down."""
        found = (self.extra or {}).get("metadata")
        return found if isinstance(found, dict) else None


class Stats(BaseModel):
    """The feedback of one key that a run has."""

    avg: float | None = None
    values: dict[str, int] | None = None

    def scores(self, *, words: bool) -> tuple[float | str, ...]:
        """Its categories, or the mean of its numbers: what is asked for, or else the other."""
        number = () if self.avg is None else (self.avg,)
        return tuple(self.values or ()) or number if words else number or tuple(self.values or ())


class Run(BaseModel):
    """An output: what a trace's first step brought."""

    id: str
    begun_at: Instant = Field(alias="start_time")
    ended_at: Instant | None = Field(None, alias="end_time")
    example: str | None = Field(None, alias="reference_example_id")
    metadata: dict[str, Any] | None = None
    feedback: dict[str, Stats] | None = Field(None, alias="feedback_stats")

    @property
    def over_at(self) -> datetime:
        """When its output was there."""
        return self.ended_at or self.begun_at

    def scores(self, key: str, *, words: bool) -> tuple[float | str, ...]:
        """What was said of it under that key, in words or as a number."""
        found = (self.feedback or {}).get(key)
        return found.scores(words=words) if found else ()


class Queue(Named):
    """A queue in which runs wait for people."""

    name: str


class Queued(BaseModel):
    """An item of such a queue: a run, or a thread of several."""

    id: str
    queued_at: Instant = Field(alias="added_at")
    run: str | None = Field(None, alias="run_id")
    project: str | None = Field(None, alias="project_id")


class Giver(BaseModel):
    """Who gave feedback."""

    type: str | None = None
    user_id: str | None = None
    member: str | None = Field(None, alias="ls_user_id")


class Feedback(BaseModel):
    """One word on a run."""

    id: str
    topic: str = Field(alias="key")
    given_at: Instant = Field(alias="created_at")
    changed_at: Instant = Field(alias="modified_at")
    run: str | None = Field(None, alias="run_id")
    score: bool | int | float | None = None
    value: Any = None
    giver: Giver | None = Field(None, alias="feedback_source")

    @property
    def said(self) -> bool | int | float | str | None:
        """The category that was chosen, or else the number."""
        return self.value if isinstance(self.value, str) and self.value else self.score

    @property
    def key(self) -> str:
        """The same for each state that it is found in."""
        return f"{self.id}:{int(self.told_at.timestamp())}"

    @property
    def told_at(self) -> datetime:
        """When it came to be what it is."""
        return max(self.given_at, self.changed_at)

    @property
    def reviewer(self) -> str | None:
        """The person who gave it; API where a program handed it on, None where nobody is named."""
        if self.giver is None:
            return None
        named = self.giver.member or self.giver.user_id
        return named or ("API" if self.giver.type == "api" else None)
