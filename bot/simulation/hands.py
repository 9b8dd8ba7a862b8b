"""What people and agents can do in a made-up program, as its plan sees it; how it is done is the stage's affair."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at work in the program."""

    handle: str
    name: str


class Hands(Protocol):
    """What somebody can do in the program, with the workflow that is meant (or a team, where a method says so)."""

    def start(self) -> None:
        """The workflow on its playbook, with its people."""

    def define_metrics(self) -> None:
        """The success metric and the guardrail."""

    def define_red_line(self, rule: str, text: str) -> None:
        """Something that the agent must never do."""

    def write_spec(self, title: str) -> None:
        """A spec handed in, known by its title."""

    def rehearse_rollback(self) -> None:
        """The way back tried."""

    def drill_freeze(self) -> None:
        """The agent stopped for a minute, to see that one can."""

    def tell(self, type_: str, /, **body: Any) -> None:
        """A signal about the workflow."""

    def tick(self, item: str) -> None:
        """An item done, with a link."""

    def reopen(self, item: str) -> None:
        """An item open again."""

    def ask_skip(self, item: str, until: date) -> None:
        """A request to skip an item, known by the item's name."""

    def memo(self, title: str, **fields: Any) -> None:
        """A memo, known by its title; `move`, `changes`, `prediction` and `supersedes` (a title) as its file has."""

    def promote(self, memo: str | None = None, until: date | None = None) -> None:
        """The next phase asked for, as an override with the memo of that title; known as `promotion`."""

    def ask_grant(self, action: str, text: str) -> None:
        """A grant asked for, known by its action; `text` is what stands in the file beside the name."""

    def approve(self, request: str) -> None:
        """A request approved, by what it is known as."""

    def decline(self, request: str) -> None:
        """A request declined."""

    def attest(self) -> None:
        """Every grant attested."""

    def suspend(self, action: str) -> None:
        """A grant suspended."""

    def resume(self, action: str) -> None:
        """A grant in force again."""

    def work(self, actions: tuple[str, ...], **facts: Any) -> None:
        """The agent asks before each of these actions, and does those that it may."""

    def act(self, action: str, grant: str, **facts: Any) -> None:
        """The agent acts without asking; it reports the hash of its grant (`own`) or of `another`."""

    def ask_in_vain(self, action: str, times: int, **facts: Any) -> None:
        """The agent asks again and again."""

    def pause(self) -> None:
        """The workflow's clock stopped."""

    def vacate(self, role: str) -> None:
        """A role in nobody's hands."""

    def give(self, role: str, to: Member) -> None:
        """A role in somebody's hands."""

    def leave(self, who: Member) -> None:
        """Somebody leaves the company."""

    def deviate(self, area: str, summary: str) -> None:
        """A deviation opened, known by its summary."""

    def mend(self, summary: str) -> None:
        """A deviation closed."""

    def postmortem(self, incident: str) -> None:
        """A postmortem handed in, known by the incident's key."""

    def accept(self, document: str) -> None:
        """A document accepted, by what it is known as."""

    def name_approvers(self, *people: Member) -> None:
        """The approvers of the workflow's team."""

    def seats(self, trained: int, cost_usd_month: int) -> None:
        """The ten seats of the workflow's team told of."""


Act = Callable[[Hands], None]
