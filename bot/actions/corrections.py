"""Corrections: another value instead of a wrong one, and that taken back, in one act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.actions import consequences, numbers, voids
from bot.actions.consequences import Consequences
from bot.actions.desk import Turn
from bot.actions.numbers import Typed
from bot.actions.signals import keep
from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.facts import RequestMade, SignalVoided
from bot.domain.rights import Right, standings, why_allowed
from bot.domain.signals.by_hand import KINDS, cells_of, wordless
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.wording import cut
from bot.domain.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Correction:
    """What is different: the fields that change, as texts by name, and another day; None leaves the day as it is."""

    cells: Mapping[str, str]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """What is to stand instead of what; `fact` says that it does, or that someone was asked."""

    old: Signal[Body]
    new: Signal[Body]
    fact: SignalVoided | RequestMade
    caused: Consequences = field(default_factory=Consequences)


def correct(turn: Turn, named: str, correction: Correction, reason: str) -> Corrected:
    """A signal corrected at once by someone who decides; asked for by everyone else who may record numbers."""
    old, new, workflow = _difference(turn, named, correction)
    if why_allowed(Right.VOID, standings(turn.actor, workflow.team, workflow)) is None:
        return _asked(turn, old, new, reason)
    past = consequences.before(turn, workflow)
    # The new value first: what the old one stopped never goes on for a moment if the new one stops it too.
    keep(turn, (new,))
    fact = voids.void(turn, _name(old), reason)
    return Corrected(old, new, fact, consequences.since(turn, past, (new,)))


def ask(turn: Turn, named: str, correction: Correction, reason: str) -> Corrected:
    """The request that someone else correct it."""
    old, new, _ = _difference(turn, named, correction)
    return _asked(turn, old, new, reason)


def demand_correctable(signal: Signal[Body]) -> SignalType:
    """The kind of a signal that can be corrected field by field; a refusal for any other."""
    kind = SHAPE_OF[type(signal.body)].kind
    if kind not in KINDS:
        raise Refused(
            f"A signal of type {kind} can't be corrected field by field: take it back, and send it again as it "
            "should have been."
        )
    return kind


def _asked(turn: Turn, old: Signal[Body], new: Signal[Body], reason: str) -> Corrected:
    return Corrected(old, new, voids.ask(turn, _name(old), reason, instead=new))


def _difference(turn: Turn, named: str, correction: Correction) -> tuple[Signal[Body], Signal[Body], Workflow]:
    """A signal, what is to stand instead, and their workflow; refused where nothing would change."""
    old = voids.meant(turn, named)
    kind = demand_correctable(old)
    workflow = numbers.demand(turn, turn.change.workflow(str(old.workflow)).id)
    allowed = wordless(kind)
    if strange := next((each for each in correction.cells if each not in allowed), None):
        raise BadInput(
            f"{cut(strange, 40)} is nothing to correct in a signal of type {kind}: give {', '.join(allowed)}.", strange
        )
    cells = {**cells_of(old), "url": old.url or "", **correction.cells}
    new = numbers.read(turn, workflow, Typed(kind, cells, correction.on))
    new = new if correction.on else replace(new, at=old.at)
    if (new.body, new.at) == (old.body, old.at):
        raise Conflict("It says just so already, so nothing was changed: give the value that it should have been.")
    new, _ = numbers.named(turn, workflow, new, but=old)
    return old, new, workflow


def _name(signal: Signal[Body]) -> str:
    return f"{signal.source}/{signal.id}"
