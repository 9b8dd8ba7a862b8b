"""What is wrong with a playbook file: where, and in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import BadInput
from bot.domain.nearness import near

MOST = 100
_LONGEST_NAME = 60
_MOST_CHOICES = 100
_MOST_NAMED = 40


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error in a playbook: file, line, the key's path ("phases.0.gate.to") and a sentence."""

    source: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}: "
        return f"{where}{self.key}: {self.message}" if self.key else where + self.message


class PlaybookError(BadInput):
    """A playbook file cannot be used; `problems` has the reasons by line, the first hundred of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems))[:MOST])
        shown = [str(problem) for problem in self.problems]
        if len(shown) == MOST:
            shown.append("There may be more problems; mend these first.")
        super().__init__("\n".join(shown))


def quoted(name: str) -> str:
    """`name` fit for a message: short, on one line, in quotes."""
    return repr(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…")


def hint(name: str, known: Iterable[str]) -> str:
    """What to write instead of `name`: the nearest known name, or all of them if they are few."""
    choices = tuple(known)
    is_comparable = 0 < len(name) <= _LONGEST_NAME and len(choices) <= _MOST_CHOICES
    if guess := near(name, choices) if is_comparable else None:
        return f"did you mean {guess!r}?"
    return f"use one of: {', '.join(choices)}." if len(choices) <= _MOST_NAMED else "none is called nearly so."
