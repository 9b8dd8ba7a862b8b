"""The memos of a sample workflow: why it began, and why it went from one phase to the next."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.actions import memos
from bot.actions.desk import Desk, Turn
from bot.actions.memos import About
from bot.demo.figures import Figures
from bot.demo.troubles import Act
from bot.domain.memos import Category, Entry, Move


@dataclass(frozen=True, slots=True)
class Decided:
    """What the owner wrote down on a day."""

    day: int
    entry: Entry


def decided_of(figures: Figures, workflow: str) -> Iterator[Decided]:
    """Every memo of a workflow in ninety days; the caller takes what lies behind it."""
    success = figures.success
    first, bound = success.form.format(success.first), success.bound
    began = f"We begin here: {success.name} is {first} today and {bound} within reach. A person looks at each result."
    yield Decided(14, _entry(figures.kickoff, began, Category.ROADMAP, options="- wait for the next quarter"))
    held = "The pilot held: the evals pass, every red line was seen firing, and people answer for it."
    to_production = _entry(f"{workflow}: from pilot to production", held, Category.PHASE_MOVE, Move.TO_PRODUCTION)
    yield Decided(29, to_production)
    slice_ = "One narrow slice runs without a person from now on; a reviewer samples the rest."
    yield Decided(59, _entry(f"{workflow}: a first slice alone", slice_, Category.PHASE_MOVE, Move.TO_SCALING))


def write_down(decided: Decided) -> Act:
    """The memo filed, as its owner does it."""

    def file(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        memos.file(turn, decided.entry, About(turn.change.workflow_by_id(workflow_id)))

    return file


def _entry(title: str, decision: str, category: Category, move: Move | None = None, options: str = "") -> Entry:
    return Entry(title=title, decision=decision, category=category, is_reversible=True, move=move, options=options)
