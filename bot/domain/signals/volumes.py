"""How much a source gave: a list that is cut short without a word looks like a quiet week (RELIABILITY, fault 29)."""

from dataclasses import dataclass

ENOUGH = 20
"""Below so many signals a week a count says little.

Of things that come by chance alone, 20 a week fall below half in 2 of 100 weeks, 40 in 1 of 700.
"""

FALL_BY = 2
"""More than so many times fewer is a fall: pages that are missing take away most, quiet weeks seldom half."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How many signals of a week a source gave, and of the week before; those that were taken back do not count.

    `set_aside` of the week before are not looked for in this one: they are of workflows that are closed or were taken
    off the source, or came only after their week was over, as some of this one still will.
    """

    week: int = 0
    week_before: int = 0
    set_aside: int = 0

    @property
    def has_fallen(self) -> bool:
        """Whether it is so many fewer that someone should know."""
        looked_for = self.week_before - self.set_aside
        return looked_for >= ENOUGH and self.week * FALL_BY < looked_for
