"""Requests: what someone asked for and someone else must decide (RULES, "Who may do what")."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.domain.calendar import after_working_hours
from bot.domain.errors import Conflict, NotAllowed
from bot.domain.people import Actor, Person
from bot.domain.playbook import Playbook
from bot.domain.teams import Team

ASKED_ANEW = "the same was asked for anew"


class RequestKind(StrEnum):
    """What is asked for."""

    SKIP = "skip"
    START_DATE = "start_date"
    PROMOTION = "promotion"
    OVERRIDE = "override"
    METRIC = "metric"
    VOID = "void"
    GRANT = "grant"
    TAKE_OVER = "take_over"
    PLAYBOOK_MOVE = "playbook_move"

    @property
    def label(self) -> str:
        """The kind in words, for lists."""
        return _LABELS.get(self.value) or self.value.replace("_", " ")

    @property
    def moves_phase(self) -> bool:
        """Whether its approval takes the workflow through a gate."""
        return self in (RequestKind.PROMOTION, RequestKind.OVERRIDE, RequestKind.TAKE_OVER)


_LABELS = {"metric": "easier metric", "void": "signal taken back"}


class RequestState(StrEnum):
    """How far a request has come; every state but `WAITING` is final."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands; `item` and `terms` are what it would change, in the words of its kind.

    From `lapses_at` on nobody decides it any more. `claimed` says who decided at the command line, as the operating
    system has it; None where Slack vouches.
    """

    id: str
    kind: RequestKind
    workflow_id: str
    workflow: str
    item: str | None
    terms: tuple[tuple[str, str], ...]
    reason: str | None
    asked_by: Person
    asked_at: datetime
    state: RequestState
    lapses_at: datetime
    decided_by: Person | None = None
    decided_at: datetime | None = None
    because: str | None = None
    answer: str | None = None
    escalated: int = 0
    claimed: str | None = None

    def term(self, name: str) -> str:
        """One value of what was asked for, such as the `until` of a skip."""
        return dict(self.terms)[name]

    @property
    def becomes(self) -> str | None:
        """What a correction puts in place of the signal that it takes back, in words; None where nothing does."""
        return dict(self.terms).get("becomes")

    @property
    def patience_days(self) -> int:
        """How many days there are to decide it."""
        return (self.lapses_at - self.asked_at).days

    def waits(self, at: datetime) -> bool:
        """Whether someone may still decide at `at`; what has lapsed no longer waits, noted as lapsed or not."""
        return self.state is RequestState.WAITING and at < self.lapses_at


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many of the team's working days the next approver is asked, and after how many all of them."""

    next_days: int = 1
    all_days: int = 2

    @classmethod
    def of(cls, playbook: Playbook) -> Self:
        """How long a request of a workflow on this playbook waits before more people are asked."""
        return cls(
            playbook.count("request", "next_approver_working_days"),
            playbook.count("request", "all_approvers_working_days"),
        )


def step_due(request: Request, team: Team, at: datetime, patience: Patience) -> int:
    """How far the request must have been carried by `at`: 0, 1 (to the next approver) or 2 (to all of them)."""
    day_hours = team.hours.last_hour - team.hours.first_hour
    for step, days in ((2, patience.all_days), (1, patience.next_days)):
        if after_working_hours(request.asked_at, days * day_hours, team.hours, team.zone) <= at:
            return step
    return 0


def asked_by_now(step: int, able: tuple[Person, ...]) -> tuple[Person, ...]:
    """Those of `able`, in the order in which they are asked, who have been asked in person once `step` is reached."""
    return able if step > 1 else able[: step + 1]


_SETTLED = {
    RequestState.APPROVED: "approved",
    RequestState.DECLINED: "declined",
    RequestState.WITHDRAWN: "withdrawn",
    RequestState.LAPSED: "left to lapse",
}


def demand_waiting(request: Request, at: datetime) -> None:
    """Nothing, if `request` can still be decided at `at`; else a refusal that says what became of it."""
    if request.state is not RequestState.WAITING:
        who = f" by {request.decided_by.name}" if request.decided_by else ""
        when = f" on {request.decided_at:%-d %b %Y at %H:%M} UTC" if request.decided_at else ""
        raise Conflict(f"This request was already {_SETTLED[request.state]}{who}{when}, so nothing changed.")
    if at >= request.lapses_at:
        days = "a day" if request.patience_days == 1 else f"{request.patience_days} days"
        raise Conflict(f"This request lapsed after {days} without a decision; ask again if it is still needed.")


def demand_another(request: Request, actor: Actor, others: tuple[Person, ...]) -> None:
    """Nothing, if `actor` did not ask for this; else a refusal that names who can decide."""
    if request.asked_by.handle != actor.handle:
        return
    names = [person.name for person in others]
    can = f" {_either(names)} can." if names else " Nobody else can yet: an approver has to be named for this team."
    raise NotAllowed(f"You can't decide this: you asked for it.{can}")


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
