"""Facts about what a workflow is measured by; `seen_version` is 0 where nothing was defined before."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """A metric is defined anew, all of it; numbers that its kind does not have are None."""

    workflow_id: str
    metric: str
    seen_version: int
    kind: MetricKind
    better: Better
    baseline: Decimal | None
    target: Decimal | None
    limit: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDefined(MetricChange):
    """A metric was defined for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTightened(MetricChange):
    """A metric was defined anew, no easier than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricLoosened(MetricChange):
    """A metric was made easier to meet, as an approved request asked."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedLineDefined:
    """What the agent must never do was put into words, for the first time or anew."""

    workflow_id: str
    rule: str
    seen_version: int
    text: FreeText
