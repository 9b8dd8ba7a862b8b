"""One thing that Slack would not take, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, at a JSON path such as `$.blocks[2].text.text`."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def path_of(steps: Iterable[str | int]) -> str:
    """Return a JSON path of keys and positions."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
