"""A simple model of one workflow: what each act should be answered, and how everything then stands."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Lisbon")
GATE_ROLES = ("owner", "steward", "eval_owner", "gatekeeper")
DECIDERS = ("bea", "ada")
"""An approver of the team and an admin; lea leads the team."""

DONE, REFUSED, CONFLICT, NOT_ALLOWED, BAD_INPUT = "done", "Refused", "Conflict", "NotAllowed", "BadInput"

ITEMS = {
    "choose_operating_model": ("owner", ""),
    "choose_workflow": ("owner", ""),
    "build_regression_set": ("eval_owner", ""),
    "check_redaction": ("gatekeeper", "build_regression_set"),
    "name_roles": ("owner", ""),
}
"""Each item with its role and what comes before it; name_roles ticks itself."""


@dataclass
class Item:
    """What was recorded of an item, and what a restore would give back."""

    state: str = "open"
    until: date | None = None
    before: tuple[str, date | None] | None = None
    assignee: str | None = None
    version: int = 0

    def become(self, state: str, until: date | None, *, was: str) -> None:
        """A change that a restore can undo."""
        self.before = (was, self.until)
        self.state, self.until, self.version = state, until, self.version + 1


@dataclass
class Request:
    """A request to skip."""

    item: str
    asker: str
    until: date
    asked_at: datetime
    state: str = "waiting"


@dataclass
class Model:
    """One workflow; each method answers what the program should, having changed as it should."""

    at: datetime
    roles: dict[str, str] = field(default_factory=lambda: {"owner": "ana", "steward": "stu"})
    items: dict[str, Item] = field(default_factory=lambda: {name: Item() for name in ITEMS})
    requests: list[Request] = field(default_factory=list)
    paused_on: date | None = None
    paused_days: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        self.start_on = self.today

    @property
    def today(self) -> date:
        """The date in Lisbon."""
        return self.at.astimezone(ZONE).date()

    @property
    def day(self) -> int:
        """Day N; it stands still while paused."""
        return ((self.paused_on or self.today) - self.start_on).days + 1 - self.paused_days

    def state(self, name: str) -> str:
        """The state that people see."""
        item = self.items[name]
        state = item.state
        if state == "skipped" and item.until and item.until < (self.paused_on or self.today):
            state = "open"
        if name == "name_roles" and state in ("open", "blocked") and set(GATE_ROLES) <= set(self.roles):
            return "done"
        return state

    def is_settled(self, name: str) -> bool:
        """Whether nobody need do anything about it."""
        return self.state(name) in ("done", "skipped")

    def _runs(self, who: str) -> bool:
        return who == "lea" or who in (self.roles.get("owner"), self.roles.get("steward"))

    def may_tick(self, who: str, name: str) -> bool:
        """Whether it is theirs, or theirs to run."""
        holder = self.items[name].assignee or self.roles.get(ITEMS[name][0])
        return self._runs(who) or who in ("ada", holder)

    def may_manage(self, who: str) -> bool:
        """Whether they run the workflow or decide for it."""
        return self._runs(who) or who in DECIDERS

    def check(self, who: str, name: str) -> str:
        """An item ticked, with evidence."""
        if not self.may_tick(who, name):
            return NOT_ALLOWED
        if name == "name_roles":
            return REFUSED
        if self.state(name) == "done":
            return CONFLICT
        first = ITEMS[name][1]
        if first and not self.is_settled(first):
            return REFUSED
        self.items[name].become("done", None, was=self.state(name))
        return DONE

    def block(self, who: str, name: str) -> str:
        """An item blocked."""
        if not self.may_tick(who, name):
            return NOT_ALLOWED
        if self.is_settled(name):
            return CONFLICT
        self.items[name].become("blocked", None, was=self.state(name))
        return DONE

    def reopen(self, who: str, name: str) -> str:
        """An item opened again."""
        if not self.may_tick(who, name):
            return NOT_ALLOWED
        if self.state(name) == "open":
            return CONFLICT
        if name == "name_roles" and self.state(name) == "done":
            return REFUSED
        self.items[name].become("open", None, was=self.state(name))
        return DONE

    def restore(self, who: str, name: str) -> str:
        """An item as it was."""
        item = self.items[name]
        if not self.may_tick(who, name):
            return NOT_ALLOWED
        if item.before is None:
            return REFUSED
        item.become(*item.before, was=item.state)
        return DONE

    def assign(self, who: str, name: str, to: str) -> str:
        """An item in other hands."""
        item = self.items[name]
        if not self.may_tick(who, name):
            return NOT_ALLOWED
        if item.assignee == to:
            return CONFLICT
        item.assignee, item.version = to, item.version + 1
        return DONE

    def ask(self, who: str, name: str, days: int) -> str:
        """A skip asked for."""
        if not self.may_manage(who):
            return NOT_ALLOWED
        if self.is_settled(name):
            return CONFLICT
        if days <= 0:
            return BAD_INPUT
        if any(self.waits(request) and request.item == name for request in self.requests):
            return CONFLICT
        self.requests.append(Request(name, who, self.today + timedelta(days=days), self.at))
        return DONE

    def waits(self, request: Request) -> bool:
        """Whether someone may still decide."""
        return request.state == "waiting" and self.at < request.asked_at + timedelta(days=7)

    def approve(self, who: str, request: Request) -> str:
        """A request approved, and carried out."""
        refused = self._decide(who, request)
        if refused:
            return refused
        if request.until <= self.today or self.is_settled(request.item):
            return CONFLICT
        self.items[request.item].become("skipped", request.until, was=self.state(request.item))
        request.state = "approved"
        return DONE

    def decline(self, who: str, request: Request) -> str:
        """A request declined."""
        refused = self._decide(who, request)
        if refused:
            return refused
        request.state = "declined"
        return DONE

    def _decide(self, who: str, request: Request) -> str:
        if who == request.asker or who not in DECIDERS:
            return NOT_ALLOWED
        return "" if self.waits(request) else CONFLICT

    def withdraw(self, who: str, request: Request) -> str:
        """A request taken back."""
        if who != request.asker:
            return NOT_ALLOWED
        if not self.waits(request):
            return CONFLICT
        request.state = "withdrawn"
        return DONE

    def lapse(self) -> None:
        """What nobody decided in time."""
        for request in self.requests:
            if request.state == "waiting" and not self.waits(request):
                request.state = "lapsed"

    def give(self, who: str, role: str, to: str) -> str:
        """A role in someone's hands."""
        if not self.may_manage(who):
            return NOT_ALLOWED
        if self.roles.get(role) == to:
            return CONFLICT
        self.roles[role] = to
        return DONE

    def vacate(self, who: str, role: str, whose: str) -> str:
        """A role in nobody's hands."""
        if not self.may_manage(who):
            return NOT_ALLOWED
        if self.roles.get(role) != whose:
            return CONFLICT
        del self.roles[role]
        return DONE

    def pause(self, who: str) -> str:
        """The clock stopped."""
        if not self.may_manage(who):
            return NOT_ALLOWED
        if self.paused_on:
            return CONFLICT
        self.paused_on, self.version = self.today, self.version + 1
        return DONE

    def resume(self, who: str) -> str:
        """The clock running."""
        if not self.may_manage(who):
            return NOT_ALLOWED
        if self.paused_on is None:
            return REFUSED
        self.paused_days += (self.today - self.paused_on).days
        self.paused_on, self.version = None, self.version + 1
        return DONE
