"""The runs over a dataset in Langfuse, as runs of an eval suite."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.sources.http import Params
from bot.sources.langfuse_answers import Case, Dataset, Experiment, Page
from bot.sources.langfuse_project import PER_PAGE, Project, instant
from bot.sources.seam import Entry, Portion
from bot.sources.suites import EvalSuite
from bot.sources.verdicts import told_in

QUIET = timedelta(hours=1)
"""A run is over once nothing has happened in it for so long."""

PATIENCE = timedelta(days=1)
"""How long scores are waited for after that; a case without one has then not passed."""

REACH = timedelta(days=2)
"""How far each question goes back: past everything that may still be waited for."""

LONGEST_RUN = timedelta(days=30)
MOST_SCORES = 50
"""How many scores of a case come along: as many as Langfuse gives."""

_RUNS, _CASES = TypeAdapter(Page[Experiment]), TypeAdapter(Page[Case])


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs over the dataset of a suite."""

    project: Project
    suite: EvalSuite

    @property
    def key(self) -> str:
        """What it is called."""
        return self.suite.key

    @property
    def workflow(self) -> str:
        """The workflow of the suite."""
        return self.suite.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """The runs that are over and were not told yet."""
        mark, dataset = self.suite.begun(cursor, until), self.project.dataset(self.suite.measured.dataset)
        asked: Params = {
            "fromStartTime": instant(mark.since),
            "toStartTime": instant(until),
            "datasetId": dataset.id,
            "fields": "core,metadata",
            "limit": PER_PAGE,
        }
        for page in self.project.pages("experiments", asked, _RUNS):
            entries: list[Entry] = []
            for each in page.data:
                is_over = each.ended_at <= until - QUIET
                if each.id not in mark.told and is_over and (cases := self._cases(each, until)):
                    entries += self._eval_runs(each, dataset, cases)
                    mark = mark.one_more(each.id, each.ended_at)
            yield Portion(tuple(entries), mark.model_dump_json())
        yield Portion((), mark.looking_back(until, REACH).model_dump_json())

    def _cases(self, run: Experiment, until: datetime) -> tuple[Case, ...]:
        """Each item of the dataset as it went last; nothing while scores are missing that may still come."""
        asked: Params = {
            "fromStartTime": instant(run.ended_at - LONGEST_RUN),
            "toStartTime": instant(until),
            "experimentId": run.id,
            "fields": "core,scores",
            "scoreLimit": MOST_SCORES,
            "limit": PER_PAGE,
        }
        found: dict[str, Case] = {}
        for page in self.project.pages("experiment-items", asked, _CASES):
            for each in page.data:
                found.setdefault(each.item, each)
        is_whole = all(each.score(self.suite.score) for each in found.values())
        return tuple(found.values()) if is_whole or run.ended_at <= until - PATIENCE else ()

    def _eval_runs(self, run: Experiment, dataset: Dataset, cases: tuple[Case, ...]) -> Iterator[Entry]:
        """The run as a signal; none where it is none of the suite."""
        found = (each.score(self.suite.score) for each in cases)
        told = self.suite.run(run.id, run.ended_at, [(each.value,) if each else () for each in found])
        if told is None:
            return
        prompt_version, model = told_in(run.metadata, "prompt_version"), told_in(run.metadata, "model")
        output = None if prompt_version and model else self.project.output(cases[0].trace)
        yield {
            **told,
            "prompt_version": prompt_version or (output.prompt_version if output else ""),
            "model": model or (output.model if output else ""),
            "url": self.project.link(dataset.project, "datasets", dataset.id),
        }
