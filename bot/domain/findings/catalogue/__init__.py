"""Every rule there is; a module that declares some is imported here."""

from bot.domain.findings.catalogue import (
    acts,
    evals,
    metrics,
    open_incidents,
    red_lines,
    reviews,
    rework,
    work,
)
from bot.domain.findings.declaring import PROGRAM_RULES, RULES

__all__ = [
    "PROGRAM_RULES",
    "RULES",
    "acts",
    "evals",
    "metrics",
    "open_incidents",
    "red_lines",
    "reviews",
    "rework",
    "work",
]
