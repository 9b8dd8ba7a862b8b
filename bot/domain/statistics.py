"""Medians and Wilson bounds, exact in decimals (RULES, "Signals" and "The ninety-day playbook")."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Context, Decimal, localcontext

Z = Decimal("1.96")
"""The normal quantile of a two-sided 95 % interval."""

_CONTEXT = Context(prec=34)


def median(values: Iterable[Decimal]) -> Decimal | None:
    """The middle one, of an even count the mean of the middle two; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    with localcontext(_CONTEXT):
        return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def median_duration(durations: Iterable[timedelta]) -> timedelta | None:
    """The middle one, of an even count the mean of the middle two; None of none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def wilson_lower(successes: int, n: int) -> Decimal:
    """What the true share of successes reaches with 95 % confidence (two-sided); 0 of nothing."""
    return _bound(successes, n, -1)


def wilson_upper(successes: int, n: int) -> Decimal:
    """What the true share of successes does not exceed with 95 % confidence (two-sided); 1 of nothing."""
    return _bound(successes, n, 1)


def _bound(successes: int, n: int, side: int) -> Decimal:
    # https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval, multiplied by n
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share; give at most as many successes as there were trials.")
    if n == 0 or successes == (n if side > 0 else 0):
        return Decimal(max(side, 0))  # exactly so by the formula, and by rounding not quite
    with localcontext(_CONTEXT):
        k, z2 = Decimal(successes), Z * Z
        spread = Z * (k * (n - k) / n + z2 / 4).sqrt()
        return (k + z2 / 2 + side * spread) / (n + z2)
