"""Seats: who in a team may use which tier, how many of them are trained, and what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from bot.domain.gates.words import figure, percent, percent_at_least
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Seat
from bot.domain.teams import Team
from bot.domain.wording import cut

MATURE = (PhaseName.SCALING, PhaseName.OPERATING)
"""From scaling on most of a team must be trained."""

_NAME = 24
_CENT = Decimal("0.01")


def is_short(people: int, trained: int, least: Decimal) -> bool:
    """Whether fewer of these people are trained than the share `least` (RULES, `enablement.gap`)."""
    return people > 0 and trained < least * people


@dataclass(frozen=True, slots=True)
class Equipment:
    """A team with the last word on each tier of its seats; `least` is the share that must be trained.

    `is_asked` says whether that is asked yet: it is once a workflow of the team that is not paused is in scaling.
    """

    team: Team
    tiers: tuple[Seat, ...]
    least: Decimal
    is_asked: bool

    @property
    def people(self) -> int:
        """Over all tiers."""
        return sum(seat.people for seat in self.tiers)

    @property
    def trained(self) -> int:
        """How many of the people are, over all tiers."""
        return sum(seat.trained for seat in self.tiers)

    @property
    def cost_usd_month(self) -> Decimal:
        """What all of them cost together."""
        return sum((seat.cost_usd_month for seat in self.tiers), Decimal())

    @property
    def holds(self) -> bool | None:
        """Whether enough are trained, asked or not; None where nothing is known."""
        return not is_short(self.people, self.trained, self.least) if self.people else None

    @property
    def verdict(self) -> str:
        """The same in a few signs, in brackets where it is not asked yet."""
        if self.holds is None:
            return "no data"
        word = f"{'✓ ≥' if self.holds else '✗ <'} {percent(self.least)}"
        return word if self.is_asked else f"({word})"


def trained_share(people: int, trained: int) -> Decimal | None:
    """Which share of the people is trained; None without people."""
    return Decimal(trained) / people if people else None


def table_rows(teams: Iterable[Equipment]) -> tuple[tuple[str, ...], ...]:
    """The seats of teams as rows of a table, the headings first; each team is named in its first row."""
    rows = [("Team", "Enough?", "Tier", "People", "Trained", "$ a month")]
    for each in teams:
        name = cut(each.team.name, _NAME)
        if not each.tiers:
            rows.append((name, each.verdict, "–", "–", "–", "–"))
        rows += [
            ((name, each.verdict) if number == 0 else ("", "")) + _cells(seat) for number, seat in enumerate(each.tiers)
        ]
    return tuple(rows)


def _cells(seat: Seat) -> tuple[str, str, str, str]:
    share = trained_share(seat.people, seat.trained)
    trained = f"{seat.trained} ({percent_at_least(share)})" if share is not None else "–"
    return cut(seat.tier, _NAME), str(seat.people), trained, in_dollars(seat.cost_usd_month)


def in_dollars(cost: Decimal) -> str:
    """Dollars, with cents only where there are any."""
    return figure(cost.quantize(_CENT, ROUND_FLOOR))
