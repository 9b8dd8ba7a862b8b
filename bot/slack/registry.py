"""What people can type and use: verbs, shortcuts, controls and modals, each declared beside what handles it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.slack.answers import Answer
from bot.slack.visit import Click, Form, Visit

F = TypeVar("F", bound=Callable[..., object])


class Group(StrEnum):
    """How help groups the verbs."""

    DO = "Do"
    DECIDE = "Decide"
    LOOK_UP = "Look up"


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of `/rollout`; `run` is given the visit and what was typed after the verb.

    `needs_workflow` says that it has nothing to act on while there is no workflow.
    """

    name: str
    usage: str
    summary: str
    group: Group
    run: Callable[[Visit, str], Answer]
    needs_workflow: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What someone can do with any message; `title` is how its menu calls it, `run` finds the message in the visit."""

    name: str
    title: str
    run: Callable[[Visit], Answer]


COMMANDS: dict[str, Verb] = {}
CLICKS: dict[str, Callable[[Visit, Click], Answer]] = {}
FORMS: dict[str, Callable[[Visit, Form], Answer]] = {}
SHORTCUTS: dict[str, Shortcut] = {}


def verbs() -> tuple[Verb, ...]:
    """All verbs, group by group as help shows them, by name in each."""
    order = tuple(Group)
    return tuple(sorted(COMMANDS.values(), key=lambda verb: (order.index(verb.group), verb.name)))


def command(usage: str, summary: str, group: Group, *, needs_workflow: bool = False) -> Callable[[F], F]:
    """Declares a verb; its name is the first word of `usage`, and one that takes a workflow needs one."""

    def declare(run: F) -> F:
        name, _, rest = usage.partition(" ")
        needs = needs_workflow or "workflow" in rest
        COMMANDS[name] = Verb(name, f"/rollout {usage}", summary, group, run, needs)  # type: ignore[arg-type]
        return run

    return declare


def click(name: str) -> Callable[[F], F]:
    """Declares what a control (its action id) does."""

    def declare(run: F) -> F:
        CLICKS[name] = run  # type: ignore[assignment]
        return run

    return declare


def form(name: str) -> Callable[[F], F]:
    """Declares what submitting a modal (its callback id) does."""

    def declare(run: F) -> F:
        FORMS[name] = run  # type: ignore[assignment]
        return run

    return declare


def shortcut(name: str, title: str) -> Callable[[F], F]:
    """Declares what someone can do with any message; `name` is its callback id, `title` has 24 characters at most."""

    def declare(run: F) -> F:
        SHORTCUTS[name] = Shortcut(name, title, run)  # type: ignore[arg-type]
        return run

    return declare
