"""Facts about gates, and what is owed of those that were overridden."""

from dataclasses import dataclass

from bot.domain.playbook import PhaseName


@dataclass(frozen=True, slots=True, kw_only=True)
class GateJudged:
    """The gate to `to` was judged; the verdict itself is kept whole outside the chain, which vouches for its hash."""

    workflow_id: str
    verdict: str
    verdict_sha256: str
    to: PhaseName
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideMet:
    """Checks of the gate to `to` passed, for the first time since this request overrode them."""

    workflow_id: str
    request_id: str
    to: PhaseName
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideOwed:
    """Checks that had passed are owed again, until they pass anew: a signal that they may have rested on is void."""

    workflow_id: str
    request_id: str
    to: PhaseName
    checks: tuple[str, ...]
