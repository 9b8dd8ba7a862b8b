"""Playbook files as Pydantic sees them, and how they become values."""

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.domain.playbook import (
    Autonomy,
    DoneWhen,
    EvidenceKind,
    Item,
    OperatingModel,
    Phase,
    PhaseName,
    Playbook,
    Rung,
    Window,
)
from bot.domain.risk import Effect, Tier
from bot.domain.thresholds import thresholds
from bot.playbooks.fields import (
    Calendar,
    Count,
    Day,
    DayCount,
    Different,
    Every,
    Holiday,
    Id,
    Line,
    Strict,
    Summary,
    Title,
)
from bot.playbooks.gates import GateEntry, GateRole

ItemRole = Literal["owner", "steward", "eval_owner", "gatekeeper", "reviewer", "lead"]


class ItemEntry(Strict):
    """An item."""

    id: Id
    title: Title
    why: Line
    role: ItemRole
    due_day: Day
    required: bool = True
    evidence: Annotated[EvidenceKind, Field(strict=False)] | None = None
    done_when: Annotated[DoneWhen, Field(strict=False)] | None = None
    max_age_days: DayCount | None = None
    every: Every | None = None
    working_days: bool = True
    after: Different[Id] | None = None

    def value(self) -> Item:
        """The item."""
        return Item(
            id=self.id,
            title=self.title,
            why=self.why,
            role=self.role,
            due_day=self.due_day,
            required=self.required,
            evidence=self.evidence,
            done_when=self.done_when,
            max_age_days=self.max_age_days,
            every_days=int(self.every.removesuffix("d")) if self.every else None,
            working_days=self.working_days,
            after=tuple(self.after or ()),
        )


class WindowEntry(Strict):
    """A window."""

    id: Id
    title: Title
    first_day: Day
    last_day: Day | None = None
    items: Annotated[list[ItemEntry], Field(min_length=1)]


class AutonomyEntry(Strict):
    """What a phase lets agents do."""

    attended: list[Annotated[Effect, Field(strict=False)]]
    unattended: list[Annotated[Tier, Field(strict=False)]]


class PhaseEntry(Strict):
    """A phase."""

    name: Annotated[PhaseName, Field(strict=False)]
    first_day: Day
    last_day: Day | None = None
    autonomy: AutonomyEntry
    windows: Annotated[list[WindowEntry], Field(min_length=1)]
    gate: GateEntry | None = None

    def value(self) -> Phase:
        """The phase with all that is in it."""
        return Phase(
            name=self.name,
            first_day=self.first_day,
            last_day=self.last_day,
            windows=tuple(
                Window(w.id, w.title, w.first_day, w.last_day, tuple(i.value() for i in w.items)) for w in self.windows
            ),
            gate=self.gate.value() if self.gate else None,
            autonomy=Autonomy(tuple(self.autonomy.attended), tuple(self.autonomy.unattended)),
        )


class RungEntry(Strict):
    """A rung of the ladder."""

    title: Title
    best_for: Line
    expected_cycle_time: Line
    main_risk: Line


class Rungs(Strict):
    """The ladder."""

    copilot: RungEntry
    intern: RungEntry
    operator: RungEntry
    mesh: RungEntry

    def values(self) -> tuple[OperatingModel, ...]:
        """The ladder from its foot."""
        entries = ((rung, getattr(self, rung)) for rung in Rung)
        return tuple(
            OperatingModel(rung, e.title, e.best_for, e.expected_cycle_time, e.main_risk) for rung, e in entries
        )


class PlaybookEntry(Strict):
    """A playbook file, complete in itself."""

    id: Id
    title: Title
    version: Count
    summary: Summary
    required_roles: Different[GateRole]
    holidays: Annotated[list[Holiday], Field(max_length=400)] | None = None
    holiday_calendar: Calendar | None = None
    rungs: Rungs
    thresholds: dict[str, dict[str, Any]] | None = None
    phases: list[PhaseEntry]

    def value(self) -> Playbook:
        """The playbook."""
        given = self.thresholds or {}
        return Playbook(
            id=self.id,
            title=self.title,
            version=self.version,
            summary=self.summary,
            required_roles=tuple(self.required_roles),
            holidays=tuple(sorted(self.holidays or ())),
            holiday_calendar=self.holiday_calendar,
            rungs=self.rungs.values(),
            thresholds=thresholds({(rule, n): v for rule, numbers in given.items() for n, v in numbers.items()}),
            phases=tuple(phase.value() for phase in self.phases),
        )
