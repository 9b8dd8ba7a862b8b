"""A playbook as frozen values: phases, windows, items and gates, by day N of a workflow (RULES, "Days").

Days count from 1. Roles and domains are the words of `bot.domain.workflows`, checked where it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.domain.checks import Check, EvalPassed
from bot.domain.risk import Effect, Tier
from bot.domain.thresholds import Threshold

AnyCheck = TypeVar("AnyCheck", bound=Check)


class PhaseName(StrEnum):
    """The phases, in the order in which a workflow goes through them."""

    PILOT = "pilot"
    PRODUCTION = "production"
    SCALING = "scaling"
    OPERATING = "operating"

    @property
    def following(self) -> "PhaseName | None":
        """The phase that comes next, None after the last."""
        order = tuple(PhaseName)
        return order[order.index(self) + 1] if self is not order[-1] else None

    @property
    def preceding(self) -> "PhaseName | None":
        """The phase that comes before, None before the first."""
        order = tuple(PhaseName)
        return order[order.index(self) - 1] if self is not order[0] else None


class EvidenceKind(StrEnum):
    """What an item may ask for before someone ticks it by hand."""

    LINK = "link"
    DOCUMENT = "document"
    MEMO = "memo"
    EVAL_RUN = "eval_run"
    RECORD = "record"


class DoneWhen(StrEnum):
    """What the product knows by itself; an item that names one ticks itself."""

    ROLES = "roles"
    SUCCESS_METRIC = "metric:success"
    GUARDRAIL_METRIC = "metric:guardrail"
    SPEC = "doc:spec"
    RED_TEAM = "doc:redteam"
    KICKOFF_MEMO = "memo:kickoff"
    MOVE_MEMO = "memo:move"
    EVAL_RUN = "eval_run"
    RED_LINES = "red_lines"
    FREEZE_DRILL = "drill:freeze"
    ROLLBACK_DRILL = "drill:rollback"
    GRANTS_ATTESTED = "grants_attested"


class Rung(StrEnum):
    """The operating models, from least to most autonomy."""

    COPILOT = "copilot"
    INTERN = "intern"
    OPERATOR = "operator"
    MESH = "mesh"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be done by the end of `due_day`.

    `role` is a workflow's role or `lead`, the team's. `max_age_days`: when what ticked the item is older, it
    opens again. `every_days`: it recurs, first on `due_day`. `after` are ids of items that come before it.
    """

    id: str
    title: str
    why: str
    role: str
    due_day: int
    required: bool
    evidence: EvidenceKind | None
    done_when: DoneWhen | None
    max_age_days: int | None
    every_days: int | None
    working_days: bool
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of days inside a phase, both ends included; `last_day` is None where it has no end."""

    id: str
    title: str
    first_day: int
    last_day: int | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What must hold before a workflow moves on to phase `to`; at most one check of a kind."""

    to: PhaseName
    checks: tuple[Check, ...]

    def check(self, kind: type[AnyCheck]) -> AnyCheck | None:
        """The check of `kind` with its thresholds, None if this gate does not ask for it."""
        return next((check for check in self.checks if isinstance(check, kind)), None)


@dataclass(frozen=True, slots=True)
class Autonomy:
    """What a phase lets agents do: `attended` effects need a person each time, whatever a grant says.

    Of what is left, effect `none` aside, only the `unattended` tiers go without a person.
    """

    attended: tuple[Effect, ...]
    unattended: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase, both ends of its days included; the last has neither end nor gate."""

    name: PhaseName
    first_day: int
    last_day: int | None
    windows: tuple[Window, ...]
    gate: Gate | None
    autonomy: Autonomy

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all its windows, in order."""
        return tuple(item for window in self.windows for item in window.items)


@dataclass(frozen=True, slots=True)
class OperatingModel:
    """What a ladder rung is good for, how much faster work is expected to go, and what to watch."""

    rung: Rung
    title: str
    best_for: str
    expected_cycle_time: str
    main_risk: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """A whole playbook; iterating over it gives its items in order.

    `holidays` are explicit dates; `holiday_calendar` is a country code ("PT", "US-CA") looked up elsewhere.
    """

    id: str
    title: str
    version: int
    summary: str
    required_roles: tuple[str, ...]
    holidays: tuple[date, ...]
    holiday_calendar: str | None
    rungs: tuple[OperatingModel, ...]
    thresholds: tuple[Threshold, ...]
    phases: tuple[Phase, ...]

    def __iter__(self) -> Iterator[Item]:
        """The items of all phases, in order."""
        return (item for phase in self.phases for item in phase.items)

    def item(self, item_id: str) -> Item:
        """The item called `item_id`; KeyError if there is none."""
        for item in self:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def phase(self, name: PhaseName) -> Phase:
        """The phase called `name`."""
        return next(phase for phase in self.phases if phase.name is name)

    def phase_of(self, item_id: str) -> Phase:
        """The phase that `item_id` belongs to; KeyError if there is no such item."""
        wanted = self.item(item_id)
        return next(phase for phase in self.phases if wanted in phase.items)

    def items_of(self, name: PhaseName) -> tuple[Item, ...]:
        """The items of one phase, in order."""
        return self.phase(name).items

    def operating_model(self, rung: Rung) -> OperatingModel:
        """What to expect of `rung`."""
        return next(model for model in self.rungs if model.rung is rung)

    @property
    def last_day(self) -> int:
        """The last day of the plan: the N of "day 44 of N"."""
        return max(phase.last_day for phase in self.phases if phase.last_day is not None)

    @property
    def eval_bar(self) -> EvalPassed | None:
        """What an eval run must reach, here and for the guard: the first gate's check that says so."""
        bars = (phase.gate.check(EvalPassed) for phase in self.phases if phase.gate)
        return next((bar for bar in bars if bar), None)

    def count(self, rule: str, name: str) -> int:
        """The whole-number threshold `name` of `rule`; KeyError if there is none."""
        value = self._threshold(rule, name)
        if not isinstance(value, int):
            raise KeyError(f"{rule}: {name} is a share, not a count")
        return value

    def share(self, rule: str, name: str) -> Decimal:
        """The share or ratio `name` of `rule`; KeyError if there is none."""
        return Decimal(self._threshold(rule, name))

    def _threshold(self, rule: str, name: str) -> int | Decimal:
        for threshold in self.thresholds:
            if (threshold.rule, threshold.name) == (rule, name):
                return threshold.value
        raise KeyError(f"{rule}: {name}")
