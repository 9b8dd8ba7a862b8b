"""The catalogue of troubles: what may go wrong, where, and what must then be found.

Each is told by dates and numbers of its own, as RULES has them; none asks the product what it would find.
"""

from bot.simulation.troubles import events, grants, metrics, near_misses, people, reviews
from bot.simulation.troubles.declaring import TROUBLES, Ground, Trouble
from bot.simulation.troubles.phases import BENDS

NOT_PLANTED = {
    "source.blind": "No outside source is connected: signals are brought to the program, and nothing is read.",
}
"""The rules that no trouble makes fire, and why."""

__all__ = [
    "BENDS",
    "NOT_PLANTED",
    "TROUBLES",
    "Ground",
    "Trouble",
    "events",
    "grants",
    "metrics",
    "near_misses",
    "people",
    "reviews",
]
