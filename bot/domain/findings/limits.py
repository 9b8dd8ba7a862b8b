"""Values beside the numbers that a metric is defined by."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from bot.domain.gate_evidence import Better
from bot.domain.metrics import MetricEntry
from bot.domain.signals.kinds import Metric, Signal


def worst(values: Iterable[Signal[Metric]], better: Better) -> Signal[Metric] | None:
    """The last of these values, of several at the same instant the worst; None of none."""
    sign = 1 if better is Better.LOWER else -1
    return max(values, key=lambda value: (value.at, sign * value.body.value), default=None)


def is_beyond(entry: MetricEntry, value: Decimal) -> bool:
    """Whether a value lies beyond the limit of a guardrail; at the limit it does not."""
    return entry.limit is not None and not entry.better.holds(value, entry.limit)


def beyond_since(entry: MetricEntry, values: Iterable[tuple[datetime, Decimal]], first: datetime) -> datetime | None:
    """Since when values have been beyond the limit, of those from `first` on; `values` come the newest first."""
    since: datetime | None = None
    for at, value in values:
        if at < first or (not is_beyond(entry, value) and at != since):
            break
        since = at
    return since
