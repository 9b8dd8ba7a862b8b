"""What stands in the fields of the window for numbers, as the cells of a signal; and the other way round."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from bot.domain.errors import BadInput
from bot.domain.signals.by_hand import KINDS, cells_of
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.signals.shapes import SHAPE_OF
from bot.domain.wording import cut
from bot.slack.screens.numbers import KIND_LABELS, OTHER, ROWS
from bot.slack.visit import Form

_RESULT = re.compile(r"\s*(\d{1,9})\s*(?:of|/|out of)\s*(\d{1,9})\s*", re.ASCII | re.IGNORECASE)
_NAMED = {SignalType.METRIC: "metric", SignalType.EVAL_RUN: "suite", SignalType.RED_LINE: "rule"}
_PLAIN: Mapping[SignalType, Mapping[str, str]] = MappingProxyType(
    {
        SignalType.METRIC: {"value": "value", "n": "n"},
        SignalType.EVAL_RUN: {"prompt_version": "prompt_version", "model": "model"},
        SignalType.REVIEW_TALLY: {each: each for each in ("outputs", "reviewed", "overridden", "median_minutes")},
        SignalType.REWORK: {"rework_kind": "kind", "cost_usd": "cost_usd", "url": "url"},
        SignalType.INCIDENT: {each: each for each in ("key", "severity", "status", "title")},
        SignalType.RED_LINE: {"line_kind": "kind", "summary": "summary"},
    }
)
"""Which field of a signal stands in which block of the window, but for names and results."""


def kind_in(text: str) -> str:
    """What the window is to ask for, as a menu or a memory says it; a refusal for anything else."""
    if text not in KIND_LABELS:
        raise BadInput("This window is from before Rollout was changed. Close it and open it again.")
    return text


def signal_kind(text: str) -> SignalType:
    """The kind of signal that a window asks for; a refusal where it asks for rows."""
    kind = kind_in(text)
    if kind == ROWS:
        raise BadInput("Rows are recorded together. Close this window and open it again.")
    return SignalType(kind)


def cells_in(kind: SignalType, filled: Form) -> dict[str, str]:
    """The cells of a signal of that kind, from what was filled in; empty ones too."""
    cells = {name: filled.text(block).strip() for block, name in _PLAIN[kind].items()}
    if part := _NAMED.get(kind):
        cells[part] = (filled.text(f"{part}_named") or filled.text(part)).strip()
        if cells[part] == OTHER:
            raise BadInput("Choose another one once more, and type its name in the field that appears.", part)
    if kind is SignalType.EVAL_RUN:
        found = _RESULT.fullmatch(filled.text("result"))
        if found is None:
            typed = cut(filled.text("result"), 30) or "nothing"
            raise BadInput(f"“{typed}” says no result: write 191 of 200, first those that passed, then all.", "result")
        cells |= {"passed": found[1], "cases": found[2]}
    return cells


def given_of(signal: Signal[Body]) -> dict[str, str]:
    """What stands in the window's fields for a signal, by block."""
    kind = SHAPE_OF[type(signal.body)].kind
    cells = cells_of(signal) | {"url": signal.url or ""}
    given = {block: cells[name] for block, name in _PLAIN[kind].items()}
    if part := _NAMED.get(kind):
        given[f"{part}_named"] = cells[part]
    if kind is SignalType.EVAL_RUN:
        given["result"] = f"{cells['passed']} of {cells['cases']}"
    return given


@contextmanager
def beside_their_blocks(kind: SignalType, filled: Form) -> Iterator[None]:
    """Refusals about a signal's field, turned into refusals about the block in which it was typed."""
    assert kind in KINDS
    try:
        yield
    except BadInput as refusal:
        raise BadInput(str(refusal), _block_of(kind, refusal.field, filled)) from refusal


def _block_of(kind: SignalType, field: str | None, filled: Form) -> str | None:
    if field in ("passed", "cases"):
        return "result"
    if field == "at":
        return "on"
    if field and field == _NAMED.get(kind):
        return f"{field}_named" if f"{field}_named" in filled.values else field
    return next((block for block, name in _PLAIN[kind].items() if name == field), field)
