"""Medians and Wilson bounds, at the numbers that the playbooks are built on."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statistics import median, median_duration, wilson_lower, wilson_upper

BAR = Decimal("0.910")


@pytest.mark.parametrize(
    ("values", "middle"),
    [([], None), ([3], 3), ([9, 1, 5], 5), ([4, 1, 3, 2], "2.5"), (["0.1", "0.2"], "0.15"), ([2, 2, 9, 9], "5.5")],
)
def test_the_median_of_an_even_count_is_the_mean_of_the_middle_two(
    values: list[int | str], middle: int | str | None
) -> None:
    assert median(map(Decimal, values)) == (None if middle is None else Decimal(middle))


def test_durations_have_a_median_too() -> None:
    assert median_duration([]) is None
    assert median_duration([timedelta(seconds=30), timedelta(seconds=29)]) == timedelta(seconds=29.5)


@pytest.mark.parametrize(
    ("passed", "cases", "reaches"),
    [(190, 200, True), (40, 40, True), (59, 60, True), (121, 126, True), (120, 125, False), (189, 200, False),
     (38, 38, False)],
)  # fmt: skip
def test_the_starters_bound_is_what_190_of_200_prove(passed: int, cases: int, *, reaches: bool) -> None:
    assert (wilson_lower(passed, cases) >= BAR) is reaches


@pytest.mark.parametrize(
    ("overridden", "reviewed", "holds"), [(5, 50, True), (0, 15, True), (0, 14, False), (6, 50, False)]
)
def test_the_starters_bound_on_overrides_is_what_5_of_50_prove(overridden: int, reviewed: int, *, holds: bool) -> None:
    assert (wilson_upper(overridden, reviewed) <= Decimal("0.215")) is holds


def test_bounds_are_those_of_the_textbook() -> None:
    # R: binom.confint(190, 200, methods = "wilson"), with z = 1.96 in place of 1.959964
    assert round(wilson_lower(190, 200), 6) == Decimal("0.910421")
    assert round(wilson_upper(5, 50), 6) == Decimal("0.213605")


def test_nothing_is_known_of_nothing() -> None:
    assert (wilson_lower(0, 0), wilson_upper(0, 0)) == (Decimal(0), Decimal(1))


@pytest.mark.parametrize(("successes", "n"), [(2, 1), (-1, 1), (0, -1)])
def test_what_is_no_share_has_no_bounds(successes: int, n: int) -> None:
    for bound in (wilson_lower, wilson_upper):
        with pytest.raises(ValueError, match="is no share"):
            bound(successes, n)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_bounds_solve_the_equation_that_defines_them(share: tuple[int, int]) -> None:
    successes, n = share
    p = Fraction(successes, n)
    lower, upper = wilson_lower(successes, n), wilson_upper(successes, n)
    assert 0 <= lower <= p <= upper <= 1
    for bound in map(Fraction, (lower, upper)):
        # |p - bound| = z * sqrt(bound * (1 - bound) / n)
        assert abs((p - bound) ** 2 - Fraction("3.8416") * bound * (1 - bound) / n) < Fraction(1, 10**25)
