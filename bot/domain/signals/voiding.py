"""Taking a wrong signal back: which one is meant, and whether it still counts (RULES, "Signals")."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import BadInput, Conflict, NotFound
from bot.domain.signals.kinds import Body, Signal
from bot.domain.wording import cut

_SHOWN = 5


def demand_one(named: str, found: Sequence[Signal[Body]]) -> Signal[Body]:
    """The one signal that goes by `named`; a refusal, if there is none or several sources have one."""
    if not found:
        raise NotFound(
            f"There is no signal {cut(named, 80)!r}. Give its id as it was sent, or its source, a slash and its id."
        )
    if len(found) > 1:
        names = ", ".join(cut(f"{each.source}/{each.id}", 100) for each in found[:_SHOWN])
        raise BadInput(
            f"{len(found)} signals go by {cut(named, 80)!r}: say which one is meant by its source, a slash and its id "
            f"({names}).",
            "id",
        )
    return found[0]


def demand_in_force(signal: Signal[Body], voided_at: datetime | None) -> None:
    """Nothing, if the signal still counts; else a refusal that says since when it does not."""
    if voided_at:
        raise Conflict(
            f"{cut(f'{signal.source}/{signal.id}', 100)} was taken back already, on "
            f"{voided_at:%-d %b %Y at %H:%M} UTC, so nothing changed."
        )
