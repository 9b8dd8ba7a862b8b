"""The terms of a grant: what it says, compared and told; nothing here knows who asked or when."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.risk import Area, Effect, Tier
from bot.domain.wording import cut


class LimitKind(StrEnum):
    """On which side a limit bounds its fact."""

    MAX = "max"
    MIN = "min"


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on one number among the facts; the bound itself is still within."""

    fact: str
    kind: LimitKind
    value: Decimal

    @property
    def name(self) -> str:
        """As it is written in a file: `max_amount_usd`."""
        return f"{self.kind}_{self.fact}"

    def admits(self, value: Decimal) -> bool:
        """Whether `value` is within."""
        return value <= self.value if self.kind is LimitKind.MAX else value >= self.value

    def is_within(self, other: "Limit") -> bool:
        """Whether this admits nothing that `other`, a limit of the same name, does not."""
        return self.name == other.name and other.admits(self.value)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of `allowed_when`; `index` counts from 1, as the codes of a decision do."""

    index: int
    source: str


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of one fact, summed over a day."""

    fact: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PerDay:
    """What the team's day has room for without a person; `uses` is None where only sums are counted."""

    uses: int | None
    sums: tuple[Sum, ...]


RETENTION_DAYS = 180
"""For how long the facts of decisions are kept where a grant does not say."""


@dataclass(frozen=True, slots=True)
class Logging:
    """What is kept of what the agent was asked and did."""

    store_prompts: bool
    store_tool_calls: bool
    retention_days: int

    @property
    def is_complete(self) -> bool:
        """Whether both prompts and tool calls are kept."""
        return self.store_prompts and self.store_tool_calls


class Mode(StrEnum):
    """How the agents of a policy file work: alone within a scope, or as members of a mesh."""

    SCOPED_AUTONOMY = "scoped_autonomy"
    MESH = "mesh"


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What is granted for one action. `area` is None for a proposal whose name tells none."""

    action: str
    limits: tuple[Limit, ...]
    conditions: tuple[Condition, ...]
    requires_human_approval: bool
    per_day: PerDay | None
    effect: Effect
    area: Area | None
    tier: Tier
    expires_in_days: int
    logging: Logging | None
    mode: Mode = Mode.SCOPED_AUTONOMY
    members: tuple[str, ...] = ()

    @property
    def is_bounded(self) -> bool:
        """Whether a limit or a condition stands between the agent and the action."""
        return bool(self.limits or self.conditions)

    @property
    def is_unattended(self) -> bool:
        """Whether something gets done without a person looking at it first."""
        return self.effect is not Effect.NONE and not self.requires_human_approval


def is_narrowing(old: GrantTerms, new: GrantTerms) -> bool:
    """Whether `new` only takes away from `old`, so that it takes effect without anyone's approval.

    A lower max, a higher min (a limit where there was none is one of these), an added condition, approval asked
    for, an earlier end; a difference in anything else, or in nothing, is not a narrowing.
    """
    if _rest(old) != _rest(new) or not _is_as_narrow(old, new):
        return False
    return not _is_as_narrow(new, old)


def _is_as_narrow(old: GrantTerms, new: GrantTerms) -> bool:
    """Whether nothing that can be narrowed is wider in `new` than in `old`."""
    kept = {limit.name: limit for limit in new.limits}
    return (
        all(limit.name in kept and kept[limit.name].is_within(limit) for limit in old.limits)
        and _sources(old) <= _sources(new)
        and old.requires_human_approval <= new.requires_human_approval
        and new.expires_in_days <= old.expires_in_days
    )


def terms_hash(terms: GrantTerms) -> str:
    """The SHA-256 (hex) of what is granted: 25 and 25.0, or limits in another order, make no difference."""
    written = json.dumps(terms_record(terms), separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def described(terms: GrantTerms) -> str:
    """The bounds in one line, for tables and cards: `max_amount_usd 25, confidence_score >= 0.95`."""
    parts = [f"{limit.name} {digits(limit.value)}" for limit in terms.limits]
    parts += [cut(condition.source, 120) for condition in terms.conditions]
    return ", ".join(parts) or "no limit and no condition"


def digits(number: Decimal) -> str:
    """`number` as people write it: no exponent, no zeros at the end."""
    shortest = number.normalize()
    return format(shortest if shortest else abs(shortest), "f")


def _sources(terms: GrantTerms) -> frozenset[str]:
    return frozenset(condition.source.strip() for condition in terms.conditions)


def _rest(terms: GrantTerms) -> dict[str, object]:
    """What must stay as it is for a change to be a narrowing."""
    narrowable = ("limits", "conditions", "requires_human_approval", "expires_in_days")
    return {name: value for name, value in terms_record(terms).items() if name not in narrowable}


def terms_record(terms: GrantTerms) -> dict[str, object]:
    """What is kept of the terms, and hashed: plain texts, lists and truths, numbers by their digits."""
    per_day, logging = terms.per_day, terms.logging
    return {
        "version": 1,
        "action": terms.action,
        "limits": sorted([limit.name, digits(limit.value)] for limit in terms.limits),
        "conditions": [condition.source.strip() for condition in terms.conditions],
        "requires_human_approval": terms.requires_human_approval,
        "per_day": per_day and {"uses": per_day.uses, "sums": sorted([s.fact, digits(s.amount)] for s in per_day.sums)},
        "effect": terms.effect,
        "area": terms.area,
        "tier": terms.tier,
        "expires_in_days": terms.expires_in_days,
        "logging": logging and [logging.store_prompts, logging.store_tool_calls, logging.retention_days],
        "mode": terms.mode,
        "members": sorted(terms.members),
    }


def terms_of(record: Mapping[str, Any]) -> GrantTerms:
    """The terms that `terms_record` made this of."""
    per_day, logging = record["per_day"], record["logging"]
    return GrantTerms(
        action=record["action"],
        limits=tuple(Limit(name[4:], LimitKind(name[:3]), Decimal(bound)) for name, bound in record["limits"]),
        conditions=tuple(Condition(index, source) for index, source in enumerate(record["conditions"], start=1)),
        requires_human_approval=record["requires_human_approval"],
        per_day=PerDay(per_day["uses"], tuple(Sum(f, Decimal(n)) for f, n in per_day["sums"])) if per_day else None,
        effect=Effect(record["effect"]),
        area=Area(record["area"]) if record["area"] else None,
        tier=Tier(record["tier"]),
        expires_in_days=record["expires_in_days"],
        logging=Logging(*logging) if logging else None,
        mode=Mode(record["mode"]),
        members=tuple(record["members"]),
    )
