"""What trackers of work have in common: which of their items count and how, and what such an item leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pydantic import Field

from bot.sources.seam import Entry
from bot.sources.stanzas import Dated, Different, Money, Name


class Work(Dated):
    """The workflow that items belong to, what says that one is blocked or cannot be taken back, and where to begin."""

    workflow: Name
    labels: Different[Name] = Field(default_factory=list)
    blocked: Different[Name] = Field(default_factory=lambda: ["Blocked"])
    irreversible: Different[Name] = Field(default_factory=list)
    rework_cost_usd: Money | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of work: what a tracker knows it by, and what people do; `link` is its address, if it has one."""

    id: str
    key: str
    title: str
    created: datetime
    link: Mapping[str, str]

    def change(self, ended: datetime) -> Entry:
        """The change that cannot be taken back which it was; it took as long as the item was there."""
        lead = max(ended - self.created, timedelta(0))
        return {
            "id": f"{self.id}:ended",
            "type": "change",
            "at": ended.isoformat(),
            "key": self.key,
            "title": self.title,
            "merged_at": ended.isoformat(),
            "lead_time_hours": float(round(Decimal(lead // timedelta(seconds=1)) / 3600, 2)),
            "reverts": None,
            "irreversible": True,
            **self.link,
        }

    def reopened(self, move: str, at: datetime, cost_usd: Decimal) -> Entry:
        """What it cost that it was taken up again by that move, after it was done."""
        return {
            "id": f"{self.id}:reopened:{move}",
            "type": "rework",
            "at": at.isoformat(),
            "kind": "reopened",
            "cost_usd": float(cost_usd),
            **self.link,
        }
