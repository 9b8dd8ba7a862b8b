"""The scores that people give to outputs in Langfuse, as reviews."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field, TypeAdapter

from bot.sources.cursors import Paged, kept
from bot.sources.http import Params
from bot.sources.langfuse_answers import Page, Score
from bot.sources.langfuse_project import PER_PAGE, Project, instant
from bot.sources.seam import Entry, Portion
from bot.sources.verdicts import Verdicts

AGAIN = timedelta(days=1)
"""How long a score is asked for again: it may be changed, and it may come later than the time that it bears."""

_SCORES = TypeAdapter(Page[Score])


class Mark(Paged):
    """Where a strand goes on, and which scores were told already."""

    known: list[str] = Field(default_factory=list)
    seen: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reviews:
    """The scores of one name; `scope` is what else a question about them says."""

    project: Project
    workflow: str
    scope: Mapping[str, str]
    verdicts: Verdicts
    begins: Callable[[datetime], datetime]

    @property
    def key(self) -> str:
        """What it is called; other scores are another strand, which begins anew."""
        where = f" in {self.scope['environment']}" if "environment" in self.scope else ""
        return f"{self.scope['name']} by {self.scope['source']}{where} → {self.workflow}"

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was said since the cursor; what broke off goes on with the next page."""
        mark = kept(Mark, "langfuse", cursor) if cursor else Mark(since=self.begins(until))
        begun, next_since = mark.ends(until), mark.next_since(until, AGAIN)
        known, seen = set(mark.known), list(mark.seen)
        for page in self.project.pages("v3/scores", self._asked(mark.since, begun), _SCORES, mark.after):
            entries = []
            for score in page.data:
                is_told = score.key in known or score.told_at > until
                entry = None if is_told else self._review(score, until)
                if entry is not None:
                    entries.append(entry)
                if score.given_at >= next_since and (entry is not None or score.key in known):
                    seen.append(score.key)
            after = page.meta.cursor
            going_on = Mark(since=mark.since, after=after, begun=begun, known=mark.known, seen=seen)
            over = Mark(since=next_since, known=list(dict.fromkeys(seen)))
            yield Portion(tuple(entries), (going_on if after else over).model_dump_json(exclude_none=True))

    def _asked(self, since: datetime, until: datetime) -> Params:
        stretch = {"fromTimestamp": instant(since), "toTimestamp": instant(until)}
        return {**self.scope, **stretch, "fields": "subject,annotation", "limit": PER_PAGE}

    def _review(self, score: Score, until: datetime) -> Entry | None:
        """What it says of an output; None where it is not a person's, says nothing, or is of no output."""
        is_prefilled = score.source == "ANNOTATION" and not score.author
        outcome = self.verdicts.outcome(score.value)
        trace = score.subject.trace_id if score.subject else None
        if is_prefilled or outcome is None or trace is None or score.subject is None:
            return None
        step = score.subject.id if score.subject.kind == "observation" else None
        output = self.project.output(trace, step)
        return output.judged(score, outcome, self.workflow) if output and output.over_at <= until else None
