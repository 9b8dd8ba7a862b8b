"""What the sample's agents achieved: the readings and runs that tick items by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

from bot.domain.playbook import DoneWhen
from bot.domain.signals.kinds import EvalRun

METRICS, EVALS = "service:metrics", "service:evals"

WEEKLY = range(9, 95, 7)
"""The days on which a workflow's metrics are read."""
_FELL = 915
"""How many cases of a thousand passed in a run that fell below the floor."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that is read each week; it goes from `first` to `last` in ninety days, `goal` is target or limit."""

    name: str
    form: str
    first: float
    last: float
    goal: float

    def value(self, day: int) -> Decimal:
        """The value on a day, the same each time it is asked, with as many decimals as people write."""
        return self.number(self._on(day))

    def number(self, value: float) -> Decimal:
        """A value as a number with as many decimals as people write."""
        return Decimal("".join(each for each in self.form.format(value) if each.isdigit() or each == "."))

    def _on(self, day: int) -> float:
        share = min(max((day - 10) / 80, 0), 1)
        wobble = (crc32(f"{self.name}{day}".encode()) % 100 - 50) / 1000
        return self.first + (self.last - self.first) * min(max(share + wobble, 0), 1)

    @property
    def bound(self) -> str:
        """The target or limit, as people write it."""
        return self.form.format(self.goal)


@dataclass(frozen=True, slots=True)
class Figures:
    """What became known about one workflow, and on which days its evals ran; the last one on `fell_on` did not pass."""

    success: Measure
    guardrail: Measure
    kickoff: str
    cases: int = 200
    red_lines: int = 4
    rollback_minutes: int = 11
    freeze_s: int = 38
    eval_days: tuple[int, ...] = (17, 26, 37, 48, 58, 69, 80)
    fell_on: int | None = None

    def runs(self) -> Iterator[tuple[int, EvalRun]]:
        """Each eval run with its day."""
        for turn, day in enumerate(self.eval_days, start=1):
            share = _FELL if day == self.fell_on else min(955 + 6 * turn, 990)
            yield day, EvalRun("regression", self.cases, self.cases * share // 1000, f"v{turn + 2}", "house-model-4")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that the product saw on a day; `by` is a role of the workflow, or a service."""

    day: int
    kind: str
    by: str
    summary: str


def seen_of(figures: Figures, *, red_team: bool) -> Iterator[Seen]:
    """Everything that becomes known of a workflow in ninety days; the caller takes what lies behind it."""
    yield from _papers()
    yield from _runs(figures)
    if red_team:
        yield Seen(55, DoneWhen.RED_TEAM, "gatekeeper", "the red-team review is accepted, two findings mended")


def _papers() -> Iterator[Seen]:
    yield Seen(13, DoneWhen.SPEC, "eval_owner", "version 1 of the spec is accepted")
    yield Seen(83, DoneWhen.SPEC, "eval_owner", "version 2 of the spec is accepted")


def _runs(figures: Figures) -> Iterator[Seen]:
    tested = f"{figures.red_lines} of {figures.red_lines} red lines were seen firing in a test"
    yield Seen(23, DoneWhen.RED_LINES, "steward", tested)
    yield Seen(48, DoneWhen.ROLLBACK_DRILL, "steward", f"rolled back in {figures.rollback_minutes} minutes")
    refused = f"the first refusal came {figures.freeze_s} seconds after the command"
    yield Seen(51, DoneWhen.FREEZE_DRILL, "steward", refused)
