"""What signals said, as rules look at it: counted by weeks in the database, and the few that a finding names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """What signals said of one workflow up to one instant."""
