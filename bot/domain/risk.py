"""What an agent may ever be trusted with: five areas by three tiers, as frozen values.

The matrix itself is `playbooks/risk_matrix.yaml`: `bot.playbooks` reads it, grants are classified with it.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Tier(StrEnum):
    """How much care an action needs, least first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Effect(StrEnum):
    """How far an action reaches, nearest first."""

    NONE = "none"
    INTERNAL = "internal"
    EXTERNAL = "external"


class Area(StrEnum):
    """The decision areas of the matrix."""

    CUSTOMER_COMMUNICATION = "customer_communication"
    CODE_CHANGES = "code_changes"
    DATA_ACCESS = "data_access"
    FINANCIAL_ACTIONS = "financial_actions"
    INCIDENT_RESPONSE = "incident_response"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a grant must carry as tightly or tighter: `max_X` no higher, `min_X` no lower."""

    name: str
    bound: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """One area at one tier.

    `patterns` are action names with `*` for any run of characters. A grant that does not carry every one of
    `limits`, or no threshold on `confidence_fact` where one is named, counts as this area's high cell.
    A grant here makes the workflow's domain at least `domain`.
    """

    area: Area
    tier: Tier
    summary: str
    examples: tuple[str, ...]
    patterns: tuple[str, ...]
    effect: Effect
    limits: tuple[Limit, ...]
    confidence_fact: str | None
    domain: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """Names whose result a person judges anyway, in whatever area: low tier, no effect."""

    patterns: tuple[str, ...]
    tier: Tier
    effect: Effect


@dataclass(frozen=True, slots=True)
class TierRule:
    """What a tier asks of a grant; `needs_bound` is a limit or a confidence threshold, `reason` is shown."""

    tier: Tier
    grantable: bool
    needs_bound: bool
    needs_logging: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AreaTitle:
    """An area in people's words."""

    area: Area
    title: str


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """The whole matrix: fifteen cells and three tier rules. Of several matches the highest tier counts."""

    version: int
    tiers: tuple[TierRule, ...]
    areas: tuple[AreaTitle, ...]
    proposals: Proposals
    cells: tuple[Cell, ...]

    def cell(self, area: Area, tier: Tier) -> Cell:
        """The one cell of `area` and `tier`."""
        return next(cell for cell in self.cells if (cell.area, cell.tier) == (area, tier))

    def tier(self, tier: Tier) -> TierRule:
        """What `tier` asks of a grant."""
        return next(rule for rule in self.tiers if rule.tier is tier)

    def title(self, area: Area) -> str:
        """The area as people read it."""
        return next(named.title for named in self.areas if named.area is area)
