"""An eval suite that is read from the runs over a dataset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.wording import cut
from bot.sources.cursors import Told, kept
from bot.sources.errors import Garbled
from bot.sources.seam import Entry
from bot.sources.verdicts import LONGEST, Measured, Score


@dataclass(frozen=True, slots=True)
class EvalSuite:
    """A suite of a workflow: the runs over one dataset, of which a case passes by one score."""

    source: str
    workflow: str
    measured: Measured
    score: str
    begins: Callable[[datetime], datetime]

    @property
    def key(self) -> str:
        """What its strand is called; another dataset, score or suite is another strand, which begins anew."""
        return f"{self.measured.dataset} by {self.score} as {self.measured.named} → {self.workflow}"

    def begun(self, cursor: str | None, until: datetime) -> Told:
        """Where the last run ended, or else where the first one begins."""
        return kept(Told, self.source, cursor) if cursor else Told(since=self.begins(until))

    def run(self, name: str, at: datetime, scored: Sequence[Sequence[Score]]) -> Entry | None:
        """A run as a signal, by the scores of each case; a case passes where it has one, and each is enough.

        None where no case has the score, since something else was measured then.
        """
        verdicts = [[self.measured.is_met(each) for each in scores] for scores in scored]
        if any(None in each for each in verdicts):
            told = f"{self.source} has words as {self.score!r} of the dataset {self.measured.dataset!r}"
            raise Garbled(f"{told}: name those that pass in passes, in place of at_least or at_most.")
        if not any(verdicts):
            return None
        return {
            "id": f"{name}:{self.score}",
            "type": "eval_run",
            "workflow": self.workflow,
            "at": at.isoformat(),
            "suite": cut(self.measured.named, LONGEST),
            "cases": len(verdicts),
            "passed": sum(bool(each) and all(each) for each in verdicts),
        }
