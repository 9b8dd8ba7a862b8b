"""Every rule there is; a module that declares some is imported here."""

from bot.domain.findings.catalogue import (
    debts,
    deviations,
    grants,
    items,
    memos,
    phases,
    postmortems,
    requests,
    roles,
    sources,
    teams,
)
from bot.domain.findings.declaring import PROGRAM_RULES, RULES

__all__ = [
    "PROGRAM_RULES",
    "RULES",
    "debts",
    "deviations",
    "grants",
    "items",
    "memos",
    "phases",
    "postmortems",
    "requests",
    "roles",
    "sources",
    "teams",
]
