"""Checklists: a playbook's items and what was recorded of them, judged at one instant (RULES, "Items")."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.absences import EVERYONE_HERE, Absences
from bot.domain.calendar import local_date, next_working_date
from bot.domain.errors import NotFound
from bot.domain.items import ItemKey, ItemRecord, ItemState, Proof
from bot.domain.nearness import near
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen, Item, Phase, PhaseName, Playbook, Window
from bot.domain.workflows import Role, Workflow


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a checklist: definition and record put together, judged at one instant."""

    item: Item
    key: ItemKey
    phase: PhaseName
    window: Window
    state: ItemState
    due_on: date
    holders: tuple[Person, ...]
    record: ItemRecord | None
    proof: Proof | None
    waiting_for: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """What a change must have seen; 0 while nobody has touched the item."""
        return self.record.version if self.record else 0

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of anyone here."""
        return self.state in (ItemState.DONE, ItemState.SKIPPED, ItemState.TAKEN_OVER)

    def days_late(self, today: date) -> int:
        """How many days past due an unsettled item is; 0 if it is not."""
        return 0 if self.is_settled else max((today - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of the phases reached so far stand in which state."""

    done: int
    skipped: int
    blocked: int
    open: int
    taken_over: int = 0

    @property
    def total(self) -> int:
        """All items of the phases reached so far."""
        return self.done + self.skipped + self.blocked + self.open + self.taken_over


@dataclass(frozen=True, slots=True)
class Checklist:
    """All items of a workflow that exist at one instant, in the order of the playbook; and who is away then."""

    workflow: Workflow
    playbook: Playbook
    rows: tuple[Row, ...]
    today: date
    absences: Absences = EVERYONE_HERE

    def row(self, key: ItemKey) -> Row:
        """The row named `key`, or a refusal that offers the nearest one."""
        for row in self.rows:
            if row.key == key:
                return row
        guess = near(key.id, (str(row.key) for row in self.rows))
        hint = f" Did you mean {guess}?" if guess else " The command checklist shows them all."
        raise NotFound(f"{self.workflow.name} has no item {str(key)!r}.{hint}")

    @property
    def vacant(self) -> tuple[Role, ...]:
        """The roles that the playbook requires and nobody holds."""
        return vacant_roles(self.workflow, self.playbook)

    @property
    def reached(self) -> tuple[Row, ...]:
        """The rows of the phases up to the one the workflow is in."""
        order = tuple(PhaseName)
        phases = order[: order.index(self.workflow.phase) + 1]
        return tuple(r for r in self.rows if r.phase in phases)

    @property
    def progress(self) -> Progress:
        """Counts over the phases reached so far."""
        states = [row.state for row in self.reached]
        return Progress(
            done=states.count(ItemState.DONE),
            skipped=states.count(ItemState.SKIPPED),
            blocked=states.count(ItemState.BLOCKED),
            open=states.count(ItemState.OPEN),
            taken_over=states.count(ItemState.TAKEN_OVER),
        )

    @property
    def late(self) -> tuple[Row, ...]:
        """Required rows past their due day, the latest first; nothing is late before the workflow starts."""
        rows = [r for r in self.reached if r.item.required and r.days_late(self.today)]
        return tuple(sorted(rows, key=lambda r: r.due_on))

    @property
    def next_up(self) -> tuple[Row, ...]:
        """What people have to do next: unsettled required rows that tick by hand or by someone's act, by due date."""
        rows = [r for r in self.reached if not r.is_settled and r.item.required]
        return tuple(sorted(rows, key=lambda r: r.due_on))


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows about a workflow's items."""

    records: tuple[ItemRecord, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A workflow at one instant."""

    workflow: Workflow
    at: datetime

    @property
    def clock_at(self) -> datetime:
        """The instant by the workflow's own clock, which stands still while it is paused."""
        return min(self.workflow.pause.at, self.at) if self.workflow.pause else self.at


_OF_THEIR_PHASE = frozenset({DoneWhen.SPEC, DoneWhen.EVAL_RUN, DoneWhen.SUCCESS_METRIC, DoneWhen.GUARDRAIL_METRIC})
"""Kinds of proof that must be given anew in each phase that asks for them."""


def checklist(workflow: Workflow, playbook: Playbook, known: Known, at: datetime) -> Checklist:
    """The checklist at `at`: recurrences unfolded, due dates moved, ticks by proof and lapses of time applied."""
    today = workflow.today(at)
    day = workflow.day(at)
    records = {record.key: record for record in known.records}
    seen = known.proofs + _roles_proof(workflow, playbook)
    rows = []
    for phase, window, item in _placed(playbook):
        due_days = _due_days(item, day)
        proofs = _proofs(item, phase, seen, Judged(workflow, at)) if item.done_when else (None,) * len(due_days)
        for instance, (due_day, proof) in enumerate(zip(due_days, proofs, strict=False), start=1):
            record = records.get(ItemKey(item.id, instance))
            rows.append(
                Row(
                    item=item,
                    key=ItemKey(item.id, instance),
                    phase=phase.name,
                    window=window,
                    state=_state(item, record, proof, today),
                    due_on=_due_on(item, workflow, playbook, due_day),
                    holders=_holders(item, record, workflow),
                    record=record,
                    proof=proof,
                )
            )
    return Checklist(workflow, playbook, _with_dependencies(_caught_up(rows, known, workflow, playbook)), today)


def vacant_roles(workflow: Workflow, playbook: Playbook) -> tuple[Role, ...]:
    """The roles that `playbook` requires and nobody holds."""
    return tuple(role for name in playbook.required_roles if not workflow.holders_of(role := Role(name)))


def _placed(playbook: Playbook) -> Iterator[tuple[Phase, Window, Item]]:
    for phase in playbook.phases:
        for window in phase.windows:
            for item in window.items:
                yield phase, window, item


def _due_days(item: Item, day: int) -> tuple[int, ...]:
    """The due day of each instance that exists on `day`: those whose turn has come, and the next."""
    if not item.every_days:
        return (item.due_day,)
    turns = max((day - item.due_day) // item.every_days + 2, 1)
    return tuple(item.due_day + n * item.every_days for n in range(turns))


def _due_on(item: Item, workflow: Workflow, playbook: Playbook, due_day: int) -> date:
    due_on = workflow.date_of(due_day)
    return next_working_date(due_on, playbook.holidays) if item.working_days else due_on


def _proofs(item: Item, phase: Phase, known: tuple[Proof, ...], here: Judged) -> tuple[Proof | None, ...]:
    """For each instance the proof that ticks it: the first one seen after the turn before it was due."""
    kind = f"{item.done_when}:{phase.name}" if item.done_when is DoneWhen.MOVE_MEMO else item.done_when
    seen = sorted((proof for proof in known if proof.kind == kind and proof.at <= here.at), key=lambda proof: proof.at)
    if item.done_when in _OF_THEIR_PHASE and phase.first_day > 1:
        begins = here.workflow.date_of(phase.first_day)
        seen = [proof for proof in seen if local_date(proof.at, here.workflow.team.zone) >= begins]
    if not item.every_days:
        latest = seen[-1] if seen else None
        stale = latest and item.max_age_days and here.clock_at - latest.at > timedelta(days=item.max_age_days)
        return (None if stale else latest,)
    ticks: list[Proof | None] = []
    for due_day in _due_days(item, here.workflow.day(here.at)):
        opens = here.workflow.date_of(due_day - item.every_days)
        while seen and local_date(seen[0].at, here.workflow.team.zone) <= opens:
            seen.pop(0)
        ticks.append(seen.pop(0) if seen else None)
    return tuple(ticks)


def _roles_proof(workflow: Workflow, playbook: Playbook) -> tuple[Proof, ...]:
    held = [holder.since for holder in workflow.holders if holder.role in playbook.required_roles]
    if vacant_roles(workflow, playbook) or not held:
        return ()
    return (Proof(DoneWhen.ROLES, max(held), "every required role is held"),)


def _state(item: Item, record: ItemRecord | None, proof: Proof | None, today: date) -> ItemState:
    state = record.state if record else ItemState.OPEN
    if record and state is ItemState.SKIPPED and record.until and record.until < today:
        state = ItemState.OPEN
    if proof and state in (ItemState.OPEN, ItemState.BLOCKED):
        return ItemState.DONE
    if item.done_when and state is ItemState.DONE and not proof:
        return ItemState.OPEN
    return state


def _holders(item: Item, record: ItemRecord | None, workflow: Workflow) -> tuple[Person, ...]:
    if record and record.assignee:
        return (record.assignee,)
    if item.role == "lead":
        return (workflow.team.lead,)
    return workflow.holders_of(Role(item.role))


def _caught_up(rows: list[Row], known: Known, workflow: Workflow, playbook: Playbook) -> list[Row]:
    """The rows of a workflow that was taken over: what was due before it came is due when its phase ends."""
    taken = [record.changed_at for record in known.records if record.state is ItemState.TAKEN_OVER]
    if not taken:
        return rows
    came_on = local_date(max(taken), workflow.team.zone)
    ends = {phase.name: workflow.date_of(phase.last_day) for phase in playbook.phases if phase.last_day}
    return [
        replace(row, due_on=max(ends.get(row.phase, came_on), came_on))
        if row.due_on < came_on and not row.is_settled
        else row
        for row in rows
    ]


def _with_dependencies(rows: list[Row]) -> tuple[Row, ...]:
    settled = {row.item.id for row in rows if row.is_settled}
    titles = {row.item.id: row.item.title for row in rows}
    return tuple(
        replace(row, waiting_for=tuple(titles[i] for i in row.item.after if i not in settled))
        if row.item.after
        else row
        for row in rows
    )
