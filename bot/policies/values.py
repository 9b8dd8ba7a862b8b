"""A policy file as values: the actions that it asks for, each judged by itself."""

from dataclasses import dataclass

from bot.domain.grants.classification import Bounds, Classified
from bot.domain.grants.terms import GrantTerms, Mode


@dataclass(frozen=True, slots=True)
class AskedAction:
    """One action of a file, from line `line` on.

    `refused` is why the risk matrix keeps it from being granted, None if it does not. `terms` and `classified` are
    None where nothing tells its area and risk. What the phase says is not in it (`bot.domain.grants.autonomy.cap`).
    """

    action: str
    line: int
    terms: GrantTerms | None
    classified: Classified | None
    bounds: Bounds
    refused: str | None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A whole file: the workflow that it is about, and its actions in order."""

    workflow: str
    mode: Mode
    members: tuple[str, ...]
    actions: tuple[AskedAction, ...]
