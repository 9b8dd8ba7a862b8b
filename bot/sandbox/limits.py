"""Slack's limits on whole messages, modals and Home views, and on acknowledgements."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks import BLOCKS, SURFACES
from bot.sandbox.rules import Anything, Breach, Breaches, ByType, Flag, Many, Rule, Shape, Words, plain
from bot.sandbox.wire import Json

TEXT_MOST = 4000
MARKDOWN_MOST = 12_000
MESSAGE_TEXT_MOST = 13_000
VIEW_BYTES_MOST = 250_000
BLOCKS_MOST = {"message": 50, "modal": 100, "home": 100}
PER_MESSAGE = {"table": 1, "data_table": 1, "data_visualization": 2}
STACK_MOST = 3

_BOTH_VIEWS: dict[str, Rule] = {
    "private_metadata": Words(3000, least=0),
    "callback_id": Words(255, least=0),
    "external_id": Words(255, least=0),
}
VIEWS: dict[str, Rule] = {
    "modal": Shape(
        {"title": plain(24), "blocks": Anything()},
        {
            **_BOTH_VIEWS,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        },
    ),
    "home": Shape({"blocks": Anything()}, _BOTH_VIEWS),
}


def check_blocks(blocks: Any, surface: str, path: str = "/blocks") -> list[Breach]:
    """Every breach in a list of blocks on a surface: `message`, `modal` or `home`."""
    each = ByType(BLOCKS, SURFACES[surface])
    found = list(Many(each, BLOCKS_MOST[surface], least=0).check(blocks, path))
    if isinstance(blocks, list):
        whole = [(place, block) for place, block in enumerate(blocks) if isinstance(block, dict)]
        found += _check_ids(whole, path)
        found += _check_counts(whole, path)
        found += _check_focus(whole, path)
    return found


def check_view(view: Any) -> list[Breach]:
    """Every breach in a modal or Home view."""
    kind = view.get("type") if isinstance(view, dict) else None
    found = list(ByType(VIEWS).check(view, "/view"))
    if kind in VIEWS and "blocks" in view:
        blocks = view["blocks"]
        found += check_blocks(blocks, kind, "/view/blocks")
        takes_input = isinstance(blocks, list) and any(
            isinstance(block, dict) and block.get("type") == "input" for block in blocks
        )
        if kind == "modal" and takes_input and "submit" not in view:
            found.append(Breach("/view", "missing required field: submit", "a modal with input blocks"))
    return found


def count_text(blocks: list[Json]) -> int:
    """Characters of text in all the blocks of a message."""
    return sum(len(words) for words in _texts(blocks))


def check_errors(errors: Any, blocks: list[Json]) -> list[Breach]:
    """Breaches in the `errors` of a view submission's acknowledgement."""
    if not isinstance(errors, dict) or not errors:
        return [Breach("/errors", "must provide an object with at least one block_id")]
    inputs = {block.get("block_id") for block in blocks if block.get("type") == "input"}
    found = []
    for block_id, text in errors.items():
        if block_id not in inputs:
            found.append(Breach(f"/errors/{block_id}", "must name an input block of the view"))
        found += Words(2000).check(text, f"/errors/{block_id}")
    return found


def check_metadata(metadata: Any) -> list[Breach]:
    """Breaches in a message's metadata."""
    shape = Shape({"event_type": Words(255), "event_payload": Shape()}, {"entities": Anything()})
    flat = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    relaxed = {**metadata, "event_payload": {}} if flat else metadata
    return list(shape.check(relaxed, "/metadata"))


def elements_of(block: Json) -> Iterator[Json]:
    """The elements of a block, wherever they stand in it."""
    for name in ("element", "accessory"):
        if isinstance(block.get(name), dict):
            yield block[name]
    for name in ("elements", "actions", "child_blocks"):
        for one in block.get(name) or ():
            if isinstance(one, dict):
                yield one
                if name == "child_blocks" or one.get("type") == "card":
                    yield from elements_of(one)


def _check_ids(blocks: list[tuple[int, Json]], path: str) -> Breaches:
    seen: set[Any] = set()
    for place, block in blocks:
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id:
            if block_id in seen:
                yield Breach(f"{path}/{place}/block_id", f"block_id “{block_id}” already exists")
            seen.add(block_id)
        actions = Counter(one["action_id"] for one in elements_of(block) if isinstance(one.get("action_id"), str))
        for action_id, times in actions.items():
            if times > 1:
                yield Breach(f"{path}/{place}", f"action_id “{action_id}” already exists in this block")


def _check_counts(blocks: list[tuple[int, Json]], path: str) -> Breaches:
    kinds = Counter(str(block.get("type")) for _, block in blocks)
    for kind, most in PER_MESSAGE.items():
        if kinds[kind] > most:
            yield Breach(path, f"no more than {most} {kind} blocks allowed", f"{kinds[kind]} blocks")


def _check_focus(blocks: list[tuple[int, Json]], path: str) -> Breaches:
    focused = [place for place, block in blocks for one in elements_of(block) if one.get("focus_on_load") is True]
    for place in focused[1:]:
        yield Breach(f"{path}/{place}", "only one element may have focus_on_load")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in ("text", "title", "alt_text") and isinstance(one, str):
                yield one
            else:
                yield from _texts(one)
