"""A message about findings, brought up to date in place: controls give way to who did what, whatever else it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from bot.domain.findings.tracking import Tracked
from bot.slack.blocks import MESSAGE_BLOCKS, Block, context
from bot.slack.pen import Pen

_CONTROLS = ("finding.ack", "finding.menu", "finding.why")
_NOTE = "finding_note:"

Kept = Callable[[str], Tracked | None]
Spent = Mapping[str, frozenset[str]]


def brought_up_to_date(pen: Pen, blocks: Iterable[Block], kept: Kept, today: date) -> tuple[Block, ...]:
    """A message whose controls give way to who did what, whatever it says besides; `kept` is what is kept by id."""
    told = [block for block in blocks if not str(block.get("block_id", "")).startswith(_NOTE)]
    last = {id_: place for place, block in enumerate(told) for id_ in _ids(block)}
    tracked = {id_: each for id_ in last if (each := kept(id_)) and each.is_open}
    spent = {id_: _spent(each, today) for id_, each in tracked.items()}
    found: list[Block] = []
    room = MESSAGE_BLOCKS - len(told)
    for place, block in enumerate(told):
        fitting = _fitting(block, spent)
        found += [fitting] if fitting else []
        ended = (each for id_, each in tracked.items() if last[id_] == place)
        notes = [note for each in ended if (note := _note(pen, each, today))][: max(room, 0)]
        found += notes
        room -= len(notes)
    return tuple(found)


def _ids(block: Block) -> Iterator[str]:
    for element in _elements(block):
        if element.get("action_id") in _CONTROLS:
            value = element.get("value") or (element.get("options") or [{}])[0].get("value", "")
            yield next((part for part in str(value).split(":") if part.startswith("fnd_")), "")


def _elements(block: Block) -> list[Block]:
    return [block["accessory"]] if "accessory" in block else block.get("elements", []) if _is_row(block) else []


def _is_row(block: Block) -> bool:
    return block.get("type") == "actions"


def _fitting(block: Block, spent: Spent) -> Block | None:
    """A block without the controls that have no use any more; None if nothing is left of it."""
    if block.get("type") == "image" and "slack_file" in block:
        # Slack tells more of a picture than it takes.
        return {**_only(block, "type", "block_id", "alt_text"), "slack_file": _only(block["slack_file"], "id")}
    left = [kept for element in _elements(block) if (kept := _control(element, spent))]
    if _is_row(block):
        return {**block, "elements": left} if left else None
    if "accessory" in block:
        bare = {name: value for name, value in block.items() if name != "accessory"}
        return {**bare, "accessory": left[0]} if left else bare
    return block


def _only(block: Block, *names: str) -> Block:
    return {name: block[name] for name in names if name in block}


def _spent(tracked: Tracked, today: date) -> frozenset[str]:
    """What need not be offered any more."""
    if _is_asleep(tracked, today):
        return frozenset({"ack", "snooze"})
    return frozenset({"ack"}) if tracked.acknowledged else frozenset()


def _control(element: Block, spent: Spent) -> Block | None:
    if element.get("action_id") == "finding.ack":
        return None if "ack" in spent.get(str(element.get("value")), ()) else element
    if element.get("action_id") != "finding.menu":
        return element
    options = [each for each in element["options"] if not _is_spent(str(each["value"]), spent)]
    return {**element, "options": options}


def _is_spent(value: str, spent: Spent) -> bool:
    verb, _, place = value.partition(":")
    return verb in spent.get(place.partition(":")[0], ())


def _is_asleep(tracked: Tracked, today: date) -> bool:
    return tracked.snoozed is not None and today < tracked.snoozed.until


def _note(pen: Pen, tracked: Tracked, today: date) -> Block | None:
    asleep = _is_asleep(tracked, today)
    if not (asleep or tracked.acknowledged or tracked.assigned_to):
        return None
    text = pen.md("findings.note", t=tracked, asleep=asleep, today=today)
    return {**context(text), "block_id": f"{_NOTE}{tracked.id}"}
