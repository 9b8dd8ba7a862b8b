"""Memos from elsewhere taken in again: all of a folder or nothing of it, each once however often it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.actions import memos as filing
from bot.actions.desk import Turn
from bot.actions.memos import About, Past
from bot.domain import memos
from bot.domain.errors import BadInput, Conflict, NotFound, Refused
from bot.domain.memos import Entry, print_of
from bot.domain.people import Person
from bot.domain.rights import demand_person
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Sheet:
    """A memo as a file has it: `memo_id`, `at` and `print` are there in a file that was exported.

    `day` is when it was decided where no instant says so.
    """

    file: str
    entry: Entry
    workflow: str | None = None
    owner: Person | None = None
    memo_id: str | None = None
    at: datetime | None = None
    day: date | None = None
    print: str | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a file: the id of its memo, and whether that is new."""

    file: str
    memo_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that can't be taken in, and why."""

    file: str
    why: str


class ImportRefused(BadInput):
    """Some files can't be taken in, so none was; `unfit` names each of them."""

    def __init__(self, unfit: Sequence[Unfit]) -> None:
        self.unfit = tuple(sorted(unfit, key=lambda each: each.file))
        super().__init__("\n".join(f"{each.file}: {each.why}" for each in self.unfit))


def take_in(turn: Turn, sheets: Sequence[Sheet], unfit: Sequence[Unfit] = ()) -> tuple[Became, ...]:
    """What became of each file, in the order of their names; ImportRefused if there is one that can't be taken in.

    `unfit` are files that could not be read: the others are looked at all the same, so that all is named at once.
    """
    demand_person(turn.actor)
    known = {memo.print: memo.id for memo in turn.change.memos.all()}
    became, refused = list[Became](), list(unfit)
    for sheet in _in_order(sheets, refused):
        try:
            one = _taken(turn, sheet, known)
        except (BadInput, Conflict, NotFound, Refused) as refusal:
            refused.append(Unfit(sheet.file, str(refusal)))
        else:
            became.append(one)
    if refused:
        raise ImportRefused(refused)
    return tuple(sorted(became, key=lambda each: each.file))


def _taken(turn: Turn, sheet: Sheet, known: dict[str, str]) -> Became:
    workflow = turn.change.workflow(sheet.workflow) if sheet.workflow else None
    mark = _print_of(turn, sheet, workflow)
    if sheet.print and sheet.print != mark:
        raise BadInput(
            "It says something else than when it was exported. What is filed can't be changed: to file it as it is "
            "now, take id, print, decided_at and date out of its front matter, and name what it supersedes."
        )
    there = turn.change.memos.find(sheet.memo_id) if sheet.memo_id else None
    if there:
        if there.print != mark or sheet.at not in (None, there.decided_at):
            raise Conflict(f"There is a memo {there.id} already, and it says something else.")
        return Became(sheet.file, there.id, is_new=False)
    if sheet.memo_id is None and mark in known:
        return Became(sheet.file, known[mark], is_new=False)
    day = datetime(sheet.day.year, sheet.day.month, sheet.day.day, tzinfo=UTC) if sheet.day else None
    past = Past(sheet.memo_id or turn.change.new_id("memo"), sheet.at or day or turn.at)
    fact = filing.take_over(turn, sheet.entry, About(workflow, owner=sheet.owner), past)
    known[mark] = fact.memo_id
    return Became(sheet.file, fact.memo_id, is_new=True)


def _print_of(turn: Turn, sheet: Sheet, workflow: Workflow | None) -> str:
    # A prediction whose day has passed since does not make a memo another one.
    said = memos.content(sheet.entry, date.min)
    owner = sheet.owner.handle if sheet.owner else turn.actor.handle
    return print_of(said, workflow.name if workflow else None, owner)


def _in_order(sheets: Sequence[Sheet], refused: list[Unfit]) -> Iterator[Sheet]:
    """Each after the one whose place it takes; what supersedes in a circle is refused."""
    left = sorted(sheets, key=lambda sheet: sheet.file)
    while left:
        waited_for = {sheet.memo_id for sheet in left if sheet.memo_id}
        ready = [sheet for sheet in left if sheet.entry.supersedes not in waited_for]
        if not ready:
            refused += [
                Unfit(sheet.file, f"It supersedes {sheet.entry.supersedes} in a circle, so none of them came first.")
                for sheet in left
            ]
            return
        yield from ready
        left = [sheet for sheet in left if sheet not in ready]
