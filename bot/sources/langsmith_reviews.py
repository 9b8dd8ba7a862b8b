"""What people said of the runs of a project in LangSmith, as reviews."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sources.cursors import Paged, kept
from bot.sources.langsmith_answers import Named, Run
from bot.sources.langsmith_workspace import OUTPUT, Workspace, instant
from bot.sources.seam import FIRST_STRETCH, Entry, Portion
from bot.sources.verdicts import Verdicts

AGAIN = timedelta(hours=1)
"""Asked for again each time: what was said is found a while after it was said."""

OLDEST = FIRST_STRETCH
"""How old a run may be when something is said of it."""


@dataclass(frozen=True, slots=True)
class Reviews:
    """The feedback of one key in one project; `named` are the two, and `sources` who gives it."""

    workspace: Workspace
    workflow: str
    named: tuple[str, str, Sequence[str]]
    verdicts: Verdicts
    begins: Callable[[datetime], datetime]

    @property
    def key(self) -> str:
        """What it is called; other feedback is another strand, which begins anew."""
        project, key, sources = self.named
        return f"{key} of {project} by {','.join(sources)} → {self.workflow}"

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was said or changed since the cursor; what broke off goes on with the next page."""
        mark = kept(Paged, "langsmith", cursor) if cursor else Paged(since=self.begins(until))
        begun, over = mark.ends(until), Paged(since=mark.next_since(until, AGAIN))
        project = self.workspace.project(self.named[0])
        for page in self.workspace.runs(self._asked(project, mark.since, begun), mark.after):
            entries = tuple(self._reviews(page.items, project, until)) if page.items else ()
            going_on = Paged(since=mark.since, after=page.cursor, begun=begun)
            yield Portion(entries, (going_on if page.cursor else over).model_dump_json(exclude_none=True))

    def _asked(self, project: Named, since: datetime, until: datetime) -> dict[str, object]:
        return {
            "project_ids": [project.id],
            "filter": f"eq(feedback_key, {json.dumps(self.named[1], ensure_ascii=False)})",
            "min_feedback_modified_at": instant(since),
            "max_feedback_modified_at": instant(until),
            "min_start_time": instant(since - OLDEST),
            "max_start_time": instant(until),
            "selects": list(OUTPUT),
        }

    def _reviews(self, runs: Sequence[Run], project: Named, until: datetime) -> Iterator[Entry]:
        of = {each.id: each for each in runs}
        for each in self.workspace.feedback(runs, self.named[1], self.named[2]):
            run = of.get(each.run or "")
            outcome = None if each.said is None else self.verdicts.outcome(each.said)
            if run and outcome and each.reviewer and each.topic == self.named[1] and each.told_at <= until:
                yield self.workspace.output(run, project).judged(each, outcome, self.workflow)
