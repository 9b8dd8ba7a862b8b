"""How much care an action needs, by its name and bounds (RULES, "Risk matrix"); what a file states only raises it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.grants.conditions import CompiledCondition
from bot.domain.grants.terms import GrantTerms, Limit, digits
from bot.domain.risk import Area, Cell, Effect, RiskMatrix, Tier
from bot.domain.risk import Limit as Demand
from bot.domain.workflows import Domain

_TIERS = tuple(Tier)
_EFFECTS = tuple(Effect)
_CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file says of an action itself; None where it says nothing."""

    area: Area | None = None
    tier: Tier | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Classified:
    """What an action comes out as.

    `area` is None for a proposal whose name tells none. `domain` is what a grant makes of the workflow's domain at
    least. `lacking` says what would have kept it out of the high tier, None unless something would have.
    """

    area: Area | None
    tier: Tier
    effect: Effect
    domain: Domain
    lacking: str | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds an action in: its limits, and its compiled conditions."""

    limits: tuple[Limit, ...]
    conditions: tuple[CompiledCondition, ...] = ()

    @property
    def thresholds(self) -> frozenset[str]:
        """The facts that must reach some number above zero."""
        floors = {floor.fact for condition in self.conditions for floor in condition.floors if floor.value > 0}
        return frozenset(floors | {limit.fact for limit in self.limits if limit.kind == "min" and limit.value > 0})

    def meets(self, demand: Demand) -> bool:
        """Whether one of the limits is at least as tight as `demand`."""
        return any(limit.is_within(Limit(limit.fact, limit.kind, demand.bound)) for limit in self._named(demand.name))

    def _named(self, name: str) -> Iterator[Limit]:
        return (limit for limit in self.limits if limit.name == name)


def classify(matrix: RiskMatrix, name: str, bounds: Bounds, stated: Stated) -> Classified | str:
    """The area, tier and effect of the action `name`; a sentence that asks for more where nothing tells them."""
    found = _highest([*_matched(matrix, name, bounds), *_proposed(matrix, name)])
    if found:
        return _raised(matrix, found, stated)
    if stated.area is None or stated.tier is None:
        return (
            f"Nothing in the risk matrix matches {name}, so it can't be classified. State its area "
            f"({', '.join(Area)}) and its risk ({', '.join(Tier)}) in the file, and ask again."
        )
    # The matrix's money limits hold for an action under any name; else renaming issue_refund would lift them.
    cell = matrix.cell(stated.area, stated.tier)
    lacking = _lacking_limits(cell, bounds)
    tier = Tier.HIGH if lacking else stated.tier
    return Classified(stated.area, tier, Effect.EXTERNAL, Domain(cell.domain), lacking)


def refusal(matrix: RiskMatrix, terms: GrantTerms, classified: Classified, bounds: Bounds) -> str | None:
    """Why the matrix keeps `terms` from being granted at all; None if it does not."""
    rule = matrix.tier(classified.tier)
    area = f" in {matrix.title(classified.area).lower()}" if classified.area else ""
    head = f"{terms.action} is {classified.tier} risk{area}"
    if not rule.grantable:
        mend = f" It would be medium with {classified.lacking}." if classified.lacking else ""
        return f"{head}. {rule.reason}{mend}"
    if rule.needs_bound and not (bounds.limits or _has_confidence(matrix, bounds)):
        return f"{head}. {rule.reason} Add a limit (max_X or min_X) or a line such as confidence_score >= 0.95."
    if rule.needs_logging and not (terms.logging and terms.logging.is_complete):
        return f"{head}. {rule.reason} Add logging with store_prompts: true and store_tool_calls: true."
    return None


def _has_confidence(matrix: RiskMatrix, bounds: Bounds) -> bool:
    named = {cell.confidence_fact for cell in matrix.cells}
    return any(fact in named or _CONFIDENCE in fact for fact in bounds.thresholds)


def _matched(matrix: RiskMatrix, name: str, bounds: Bounds) -> Iterator[Classified]:
    """What each cell that knows the name makes of it."""
    for cell in matrix.cells:
        if not _matches(cell.patterns, name):
            continue
        lacking = _lacking(cell, bounds)
        counted = matrix.cell(cell.area, Tier.HIGH) if lacking else cell
        yield Classified(counted.area, counted.tier, counted.effect, Domain(counted.domain), lacking)


def _proposed(matrix: RiskMatrix, name: str) -> Iterator[Classified]:
    if _matches(matrix.proposals.patterns, name):
        yield Classified(None, matrix.proposals.tier, matrix.proposals.effect, Domain.GENERAL)


def _matches(patterns: Iterable[str], name: str) -> bool:
    return any(name == p or (p.endswith("*") and name.startswith(p[:-1])) for p in patterns)


def _lacking(cell: Cell, bounds: Bounds) -> str | None:
    """What the cell wants and the bounds have not, in words."""
    if limits := _lacking_limits(cell, bounds):
        return limits
    if cell.confidence_fact and cell.confidence_fact not in bounds.thresholds:
        return f"a confidence threshold, such as {cell.confidence_fact} >= 0.95"
    return None


def _lacking_limits(cell: Cell, bounds: Bounds) -> str | None:
    missing = [f"{demand.name} of {digits(demand.bound)}" for demand in cell.limits if not bounds.meets(demand)]
    return f"{' and '.join(missing)} or tighter" if missing else None


def _highest(found: list[Classified]) -> Classified | None:
    """The most careful reading: the highest tier, the farthest effect, then one that names its area."""

    def care(one: Classified) -> tuple[int, int, bool]:
        return _TIERS.index(one.tier), _EFFECTS.index(one.effect), one.area is not None

    return max(found, key=care, default=None)


def _raised(matrix: RiskMatrix, found: Classified, stated: Stated) -> Classified:
    """`found` with what the file states, wherever that is the more careful."""
    tier = max(found.tier, stated.tier or found.tier, key=_TIERS.index)
    effect = max(found.effect, stated.effect or found.effect, key=_EFFECTS.index)
    if stated.area is None:
        return Classified(found.area, tier, effect, found.domain, found.lacking)
    domain = Domain(matrix.cell(stated.area, tier).domain)
    if found.domain.is_high_risk:
        return Classified(found.area, tier, effect, found.domain, found.lacking)
    return Classified(stated.area, tier, effect, domain, found.lacking)
