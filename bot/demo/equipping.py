"""What the sample's company has besides workflows: its teams' seats, and the policies that all of them follow."""

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import policies, seats
from bot.actions.desk import Desk, Turn
from bot.domain.deviations import DeviationArea
from bot.domain.policies import Entry

_REVIEWED_EVERY = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Seats:
    """What a team pays for, as its lead records it."""

    team: str
    tier: str
    people: int
    trained: int
    usd_month: int

    def record(self, turn: Turn) -> None:
        """The numbers kept."""
        cells = {
            "tier": self.tier,
            "people": str(self.people),
            "trained": str(self.trained),
            "cost_usd_month": str(self.usd_month),
        }
        seats.set_seats(turn, turn.change.team(self.team), cells)


@dataclass(frozen=True, slots=True)
class SamplePolicy:
    """A rule of the company, in words, and who answers for it."""

    name: str
    area: DeviationArea
    text: str
    owner: str

    def write(self, turn: Turn, desk: Desk) -> None:
        """The policy in the registry."""
        entry = Entry(self.area, (turn.at + _REVIEWED_EVERY).date(), text=self.text)
        policies.add(turn, self.name, entry, desk.person(self.owner))


SEATS = (
    Seats("Support", "assistant", 14, 12, 420),
    Seats("Engineering", "developer", 9, 9, 1_080),
    Seats("Sales", "assistant", 6, 3, 180),
    Seats("Operations", "assistant", 5, 4, 150),
)
POLICIES = (
    SamplePolicy(
        "Money needs a person",
        DeviationArea.SECURITY,
        "No agent moves more than $25 without a person, however sure it is; above that a person approves each time.",
        "U0ANA",
    ),
    SamplePolicy(
        "Customer data stays here",
        DeviationArea.DATA_ACCESS,
        "Prompts hold no card numbers, e-mail addresses or names of customers; logs are kept for 180 days.",
        "U0ANA",
    ),
)
