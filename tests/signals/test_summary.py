"""A signal in a few words."""

from datetime import UTC, datetime
from decimal import Decimal

from bot.domain.signals.kinds import Metric
from bot.domain.signals.summary import in_words, said_when
from tests.signals.samples import signal


def test_the_day_of_a_number_is_the_teams() -> None:
    typed = signal(Metric("csat", Decimal("4.5")), datetime(2026, 3, 9, 3, 59, tzinfo=UTC), id="s1")
    assert said_when(typed, "America/New_York") == "metric, csat 4.5, 8 Mar 2026"
    assert in_words(typed, "UTC") == "metric, csat 4.5, 9 Mar 2026 (ci/s1)"
