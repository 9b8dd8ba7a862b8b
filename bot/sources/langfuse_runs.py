"""The runs over a dataset in Langfuse, as runs of an eval suite."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from bot.domain.wording import cut
from bot.sources.cursors import kept
from bot.sources.errors import Garbled
from bot.sources.http import Params
from bot.sources.langfuse_answers import Case, Dataset, Experiment, Page
from bot.sources.langfuse_project import PER_PAGE, Project, instant
from bot.sources.seam import Entry, Portion
from bot.sources.verdicts import LONGEST, Threshold, told_in

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


class Mark(BaseModel):
    """Where a strand goes on: runs since, and those that were told already."""

    since: AwareDatetime
    told: dict[str, AwareDatetime] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs over one dataset, by one score; `named` are the dataset, the score and the suite."""

    project: Project
    workflow: str
    named: tuple[str, str, str]
    threshold: Threshold
    begins: Callable[[datetime], datetime]

    @property
    def key(self) -> str:
        """What it is called; another dataset, score or suite is another strand, which begins anew."""
        dataset, score, suite = self.named
        return f"{dataset} by {score} as {suite} → {self.workflow}"

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """The runs that are over and were not told yet."""
        mark = kept(Mark, "langfuse", cursor) if cursor else Mark(since=self.begins(until))
        dataset, told = self.project.dataset(self.named[0]), dict(mark.told)
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
                if each.id not in told and each.ended_at <= until - QUIET and (cases := self._cases(each, until)):
                    entries += self._eval_runs(each, dataset, cases)
                    told[each.id] = each.ended_at
            yield Portion(tuple(entries), Mark(since=mark.since, told=told).model_dump_json())
        since = max(mark.since, until - REACH)
        recent = {name: at for name, at in told.items() if at >= since}
        yield Portion((), Mark(since=since, told=recent).model_dump_json())

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
        is_whole = all(each.score(self.named[1]) for each in found.values())
        return tuple(found.values()) if is_whole or run.ended_at <= until - PATIENCE else ()

    def _eval_runs(self, run: Experiment, dataset: Dataset, cases: tuple[Case, ...]) -> Iterator[Entry]:
        """The run as a signal; none where no case has the score, since something else was measured then."""
        name, score, suite = self.named
        scores = [found for each in cases if (found := each.score(score))]
        verdicts = [self.threshold.is_met(each.value) for each in scores]
        if None in verdicts:
            told = f"langfuse has words as {score!r} of the dataset {name!r}: name those that pass in passes"
            raise Garbled(f"{told}, in place of at_least or at_most.")
        if not scores:
            return
        prompt_version, model = told_in(run.metadata, "prompt_version"), told_in(run.metadata, "model")
        origin = None if prompt_version and model else self.project.origin(cases[0].trace)
        yield {
            "id": f"{run.id}:{score}",
            "type": "eval_run",
            "workflow": self.workflow,
            "at": run.ended_at.isoformat(),
            "suite": cut(suite, LONGEST),
            "cases": len(cases),
            "passed": verdicts.count(True),
            "prompt_version": prompt_version or (origin.prompt_version if origin else ""),
            "model": model or (origin.model if origin else ""),
            "url": self.project.link(dataset.project, "datasets", dataset.id),
        }
