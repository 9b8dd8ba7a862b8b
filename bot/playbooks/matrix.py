"""The risk matrix as it stands in its file, and how it becomes values."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from bot.domain.risk import Area, AreaTitle, Cell, Effect, Limit, Proposals, RiskMatrix, Tier, TierRule
from bot.domain.workflows import Domain
from bot.playbooks.fields import (
    ActionPattern,
    Amount,
    Count,
    Different,
    FactName,
    LimitName,
    Line,
    Strict,
    Title,
)

EffectField = Annotated[Effect, Field(strict=False)]
DomainField = Annotated[Domain, Field(strict=False)]


class TierEntry(Strict):
    """What a tier asks of a grant."""

    grantable: bool
    needs_bound: bool
    needs_logging: bool
    reason: Line


class Tiers(Strict):
    """The three tiers."""

    low: TierEntry
    medium: TierEntry
    high: TierEntry

    def values(self) -> tuple[TierRule, ...]:
        """The rules, least first."""
        entries = ((tier, getattr(self, tier)) for tier in Tier)
        return tuple(TierRule(tier, e.grantable, e.needs_bound, e.needs_logging, e.reason) for tier, e in entries)


class ProposalsEntry(Strict):
    """Names that are low and without effect in every area."""

    actions: Different[ActionPattern]


class CellEntry(Strict):
    """One cell."""

    summary: Line
    examples: Different[Line]
    actions: Different[ActionPattern]
    effect: EffectField
    limits: dict[LimitName, Amount] | None = None
    confidence: FactName | None = None
    domain: DomainField | None = None

    def value(self, area: Area, tier: Tier, domain: Domain) -> Cell:
        """The cell; `domain` is its area's."""
        return Cell(
            area=area,
            tier=tier,
            summary=self.summary,
            examples=tuple(self.examples),
            patterns=tuple(self.actions),
            effect=self.effect,
            limits=tuple(Limit(name, Decimal(bound)) for name, bound in (self.limits or {}).items()),
            confidence_fact=self.confidence,
            domain=str(self.domain or domain),
        )


class AreaEntry(Strict):
    """One area with its three cells."""

    title: Title
    domain: DomainField = Domain.GENERAL
    low: CellEntry
    medium: CellEntry
    high: CellEntry


class Areas(Strict):
    """The five areas."""

    customer_communication: AreaEntry
    code_changes: AreaEntry
    data_access: AreaEntry
    financial_actions: AreaEntry
    incident_response: AreaEntry


class MatrixEntry(Strict):
    """The file."""

    version: Count
    tiers: Tiers
    proposals: ProposalsEntry
    areas: Areas

    def value(self) -> RiskMatrix:
        """The matrix."""
        entries = tuple((area, getattr(self.areas, area)) for area in Area)
        return RiskMatrix(
            version=self.version,
            tiers=self.tiers.values(),
            areas=tuple(AreaTitle(area, entry.title) for area, entry in entries),
            proposals=Proposals(tuple(self.proposals.actions), Tier.LOW, Effect.NONE),
            cells=tuple(
                getattr(entry, tier).value(area, tier, entry.domain) for area, entry in entries for tier in Tier
            ),
        )
