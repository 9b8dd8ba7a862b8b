"""How often a rule was right to speak up, by what people said of its findings."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Precision:
    """How often findings of a rule came up, and of how many of them somebody said that they were not useful."""

    came: int = 0
    useless: int = 0

    @property
    def share(self) -> Decimal | None:
        """The share that nobody called not useful; None without any."""
        return Decimal(self.came - self.useless) / self.came if self.came else None
