"""A playbook's holidays as dates."""

from dataclasses import replace
from functools import lru_cache

import holidays

from bot.domain.playbook import Playbook


@lru_cache(maxsize=64)
def dated(playbook: Playbook, first_year: int) -> Playbook:
    """`playbook` with its holiday calendar turned into dates, from the year before `first_year` to three years on."""
    if playbook.holiday_calendar is None:
        return playbook
    country, _, subdivision = playbook.holiday_calendar.partition("-")
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first_year - 1, first_year + 4))
    return replace(playbook, holidays=tuple(sorted({*playbook.holidays, *found})))
