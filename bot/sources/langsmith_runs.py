"""The experiments on a dataset in LangSmith, as runs of an eval suite."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.wording import cut
from bot.sources.cursors import kept
from bot.sources.errors import Garbled
from bot.sources.langsmith_answers import Experiment, Named, Run
from bot.sources.langsmith_workspace import Workspace, instant
from bot.sources.seam import Entry, Portion
from bot.sources.verdicts import LONGEST, Threshold, told_in

QUIET = timedelta(hours=1)
"""A run is over once its last case ended so long ago."""

PATIENCE = timedelta(days=1)
"""How long feedback is waited for after that; a case without it has then not passed."""

REACH = timedelta(days=7)
"""How long after its beginning a run is looked at again."""

READ = ("ID", "START_TIME", "END_TIME", "REFERENCE_EXAMPLE_ID", "METADATA", "FEEDBACK_STATS")


class Mark(BaseModel):
    """Where a strand goes on: runs that began since, and those that were told already."""

    since: AwareDatetime
    told: dict[str, AwareDatetime] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Runs:
    """The experiments on one dataset, by one key of feedback; `named` are the dataset, the key and the suite."""

    workspace: Workspace
    workflow: str
    named: tuple[str, str, str]
    threshold: Threshold
    begins: Callable[[datetime], datetime]

    @property
    def key(self) -> str:
        """What it is called; another dataset, key or suite is another strand, which begins anew."""
        dataset, key, suite = self.named
        return f"{dataset} by {key} as {suite} → {self.workflow}"

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """The runs that are over and were not told yet."""
        mark = kept(Mark, "langsmith", cursor) if cursor else Mark(since=self.begins(until))
        dataset, told = self.workspace.dataset(self.named[0]), dict(mark.told)
        for page in self.workspace.experiments(dataset):
            entries: list[Entry] = []
            for each in page:
                if each.id not in told and mark.since <= each.begun_at <= until and (cases := self._cases(each, until)):
                    entries += self._eval_runs(each, dataset, cases)
                    told[each.id] = each.begun_at
            yield Portion(tuple(entries), Mark(since=mark.since, told=told).model_dump_json())
            if page and page[-1].begun_at < mark.since:
                break
        since = max(mark.since, until - REACH)
        recent = {name: at for name, at in told.items() if at >= since}
        yield Portion((), Mark(since=since, told=recent).model_dump_json())

    def _cases(self, experiment: Experiment, until: datetime) -> tuple[Run, ...]:
        """Each example as it went last; nothing while something is missing that may still come."""
        asked = {
            "project_ids": [experiment.id],
            "is_root": True,
            "min_start_time": instant(experiment.begun_at - QUIET),
            "max_start_time": instant(until),
            "selects": list(READ),
        }
        found: dict[str, Run] = {}
        for page in self.workspace.runs(asked):
            for each in page.items:
                name = each.example or each.id
                found[name] = max(found.get(name, each), each, key=lambda run: run.begun_at)
        cases = tuple(found.values())
        over_at = max((each.over_at for each in cases), default=until)
        is_whole = all(each.ended_at and self._scores(each) for each in cases)
        return cases if over_at <= until - (QUIET if is_whole else PATIENCE) else ()

    def _scores(self, case: Run) -> tuple[float | str, ...]:
        return case.scores(self.named[1], words=bool(self.threshold.passes))

    def _eval_runs(self, experiment: Experiment, dataset: Named, cases: tuple[Run, ...]) -> Iterator[Entry]:
        """The run as a signal; none where no case has the feedback, since something else was measured then."""
        name, key, suite = self.named
        verdicts = [[self.threshold.is_met(score) for score in self._scores(each)] for each in cases]
        if any(None in each for each in verdicts):
            told = f"langsmith has words as {key!r} of the dataset {name!r}: name those that pass in passes"
            raise Garbled(f"{told}, in place of at_least or at_most.")
        if not any(verdicts):
            return
        where = f"datasets/{dataset.id}/compare?selectedSessions={experiment.id}"
        yield {
            "id": f"{experiment.id}:{key}",
            "type": "eval_run",
            "workflow": self.workflow,
            "at": max(each.over_at for each in cases).isoformat(),
            "suite": cut(suite, LONGEST),
            "cases": len(cases),
            "passed": sum(bool(each) and all(each) for each in verdicts),
            "prompt_version": _told(experiment, cases, ("prompt_version", "lc_hub_commit_hash")),
            "model": _told(experiment, cases, ("model", "ls_model_name")),
            **self.workspace.link(dataset.tenant, where),
        }


def _told(experiment: Experiment, cases: tuple[Run, ...], keys: tuple[str, ...]) -> str:
    """What the experiment says under one of these keys, or else its first case."""
    places = (experiment.metadata, cases[0].metadata)
    return next((told for place in places for key in keys if (told := told_in(place, key))), "")
