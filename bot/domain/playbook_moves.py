"""`playbook move`: what would be different under another playbook, and what of it needs an approver."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from bot.domain import loosening
from bot.domain.checklists import Checklist
from bot.domain.checks import Check, EvalPassed, OverrideBound, ReviewsHeld
from bot.domain.errors import Refused
from bot.domain.gates import CHECKS
from bot.domain.items import ItemState
from bot.domain.loosening import Looser, Step, Turn, turn
from bot.domain.playbook import Item, Phase, Playbook
from bot.domain.workflows import PlaybookPin, Workflow

_BARS = ("min_pass", "lower_bound", "max_override", "overrides")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different: where in the playbook, from what to what, and which way that goes."""

    where: str
    before: str
    after: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class PlaybookDifference:
    """What a workflow's move from one playbook to another changes.

    `added`, `dropped` and `changed` are ids of items; `kept_done` are keys of items that are done and stay so,
    `undone` of those that are done and would be open again, or gone. `changes` lists every change one by one.
    """

    old: str
    new: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]
    kept_done: tuple[str, ...]
    undone: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def loosened(self) -> tuple[Change, ...]:
        """The changes that loosen something."""
        return tuple(change for change in self.changes if change.turn is Turn.LOOSENED)

    @property
    def tightened(self) -> tuple[Change, ...]:
        """The changes that tighten something."""
        return tuple(change for change in self.changes if change.turn is Turn.TIGHTENED)

    @property
    def needs_approver(self) -> bool:
        """Whether someone else has to agree, since something is loosened."""
        return bool(self.loosened)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that a workflow would notice is different."""
        return not self.changes and not self.undone


def demand_different(workflow: Workflow, to: PlaybookPin) -> None:
    """Nothing, if `to` is another content than the one that the workflow follows; else a refusal."""
    if to.hash == workflow.playbook.hash:
        raise Refused(
            f"{workflow.name} follows {to.id}, version {to.version}, just as it is shipped now, so nothing would "
            "change: name another playbook, or change its file first."
        )


def difference(before: Checklist, after: Checklist) -> PlaybookDifference:
    """The difference between one workflow's checklist as it is and as it would be, judged at the same instant."""
    old, new = before.playbook, after.playbook
    items, now = {item.id: item for item in old}, {item.id: item for item in new}
    done, kept = _done(before), _done(after)
    return PlaybookDifference(
        old=f"{old.id}, version {old.version}",
        new=f"{new.id}, version {new.version}",
        added=tuple(item_id for item_id in now if item_id not in items),
        dropped=tuple(item_id for item_id in items if item_id not in now),
        changed=tuple(i for i in items if i in now and any(_item_changes(old, new, i))),
        kept_done=tuple(key for key in done if key in kept),
        undone=tuple(key for key in done if key not in kept),
        changes=tuple(_changes(old, new)),
    )


def _done(checklist: Checklist) -> tuple[str, ...]:
    return tuple(str(row.key) for row in checklist.rows if row.state is ItemState.DONE)


def _changes(old: Playbook, new: Playbook) -> Iterator[Change]:
    for name, looser in loosening.PLAYBOOK.items():
        yield from _changed(name, looser, Step(getattr(old, name), getattr(new, name)))
    for phase in old.phases:
        yield from _phase_changes(phase, new.phase(phase.name))
    items, now = {item.id: item for item in old}, {item.id: item for item in new}
    for item_id in items | now:
        if item_id not in now:
            yield _come_or_gone(items[item_id], ("{}", "gone"), Turn.LOOSENED)
        elif item_id not in items:
            yield _come_or_gone(now[item_id], ("none", "{}"), Turn.TIGHTENED)
        else:
            yield from _item_changes(old, new, item_id)
    given = {(t.rule, t.name): t.value for t in old.thresholds}
    for t in new.thresholds:
        key = (t.rule, t.name)
        yield from _changed(".".join(key), loosening.THRESHOLD[key], Step(given[key], t.value))


def _phase_changes(before: Phase, after: Phase) -> Iterator[Change]:
    for name, looser in loosening.PHASE.items():
        yield from _changed(f"{before.name} {name}", looser, Step(getattr(before, name), getattr(after, name)))
    for name, looser in loosening.AUTONOMY.items():
        step = Step(getattr(before.autonomy, name), getattr(after.autonomy, name))
        yield from _changed(f"{before.name} {name}", looser, step)
    asked = {_id(check): check for check in (before.gate.checks if before.gate else ())}
    now = {_id(check): check for check in (after.gate.checks if after.gate else ())}
    for check_id in asked | now:
        where = f"{before.name} gate {check_id}"
        if check_id not in now:
            yield Change(where, "asked for", "not asked for", Turn.LOOSENED)
        elif check_id not in asked:
            yield Change(where, "not asked for", "asked for", Turn.TIGHTENED)
        else:
            yield from _check_changes(where, asked[check_id], now[check_id])


def _id(check: Check) -> str:
    return CHECKS[type(check)].__name__


def _check_changes(where: str, before: Check, after: Check) -> Iterator[Change]:
    for name in (field.name for field in fields(before) if field.name not in _BARS):
        looser = loosening.CHECK[type(before), name]
        yield from _changed(f"{where} {name}", looser, Step(getattr(before, name), getattr(after, name)))
    if _bar(before) != _bar(after):
        yield Change(f"{where} bar", _bar(before), _bar(after), _turn_of_bar(before, after))


def _turn_of_bar(before: Check, after: Check) -> Turn:
    if isinstance(before, EvalPassed) and isinstance(after, EvalPassed):
        return loosening.turn_of_eval_bar(before, after)
    if isinstance(before, ReviewsHeld) and isinstance(after, ReviewsHeld):
        return loosening.turn_of_override_bar(before, after)
    return Turn.NEITHER


def _bar(check: Check) -> str:
    given = {name: getattr(check, name, None) for name in _BARS}
    return ", ".join(f"{name} {_told(value)}" for name, value in given.items() if value is not None)


def _item_changes(old: Playbook, new: Playbook, item_id: str) -> Iterator[Change]:
    before, after = old.item(item_id), new.item(item_id)
    where = f"item {item_id}"
    for name, looser in loosening.ITEM.items():
        step = Step(getattr(before, name), getattr(after, name))
        yield from _changed(f"{where} {name}", _if_required(before, name, looser), step)
    proof = (_proof(before), _proof(after))
    if proof[0] != proof[1]:
        way = loosening.turn_of_proof(before, after) if before.required else Turn.NEITHER
        yield Change(f"{where} proof", *proof, way)
    phase, now = old.phase_of(item_id).name, new.phase_of(item_id).name
    if phase is not now:
        # Later or earlier, the gate that used to wait for it no longer does.
        yield Change(f"{where} phase", phase, now, Turn.LOOSENED if before.required else Turn.NEITHER)


def _if_required(before: Item, name: str, looser: Looser) -> Looser:
    """Nobody waits for an item that was optional: only requiring it changes which way things go."""
    return looser if before.required or name == "required" else Looser.NEVER


def _come_or_gone(item: Item, told: tuple[str, str], way: Turn) -> Change:
    before, after = (words.format("required" if item.required else "optional") for words in told)
    return Change(f"item {item.id}", before, after, way if item.required else Turn.NEITHER)


def _proof(item: Item) -> str:
    return str(item.done_when or item.evidence or "none")


def _changed(where: str, looser: Looser, step: Step) -> Iterator[Change]:
    if step.before != step.after:
        yield Change(where, _told(step.before), _told(step.after), turn(looser, step))


def _told(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value, "f")
        case OverrideBound():
            return f"{value.upper_bound} of at least {value.min_n}"
        case tuple():
            return ", ".join(str(one) for one in value) or "none"
        case _:
            return str(value)
