"""The policy files that come with the product: grants that have proven themselves, to be made one's own.

They are YAML in `playbooks/patterns/`, each with one action and a comment that says when to use it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conditions import compiled
from bot.conditions.parsing import parse
from bot.conditions.syntax import Call, Fact, Literal, Operation
from bot.domain.errors import BadInput, NotFound
from bot.domain.grants.terms import Condition, GrantTerms, PerDay
from bot.domain.nearness import near
from bot.domain.wording import cut
from bot.domain.workflows import workflow_name
from bot.playbooks.problems import PlaybookError
from bot.playbooks.shelf import FOLDER, file_text
from bot.policies.export.yaml_file import word
from bot.policies.reading import Ground, read

SHELF = FOLDER / "patterns"
PLACEHOLDER = "your_workflow"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shipped file: its name, what it is for in a line, and what it grants."""

    name: str
    purpose: str
    terms: GrantTerms


def names() -> tuple[str, ...]:
    """The names of the shipped patterns, in order."""
    return tuple(sorted(path.stem for path in SHELF.glob("*.yaml")))


def text_of(name: str, workflow: str = PLACEHOLDER) -> str:
    """The file of a pattern for that workflow; NotFound with the nearest name where there is none."""
    if name not in names():
        guess = near(name, names())
        hint = f"Did you mean {guess}?" if guess else "The command policy pattern lists those that there are."
        raise NotFound(f"There is no pattern {cut(name, 60)!r}. {hint}")
    text = file_text(SHELF / f"{name}.yaml", source_of(name))
    return text.replace(f"workflow: {PLACEHOLDER}\n", f"workflow: {word(workflow_name(workflow))}\n", 1)


def source_of(name: str) -> str:
    """How messages name the file of a pattern."""
    return f"playbooks/patterns/{name}.yaml"


def purpose_of(name: str) -> str:
    """The first line of a pattern's comment."""
    return text_of(name).partition("\n")[0].removeprefix("# ")


def patterns(ground: Ground) -> tuple[Pattern, ...]:
    """The shipped patterns, read; PlaybookError if a file was changed into something that can't be."""
    return tuple(_pattern(name, ground) for name in names())


def _pattern(name: str, ground: Ground) -> Pattern:
    found = read(text_of(name), source_of(name), ground)
    if isinstance(found, tuple):
        raise PlaybookError(found)
    terms = found.actions[0].terms
    if terms is None:
        raise BadInput(f"Nothing tells the area and risk of the pattern {name}; state both in its file.")
    return Pattern(name, purpose_of(name), terms)


def from_pattern(terms: GrantTerms, shipped: Iterable[Pattern]) -> str | None:
    """The name of the pattern that `terms` were made from, None if of none.

    They are for the same action with the same limits and the same counts of a day, none of them wider, and every
    condition of the pattern is among theirs, or a higher threshold in its place; more conditions may have been added.
    """
    return next((pattern.name for pattern in shipped if _is_made_from(terms, pattern.terms)), None)


def _is_made_from(terms: GrantTerms, pattern: GrantTerms) -> bool:
    bounds = {limit.name: limit for limit in pattern.limits}
    return (
        terms.action == pattern.action
        and terms.mode is pattern.mode
        and terms.requires_human_approval >= pattern.requires_human_approval
        and {limit.name for limit in terms.limits} == set(bounds)
        and all(limit.is_within(bounds[limit.name]) for limit in terms.limits)
        and all(_is_kept(condition, terms) for condition in pattern.conditions)
        and _is_day_within(terms.per_day, pattern.per_day)
    )


def _is_day_within(day: PerDay | None, pattern: PerDay | None) -> bool:
    if day is None or pattern is None:
        return day is pattern
    sums = {capped.fact: capped.amount for capped in pattern.sums}
    if (day.uses is None) != (pattern.uses is None) or {capped.fact for capped in day.sums} != set(sums):
        return False
    return (day.uses or 0) <= (pattern.uses or 0) and all(capped.amount <= sums[capped.fact] for capped in day.sums)


def _is_kept(condition: Condition, terms: GrantTerms) -> bool:
    """Whether `terms` have this condition of a pattern, or, where it is a threshold, one that is no lower."""
    if any(own.source.strip() == condition.source.strip() for own in terms.conditions):
        return True
    match parse(condition.source):
        case Call(operation=Operation.AT_LEAST, arguments=(Fact(path=fact), Literal(value=least))):
            floors = (floor for own in terms.conditions for floor in compiled(own.source).floors)
            return any(floor.fact == fact and floor.value >= least for floor in floors)  # type: ignore[operator]
        case _:
            return False
