"""Langfuse: what people said of an agent's outputs, which of them wait, and how its datasets went."""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.domain.nearness import near
from bot.sources.errors import Missing
from bot.sources.langfuse_project import Project, instant
from bot.sources.langfuse_queues import Queue
from bot.sources.langfuse_reviews import Reviews
from bot.sources.langfuse_runs import Runs
from bot.sources.queues import Waiting
from bot.sources.seam import Access, Source, Strand, line_to, source
from bot.sources.stanzas import Dated, Different, Name, matching
from bot.sources.suites import EvalSuite
from bot.sources.verdicts import Measured, Verdicts, demand_once

_PAIR = re.compile(r"[^:\s]+:[^:\s]+")

Listed = Annotated[Name, matching(r"[^,]+", "must have no comma: Langfuse takes one as the end of a name.")]


Giver = Literal["ANNOTATION", "API"]
"""Who gives a score: people in Langfuse, or a program, for the people who use it."""


def _people() -> list[Giver]:
    return ["ANNOTATION"]


class Judged(Verdicts):
    """The scores that are reviews: their name, who gives them, what the values say, and where outputs wait for one."""

    score: Listed
    sources: Annotated[Different[Giver], Field(min_length=1)] = Field(default_factory=_people)
    environments: Different[Listed] = Field(default_factory=list)
    queue: Name | None = None

    @property
    def is_by_people(self) -> bool:
        """Whether only people give it, by a configuration that says which values there are."""
        return self.sources == _people()


class Suite(Measured):
    """A dataset whose runs are runs of an eval suite, and the score by which a case passes."""

    score: Name


class Entries(Dated):
    """What in a project tells of a workflow."""

    workflow: Name
    reviews: list[Judged] = Field(default_factory=list)
    evals: list[Suite] = Field(default_factory=list)

    @model_validator(mode="after")
    def _demand_something(self) -> Self:
        suites = [each.named for each in self.evals]
        scores = [each.score for each in self.reviews]
        if not suites and not scores:
            raise ValueError("would bring nothing: name scores in reviews, or datasets in evals.")
        demand_once(suites, "give each a suite of its own")
        demand_once(scores, "put its values together")
        demand_once([each.queue for each in self.reviews if each.queue], "keep a queue with one score")
        return self


@source("langfuse", Entries)
def langfuse(access: Access, entries: Sequence[Entries]) -> Source:
    """Langfuse by the keys of a project; each score, each queue and each dataset is a strand."""
    if access.token is None or not _PAIR.fullmatch(access.token):
        what = "no token" if access.token is None else "a token that is no pair of keys"
        told = f"langfuse has {what}: set LANGFUSE_TOKEN to PUBLIC:SECRET, the two keys of a project."
        return Source("langfuse", problem=told)
    told = base64.b64encode(access.token.encode()).decode()
    line = line_to("langfuse", access, {"Authorization": f"Basic {told}"})
    project = Project(line, access.url.rstrip("/"))
    strands = tuple(strand for each in entries for strand in _strands(project, each))
    return Source(
        "langfuse", strands, greet=lambda: _Greeting(project, entries).ask(access.world.now()), close=line.close
    )


def _strands(project: Project, entries: Entries) -> Iterator[Strand]:
    for judged in entries.reviews:
        scope = {"name": judged.score, "source": ",".join(judged.sources)}
        if judged.environments:
            scope["environment"] = ",".join(judged.environments)
        if judged.queue:
            yield _waiting(project, entries, judged, judged.queue)
        yield Reviews(project, entries.workflow, scope, judged, entries.begins)
    for each in entries.evals:
        yield Runs(project, EvalSuite("langfuse", entries.workflow, each, each.score, entries.begins))


def _waiting(project: Project, entries: Entries, judged: Judged, name: str) -> Strand:
    where = f" in {','.join(judged.environments)}" if judged.environments else ""

    def find(oldest: datetime) -> Queue:
        return Queue(project, project.queue(name), judged.environments, oldest)

    return Waiting("langfuse", f"waiting in {name}{where} → {entries.workflow}", entries.workflow, find, entries.begins)


@dataclass(frozen=True, slots=True)
class _Greeting:
    """The questions that say whether everything is there that the file names."""

    project: Project
    entries: Sequence[Entries]

    def ask(self, now: datetime) -> str:
        """What was reached; SourceError with the mend where something is not."""
        judged = [each for entries in self.entries for each in entries.reviews]
        measured = [each for entries in self.entries for each in entries.evals]
        if judged:
            self.project.reach("v3/scores", {}, "Langfuse 3.179 or later")
        if any(each.is_by_people for each in judged):
            self._demand_configs(judged)
        for queue in dict.fromkeys(each.queue for each in judged if each.queue):
            self.project.queue(queue)
        if measured:
            self.project.reach("experiments", {"fromStartTime": instant(now)}, "Langfuse 4 or later")
        for name in dict.fromkeys(each.dataset for each in measured):
            self.project.dataset(name)
        return ", ".join(dict.fromkeys(each.workflow for each in self.entries))

    def _demand_configs(self, judged: Sequence[Judged]) -> None:
        """Whether people can give these scores, and these values: a name that is wrong would match nothing."""
        configs = self.project.configs()
        for each in judged:
            if not each.is_by_people:
                continue
            if each.score not in configs:
                raise Missing(f"langfuse has no score {each.score!r}: {_hint(each.score, list(configs))}")
            labels = configs[each.score]
            for value in each.values:
                if labels and value not in labels:
                    raise Missing(f"langfuse has no value {value!r} of {each.score!r}: {_hint(value, labels)}")


def _hint(name: str, names: list[str]) -> str:
    guess = near(name, names)
    return f"did you mean {guess!r}?" if guess else "write it as the project's score configurations do."
