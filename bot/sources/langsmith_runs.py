"""The experiments on a dataset in LangSmith, as runs of an eval suite."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sources.langsmith_answers import Experiment, Named, Run
from bot.sources.langsmith_workspace import Workspace, instant
from bot.sources.seam import Entry, Portion
from bot.sources.suites import EvalSuite
from bot.sources.verdicts import told_in

QUIET = timedelta(hours=1)
"""A run is over once its last case ended so long ago."""

PATIENCE = timedelta(days=1)
"""How long feedback is waited for after that; a case without it has then not passed."""

REACH = timedelta(days=7)
"""How long after its beginning a run is looked at again."""

READ = ("ID", "START_TIME", "END_TIME", "REFERENCE_EXAMPLE_ID", "METADATA", "FEEDBACK_STATS")


@dataclass(frozen=True, slots=True)
class Runs:
    """The experiments on the dataset of a suite, by one key of feedback."""

    workspace: Workspace
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
        mark, dataset = self.suite.begun(cursor, until), self.workspace.dataset(self.suite.measured.dataset)
        for page in self.workspace.experiments(dataset):
            entries: list[Entry] = []
            for each in page:
                is_due = mark.since <= each.begun_at <= until
                if each.id not in mark.told and is_due and (cases := self._cases(each, until)):
                    entries += self._eval_runs(each, dataset, cases)
                    mark = mark.one_more(each.id, each.begun_at)
            yield Portion(tuple(entries), mark.model_dump_json())
            if page and page[-1].begun_at < mark.since:
                break
        yield Portion((), mark.looking_back(until, REACH).model_dump_json())

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
        return case.scores(self.suite.score, words=bool(self.suite.measured.passes))

    def _eval_runs(self, experiment: Experiment, dataset: Named, cases: tuple[Run, ...]) -> Iterator[Entry]:
        """The run as a signal; none where it is none of the suite."""
        over_at = max(each.over_at for each in cases)
        told = self.suite.run(experiment.id, over_at, [self._scores(each) for each in cases])
        if told is not None:
            where = f"datasets/{dataset.id}/compare?selectedSessions={experiment.id}"
            yield {
                **told,
                "prompt_version": _told(experiment, cases, ("prompt_version", "lc_hub_commit_hash")),
                "model": _told(experiment, cases, ("model", "ls_model_name")),
                **self.workspace.link(dataset.tenant, where),
            }


def _told(experiment: Experiment, cases: tuple[Run, ...], keys: tuple[str, ...]) -> str:
    """What the experiment says under one of these keys, or else its first case."""
    places = (experiment.metadata, cases[0].metadata)
    return next((told for place in places for key in keys if (told := told_in(place, key))), "")
