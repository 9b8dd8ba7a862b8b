"""How gates say numbers, ages and lists: short, and never rounded to the good side of a threshold."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.domain.gate_evidence import Evidence
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Role

_MOST_NAMES = 3
_TENTH_OF_A_PERCENT = Decimal("0.1")
NOT_KNOWN = "not known"


def figure(value: Decimal) -> str:
    """A number without needless zeros: 4.20 as 4.2."""
    whole = value == value.to_integral_value()
    return format(value.to_integral_value() if whole else value.normalize(), "f")


def percent(share: Decimal) -> str:
    """A threshold as it stands: 0.910 as 91 %."""
    return f"{figure(share * 100)} %"


def percent_at_least(share: Decimal) -> str:
    """A share that should be high, cut to a tenth: 0.9499 as 94.9 %, since 95 % would say that it is enough."""
    return f"{figure((share * 100).quantize(_TENTH_OF_A_PERCENT, ROUND_FLOOR))} %"


def percent_at_most(share: Decimal) -> str:
    """A share that should be low, rounded up to a tenth: 0.1001 as 10.1 %."""
    return f"{figure((share * 100).quantize(_TENTH_OF_A_PERCENT, ROUND_CEILING))} %"


def counted(number: int, thing: str) -> str:
    """1 day, 2 days."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def old(days: int) -> str:
    """An age in whole days."""
    return f"{counted(days, 'day')} old"


def past(days: int, limit_days: int) -> str:
    """An age that is beyond its limit, even where the whole days alone would not show it."""
    return f"more than {old(days)}" if days == limit_days else old(days)


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def move(leaving: PhaseName) -> str:
    """The way out of a phase as memos name it: pilot→production."""
    return f"{leaving}→{leaving.following}"


def mender(evidence: Evidence, role: str) -> str:
    """`role`, or the owner where this playbook asks nobody to hold that role and nobody does."""
    workflow, playbook = evidence.checklist.workflow, evidence.checklist.playbook
    if role == "lead" or role in playbook.required_roles or workflow.holders_of(Role(role)):
        return role
    return str(Role.OWNER)
