"""Memo files: Markdown with front matter and three sections, as values that can be filed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.actions.memo_imports import Sheet
from bot.cli.papers import Key, Paper, Title, strays
from bot.cli.words import is_person
from bot.domain.memos import Category, Comparison, Entry, Move, Prediction, category_of, gaps_in_sections, move_of
from bot.domain.nearness import near
from bot.domain.people import Person
from bot.domain.sections import key_of
from bot.domain.sheltering import unsheltered
from bot.domain.visibility import Visibility
from bot.playbooks.fields import Holiday, Strict
from bot.playbooks.problems import Problem, quoted
from bot.sheets import with_status

# The later names are those that MADR gives these sections (https://adr.github.io/madr/).
_SECTIONS = {
    "decision": ("Decision", "Decision outcome"),
    "context": ("Context", "Context and problem statement"),
    "options": ("Options considered", "Considered options"),
}
_FIELDS = {key_of(title): field for field, titles in _SECTIONS.items() for title in titles}
_MADR = frozenset({"decision-makers", "consulted", "informed", "superseded_by", "hash"})
"""What an export says beside the memo itself: of what became of it, or in MADR's own words."""

_FILED = re.compile(r"accepted|superseded by memo_[a-z0-9]+", re.ASCII | re.IGNORECASE)
"""The status of a memo that was filed here, which the memos themselves tell."""

_AT_A_MACHINE = re.compile(r"os:\S{1,100}")
_MEMO_ID = re.compile(r"memo_[a-z0-9]{1,40}", re.ASCII)
_SIGNS = {"≥": ">=", "≤": "<="}


def _category(value: object) -> object:
    found = category_of(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"must be one of: {', '.join(each.label for each in Category)}.")
    return found


def _move(value: object) -> object:
    found = move_of(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"must be the step to the next phase, one of: {', '.join(Move)} (or with -> for the arrow).")
    return found


def _comparison(value: object) -> object:
    found = _SIGNS.get(value.strip(), value.strip()) if isinstance(value, str) else None
    if found not in tuple(Comparison):
        raise ValueError(f"must be one of: {', '.join(Comparison)}; put it in quotes.")
    return Comparison(found)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a plain number such as 0.95.")
    return Decimal(value)


def _demand_person(text: str) -> str:
    if not is_person(text):
        raise ValueError("must be a Slack user id, which looks like U0123ABCD.")
    return text


def _demand_somebody(text: str) -> str:
    if not is_person(text) and not _AT_A_MACHINE.fullmatch(text):
        raise ValueError("must be a Slack user id, which looks like U0123ABCD, or os:NAME.")
    return text


def _demand_id(text: str) -> str:
    if not _MEMO_ID.fullmatch(text):
        raise ValueError("is no memo's id, which looks like memo_2k4f: leave it out to file a new one.")
    return text


def _instant(value: object) -> object:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("must be an instant with its offset, such as 2026-03-02T09:00:00Z.")
    return found


class PredictionEntry(Strict):
    """What is expected."""

    metric: Key
    comparison: Annotated[Comparison, BeforeValidator(_comparison)]
    value: Annotated[Decimal, BeforeValidator(_number)]
    check_on: Holiday

    def value_of(self) -> Prediction:
        """The prediction."""
        return Prediction(self.metric, self.comparison, self.value, self.check_on)


class MemoEntry(Strict):
    """A memo's front matter."""

    title: Title
    category: Annotated[Category, BeforeValidator(_category)]
    reversible: bool
    workflow: Key | None = None
    owner: Annotated[str, AfterValidator(_demand_person)] | None = None
    move: Annotated[Move, BeforeValidator(_move)] | None = None
    changes: Annotated[list[Key], Field(max_length=50)] | None = None
    supersedes: Key | None = None
    visibility: Annotated[Visibility, Field(strict=False)] = Visibility.EVERYONE
    prediction: PredictionEntry | None = None


class SheetEntry(MemoEntry):
    """The front matter of a memo that was filed before, as an export has it."""

    owner: Annotated[str, AfterValidator(_demand_somebody)] | None = None
    id: Annotated[str, AfterValidator(_demand_id)] | None = None
    decided_at: Annotated[datetime, BeforeValidator(_instant)] | None = None
    print: Key | None = None
    status: Key | None = None
    date: Holiday | None = None


@dataclass(frozen=True, slots=True)
class MemoFile:
    """What a memo file says: the memo's content, the name of its workflow, and its owner's Slack user id."""

    entry: Entry
    workflow: str | None
    owner: str | None


def memo_of(paper: Paper) -> MemoFile:
    """The memo that a paper is; PlaybookError with every problem that it has."""
    said = _said(paper)
    head = paper.filled(MemoEntry, _problems(paper, said))
    return MemoFile(_entry(head, said), head.workflow, head.owner)


def sheet_of(paper: Paper, person: Callable[[str], Person]) -> Sheet:
    """The memo that was filed before and that a paper has, its owner as a `person`; PlaybookError with all problems."""
    said = _said(paper)
    head = paper.without(_MADR).filled(SheetEntry, _problems(paper, said))
    entry = _entry(head, said)
    if head.status and not _FILED.fullmatch(head.status.strip()):
        entry = replace(entry, context=with_status(entry.context, head.status))
    return Sheet(
        file=paper.source,
        entry=entry,
        workflow=head.workflow,
        owner=person(head.owner) if head.owner else None,
        memo_id=head.id,
        at=head.decided_at,
        day=head.date,
        print=head.print,
    )


def _said(paper: Paper) -> Entry:
    return Entry(decision=_words(paper, "decision"), context=_words(paper, "context"), options=_words(paper, "options"))


def _entry(head: MemoEntry, said: Entry) -> Entry:
    return Entry(
        title=head.title,
        decision=said.decision,
        category=head.category,
        is_reversible=head.reversible,
        context=said.context,
        options=said.options,
        move=head.move,
        changes=tuple(head.changes or ()),
        prediction=head.prediction.value_of() if head.prediction else None,
        supersedes=head.supersedes,
        visibility=head.visibility,
    )


def _words(paper: Paper, field: str) -> str:
    found = (unsheltered(section.words) for section in paper.sections if _FIELDS.get(section.key) == field)
    return "\n\n".join(found)


def _problems(paper: Paper, said: Entry) -> Iterator[Problem]:
    yield from strays(paper, _FIELDS)
    lines: dict[str, int] = {}
    for section in paper.sections:
        if field := _FIELDS.get(section.key):
            lines.setdefault(field, section.line)
        elif section.title:
            yield paper.problem(section.line, quoted(section.title), f"is no section of a memo: {_hint(section.key)}")
    for gap in gaps_in_sections(said):
        yield paper.problem(lines.get(gap.field, paper.body_line), _SECTIONS[gap.field][0], gap.sentence)


def _hint(key: str) -> str:
    titles = [titles[0] for titles in _SECTIONS.values()]
    guess = near(key, titles)
    return f"did you mean {quoted(guess)}?" if guess else f"put it under one of: {', '.join(titles)}."
