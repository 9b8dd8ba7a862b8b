"""Memo files: Markdown with front matter and three sections, as values that can be filed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.cli.papers import Key, Paper, Title, strays
from bot.cli.words import is_person
from bot.domain.memos import Category, Comparison, Entry, Move, Prediction, category_of, gaps_in_sections, move_of
from bot.domain.nearness import near
from bot.domain.sections import key_of
from bot.domain.visibility import Visibility
from bot.playbooks.fields import Holiday, Strict
from bot.playbooks.problems import Problem, quoted

# The later names are those that MADR gives these sections (https://adr.github.io/madr/).
_SECTIONS = {
    "decision": ("Decision", "Decision outcome"),
    "context": ("Context", "Context and problem statement"),
    "options": ("Options considered", "Considered options"),
}
_FIELDS = {key_of(title): field for field, titles in _SECTIONS.items() for title in titles}
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


@dataclass(frozen=True, slots=True)
class MemoFile:
    """What a memo file says: the memo's content, the name of its workflow, and its owner's Slack user id."""

    entry: Entry
    workflow: str | None
    owner: str | None


def memo_of(paper: Paper) -> MemoFile:
    """The memo that a paper is; PlaybookError with every problem that it has."""
    said = Entry(decision=_words(paper, "decision"), context=_words(paper, "context"), options=_words(paper, "options"))
    head = paper.filled(MemoEntry, _problems(paper, said))
    entry = Entry(
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
    return MemoFile(entry, head.workflow, head.owner)


def _words(paper: Paper, field: str) -> str:
    return "\n\n".join(section.words for section in paper.sections if _FIELDS.get(section.key) == field)


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
