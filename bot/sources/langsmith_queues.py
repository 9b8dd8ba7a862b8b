"""The annotation queues of LangSmith."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sources.langsmith_answers import Named, Queued
from bot.sources.langsmith_workspace import OUTPUT, PER_PAGE, Workspace, instant
from bot.sources.outputs import Output

SECTIONS = ("needs_my_review", "needs_others_review")
"""What waits, parted by whether it waits for the key's own user; `archived` is what as many saw as the queue asks."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue by its id, of which the runs of one project count, those that began since `oldest`."""

    workspace: Workspace
    id: str
    project: Named
    oldest: datetime
    at_once: int = PER_PAGE

    def pages(self) -> Iterator[Sequence[Queued]]:
        """The runs of the project that wait, page by page; threads are no outputs."""
        for section in SECTIONS:
            for page in self.workspace.waiting(self.id, section):
                yield [each for each in page if each.run and each.project in (None, self.project.id)]

    def outputs(self, items: Sequence[Queued]) -> Mapping[str, Output | None]:
        """What these runs put out."""
        asked = {
            "project_ids": [self.project.id],
            "ids": [each.run for each in items],
            "min_start_time": instant(self.oldest),
            "selects": list(OUTPUT),
        }
        runs = {run.id: run for page in self.workspace.runs(asked) for run in page.items}
        found = {each.id: runs.get(each.run or "") for each in items}
        return {name: self.workspace.output(run, self.project) for name, run in found.items() if run}
