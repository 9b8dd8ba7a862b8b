"""What Langfuse answers, as far as it is read (its API of version 4)."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.wording import cut
from bot.sources.verdicts import LONGEST

T = TypeVar("T")


class Meta(BaseModel):
    """Where the next page begins; None after the last one."""

    cursor: str | None = None


class Page(BaseModel, Generic[T]):
    """A page of a list."""

    data: list[T]
    meta: Meta = Meta()


class Subject(BaseModel):
    """What a score is about: a trace, or an observation in one; or a session or an experiment."""

    kind: str
    id: str
    trace: str | None = Field(None, alias="traceId")

    @property
    def trace_id(self) -> str | None:
        """The trace that it is, or stands in."""
        return self.id if self.kind == "trace" else self.trace if self.kind == "observation" else None


class Score(BaseModel):
    """A score, by a person or a program."""

    id: str
    name: str
    value: bool | int | float | str
    source: str
    given_at: AwareDatetime = Field(alias="timestamp")
    changed_at: AwareDatetime = Field(alias="updatedAt")
    author: str | None = Field(None, alias="authorUserId")
    subject: Subject | None = None

    @property
    def key(self) -> str:
        """The same for each state that it is found in."""
        return f"{self.id}:{int(self.told_at.timestamp())}"

    @property
    def told_at(self) -> datetime:
        """When it was given the value that it has."""
        return max(self.given_at, self.changed_at)

    @property
    def reviewer(self) -> str:
        """The person who gave it; API where a program did."""
        return self.author or "API"


class Observation(BaseModel):
    """A step of a trace."""

    id: str
    project: str = Field(alias="projectId")
    trace: str | None = Field(None, alias="traceId")
    begun_at: AwareDatetime = Field(alias="startTime")
    ended_at: AwareDatetime | None = Field(None, alias="endTime")
    parent: str | None = Field(None, alias="parentObservationId")
    is_root: bool | None = Field(None, alias="isRootObservation")
    environment: str = ""
    model: str | None = None
    prompt: str | None = Field(None, alias="promptName")
    prompt_version: int | None = Field(None, alias="promptVersion")
    metadata: dict[str, Any] | None = None

    @property
    def over_at(self) -> datetime:
        """When its output was there."""
        return self.ended_at or self.begun_at

    @property
    def prompted(self) -> str:
        """The prompt that it was made with, and its version; empty where Langfuse manages none."""
        return cut(f"{self.prompt} {self.prompt_version or ''}".strip(), LONGEST) if self.prompt else ""


class Dataset(BaseModel):
    """A dataset."""

    id: str
    project: str = Field(alias="projectId")


class Experiment(BaseModel):
    """A run over a dataset, up to the end of the time that was asked for."""

    id: str
    ended_at: AwareDatetime = Field(alias="endTime")
    metadata: dict[str, Any] | None = None


class Case(BaseModel):
    """One item of the dataset in such a run."""

    item: str = Field(alias="experimentItemId")
    trace: str = Field(alias="traceId")
    scores: list[Score] | None = None

    def score(self, name: str) -> Score | None:
        """The last score of that name."""
        named = (each for each in self.scores or () if each.name == name)
        return max(named, key=lambda each: each.told_at, default=None)


class Category(BaseModel):
    """One of the values that may be chosen."""

    label: str


class Config(BaseModel):
    """A score that people may give."""

    name: str
    categories: list[Category] | None = None


class Named(BaseModel):
    """A queue in which outputs wait for people."""

    id: str
    name: str


class Queued(BaseModel):
    """An item of such a queue: a trace, a step or a session."""

    id: str
    subject: str = Field(alias="objectId")
    kind: str = Field(alias="objectType")
    status: str
    queued_at: AwareDatetime = Field(alias="createdAt")

    @property
    def is_output(self) -> bool:
        """Whether it waits, and is a trace or a step."""
        return self.status == "PENDING" and self.kind in ("TRACE", "OBSERVATION")
