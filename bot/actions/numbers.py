"""Numbers by hand: what people without tooling record, field by field or as pasted rows.

They are signals like any other, taken in and guarded as those that programs send; their source says that they were
typed, and the chain who did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from bot.actions import consequences
from bot.actions.consequences import Consequences
from bot.actions.desk import Turn
from bot.actions.signals import keep
from bot.domain.calendar import end_of_day, local_date
from bot.domain.errors import BadInput, Conflict
from bot.domain.metrics import demand_spelling, signal_name
from bot.domain.people import Person
from bot.domain.rights import Right
from bot.domain.signals.by_hand import KINDS, SOURCE, Known, instant_for, numbered
from bot.domain.signals.kinds import Body, Signal, SignalType, Span
from bot.domain.signals.order import history_begins
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.wording import cut
from bot.domain.workflows import Workflow, demand_open
from bot.intake import ByHand, Rejected, Terms, read_cells, read_pasted
from bot.intake import Known as Subject
from store import View

_SHOWN = 8
_NAMED = {SignalType.METRIC: "metric", SignalType.EVAL_RUN: "suite", SignalType.RED_LINE: "rule"}
_DEFINED = (SignalType.METRIC, SignalType.RED_LINE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone typed: a kind, its fields as texts by name, and the day that it is about, None for today."""

    kind: SignalType
    cells: Mapping[str, str]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The number that stands now, whether it is new, and what it caused.

    `is_defined` is False where it is about a metric or red line that nobody has defined: it is kept, and no gate
    looks at it.
    """

    signal: Signal[Body]
    is_new: bool
    is_defined: bool
    caused: Consequences = field(default_factory=Consequences)


@dataclass(frozen=True, slots=True)
class Pasted:
    """How many of the pasted rows are new, how many were known, and what they caused."""

    accepted: int
    duplicate: int
    caused: Consequences


@dataclass(frozen=True, slots=True)
class TypedBefore:
    """A number that someone typed and that still counts."""

    signal: Signal[Body]
    by: Person | None


def record(turn: Turn, workflow: Workflow, typed: Typed) -> Recorded:
    """One number kept, unless the same one stands already; the guards have looked at it."""
    here = demand(turn, workflow.id)
    signal, is_new = named(turn, here, read(turn, here, typed))
    is_defined = typed.kind not in _DEFINED or _name_in(signal) in names_of(turn.change, here.id)[typed.kind]
    if not is_new:
        return Recorded(signal, is_new=False, is_defined=is_defined)
    past = consequences.before(turn, here)
    kept = keep(turn, (signal,))
    return Recorded(signal, bool(kept.accepted), is_defined, consequences.since(turn, past, (signal,)))


def record_rows(turn: Turn, workflow: Workflow, text: str) -> Pasted:
    """All pasted rows kept together; BadInput that names each line that is wrong, and then none is."""
    here = demand(turn, workflow.id)
    found = tuple(read_pasted(text, terms_of(turn, here)))
    if wrong := [each for each in found if isinstance(each, Rejected)]:
        raise BadInput(_wrong_rows(wrong), "rows")
    batch = tuple(each for each in found if isinstance(each, Signal))
    if not batch:
        raise BadInput("There is nothing but a header here: paste the rows under it too.", "rows")
    past = consequences.before(turn, here)
    kept = keep(turn, batch)
    return Pasted(kept.accepted, kept.duplicate, consequences.since(turn, past, batch))


def names_of(view: View, workflow_id: str) -> Mapping[SignalType, tuple[str, ...]]:
    """What numbers of a workflow can be about: its metrics and red lines as defined, and the suites that were run."""
    return {
        SignalType.METRIC: tuple(each.entry.name for each in view.metrics.definitions(workflow_id)),
        SignalType.EVAL_RUN: tuple(each.body.suite for each in view.metrics.eval_runs(workflow_id)),
        SignalType.RED_LINE: tuple(each.rule for each in view.metrics.red_line_entries(workflow_id)),
    }


def typed_before(view: View, workflow_id: str, most: int) -> tuple[TypedBefore, ...]:
    """The last numbers that people typed about a workflow and that can be corrected, the latest first."""
    found = (
        each
        for each in view.signals.newest_of(SOURCE, workflow_id, 4 * most)
        if SHAPE_OF[type(each.signal.body)].kind in KINDS
    )
    return tuple(
        TypedBefore(stored.signal, next((each.who for each in view.history(stored.batch)), None))
        for stored, _ in zip(found, range(most), strict=False)
    )


def demand(turn: Turn, workflow_id: str) -> Workflow:
    """The workflow as it is, for whoever may record a number there; nobody else does until this is over."""
    turn.change.lock_workflow(workflow_id)
    workflow = turn.change.workflow_by_id(workflow_id)
    turn.demand(Right.RECORD, workflow.team, workflow)
    demand_open(workflow)
    return workflow


def read(turn: Turn, workflow: Workflow, typed: Typed) -> Signal[Body]:
    """What was typed as a signal, its name spelled as it is known; BadInput, which names the field, if it is none."""
    if typed.kind not in KINDS:
        raise BadInput(f"{cut(typed.kind, 40)} is nothing that is recorded by hand: choose {', '.join(KINDS)}.")
    at = instant_for(typed.on, turn.at, workflow.team.zone)
    cells = {**typed.cells, "at": at.isoformat()}
    if part := _NAMED.get(typed.kind):
        what = {"rule": "red line"}.get(part, part)
        try:
            cells[part] = signal_name(cells.get(part, ""), what)
            demand_spelling(cells[part], names_of(turn.change, workflow.id)[typed.kind], what)
        except (BadInput, Conflict) as refusal:
            raise BadInput(str(refusal), part) from None
    return read_cells(typed.kind, cells, terms_of(turn, workflow))


def named(
    turn: Turn, workflow: Workflow, signal: Signal[Body], but: Signal[Body] | None = None
) -> tuple[Signal[Body], bool]:
    """The signal under its id, and whether it is new: one that says the same already is given instead.

    `but` is one that will not count any more.
    """
    zone = workflow.team.zone
    day = local_date(signal.at, zone)
    span = Span(end_of_day(day - timedelta(days=1), zone), end_of_day(day, zone))
    known = (
        Known(each.signal, in_force=each.voided_at is None and (but is None or each.signal.id != but.id))
        for each in turn.change.signals.all_of(SOURCE, workflow.id, span)
    )
    return numbered(signal, known, zone, partial(turn.change.signals.sealed_id, SOURCE))


def terms_of(turn: Turn, workflow: Workflow) -> Terms:
    """By which a person's entries are taken in: about this workflow alone."""
    zone = workflow.team.zone
    known = Subject(workflow.name, history_begins(workflow.start_on, zone))
    other = f"These rows are recorded for {workflow.name}: leave the workflow out, or record it where it belongs."

    def instant(day: date) -> datetime:
        # A day that is still to come is refused with its line, as any instant ahead of the clock.
        return end_of_day(day, zone) if day > local_date(turn.at, zone) else instant_for(day, turn.at, zone)

    return Terms(
        now=turn.at,
        workflow=lambda name: known if name.strip().casefold() == workflow.name else other,
        team=lambda _: f"This says something of a team, and these rows are recorded for {workflow.name}.",
        source=SOURCE,
        seal=turn.change.signals.sealed_id,
        by_hand=ByHand(workflow.name, instant),
    )


def _wrong_rows(wrong: Sequence[Rejected]) -> str:
    lines = [f"Line {each.line}: {cut(each.why, 200)}" for each in wrong[:_SHOWN]]
    if len(wrong) > _SHOWN:
        lines.append(f"… and {len(wrong) - _SHOWN} more lines.")
    return "\n".join((*lines, "Nothing was recorded: mend this and send all of it again."))


def _name_in(signal: Signal[Body]) -> str:
    name: str = getattr(signal.body, _NAMED[SHAPE_OF[type(signal.body)].kind])
    return name
