"""What stands recorded, as rules look at it: the people, requests, grants, memos and documents of one instant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Records:
    """What stands recorded about one workflow beside its checklist."""


@dataclass(frozen=True, slots=True)
class ProgramRecords:
    """What stands recorded about teams, sources and the program as a whole."""
