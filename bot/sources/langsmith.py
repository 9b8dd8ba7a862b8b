"""LangSmith: what people said of an agent's runs, which of them wait, and how the experiments on its datasets went."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bot.sources.errors import Missing, NoAccess
from bot.sources.langsmith_queues import SECTIONS, Queue
from bot.sources.langsmith_reviews import Reviews
from bot.sources.langsmith_runs import Runs
from bot.sources.langsmith_workspace import Workspace
from bot.sources.queues import Waiting
from bot.sources.seam import Access, Source, Strand, line_to, source
from bot.sources.stanzas import Dated, Different, Name
from bot.sources.suites import EvalSuite
from bot.sources.verdicts import Measured, Verdicts, demand_once

Giver = Literal["app", "api"]
"""Who gives feedback: people in LangSmith, or a program, for the people who use it."""


def _people() -> list[Giver]:
    return ["app"]


class Judged(Verdicts):
    """The feedback that is reviews: its project and key, who gives it, what its values say, and where runs wait."""

    project: Name
    feedback: Name
    sources: Annotated[Different[Giver], Field(min_length=1)] = Field(default_factory=_people)
    queue: Name | None = None


class Suite(Measured):
    """A dataset whose runs are runs of an eval suite, and the feedback by which a case passes."""

    feedback: Name


class Entries(Dated):
    """What in a workspace tells of a workflow."""

    workflow: Name
    reviews: list[Judged] = Field(default_factory=list)
    evals: list[Suite] = Field(default_factory=list)

    @model_validator(mode="after")
    def _demand_something(self) -> Self:
        suites = [each.named for each in self.evals]
        judged = [f"{each.feedback} of {each.project}" for each in self.reviews]
        if not suites and not judged:
            raise ValueError("would bring nothing: name feedback in reviews, or datasets in evals.")
        demand_once(suites, "give each a suite of its own")
        demand_once(judged, "put its values together")
        queues = [f"{each.queue} of {each.project}" for each in self.reviews if each.queue]
        demand_once(queues, "keep a queue with one key of feedback")
        return self


@source("langsmith", Entries)
def langsmith(access: Access, entries: Sequence[Entries]) -> Source:
    """LangSmith by an API key of a workspace; each key of feedback, each queue and each dataset is a strand."""
    if access.token is None:
        return Source("langsmith", problem="langsmith has no token: set LANGSMITH_TOKEN to an API key (lsv2_…).")
    line = line_to("langsmith", access, {"x-api-key": access.token})
    workspace = Workspace(line, access.url)
    strands = tuple(strand for each in entries for strand in _strands(workspace, each))
    return Source("langsmith", strands, greet=lambda: _greet(workspace, entries), close=line.close)


def _strands(workspace: Workspace, entries: Entries) -> Iterator[Strand]:
    for judged in entries.reviews:
        if judged.queue:
            yield _waiting(workspace, entries, judged, judged.queue)
        named = (judged.project, judged.feedback, tuple(judged.sources))
        yield Reviews(workspace, entries.workflow, named, judged, entries.begins)
    for each in entries.evals:
        yield Runs(workspace, EvalSuite("langsmith", entries.workflow, each, each.feedback, entries.begins))


def _waiting(workspace: Workspace, entries: Entries, judged: Judged, name: str) -> Strand:
    key = f"waiting in {name} of {judged.project} → {entries.workflow}"

    def find(oldest: datetime) -> Queue:
        return Queue(workspace, workspace.queue(name).id, workspace.project(judged.project), oldest)

    return Waiting("langsmith", key, entries.workflow, find, entries.begins)


def _greet(workspace: Workspace, entries: Sequence[Entries]) -> str:
    """What was reached: every project and dataset of the file is asked for."""
    try:
        for name in dict.fromkeys(each.project for entry in entries for each in entry.reviews):
            workspace.project(name)
        for queue in dict.fromkeys(each.queue for entry in entries for each in entry.reviews if each.queue):
            next(workspace.waiting(workspace.queue(queue).id, SECTIONS[0]))
        for name in dict.fromkeys(each.dataset for entry in entries for each in entry.evals):
            workspace.dataset(name)
    except NoAccess as error:
        told = "A key is for one region and workspace: LANGSMITH_API_URL must name its region."
        raise NoAccess(f"{error} {told}") from None
    except Missing as error:
        if "/api/v2/" not in str(error):
            raise
        told = "It must be LangSmith 0.16 or later, and LANGSMITH_API_URL where its API is."
        raise Missing(f"{error} {told}") from None
    return ", ".join(dict.fromkeys(each.workflow for each in entries))
