"""Gates as they stand in a playbook file."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bot.domain import checks
from bot.domain.playbook import Gate, PhaseName
from bot.domain.workflows import Domain
from bot.playbooks.fields import Count, DayCount, Different, Id, Share, Strict

GateRole = Literal["owner", "steward", "eval_owner", "gatekeeper"]


def _demand_one(given: Mapping[str, object]) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise ValueError(f"needs exactly one of {' and '.join(given)}.")


class Metrics(Strict):
    """`metrics:`"""

    fresh_days: DayCount
    min_guardrails: Count


class Eval(Strict):
    """`eval:`"""

    min_cases: Count
    max_age_days: DayCount
    min_pass: Share | None = None
    lower_bound: Share | None = None

    @model_validator(mode="after")
    def _one_bar(self) -> Self:
        _demand_one({"min_pass": self.min_pass, "lower_bound": self.lower_bound})
        return self


class RedLines(Strict):
    """`red_lines:`"""

    min: Count


class LogRetention(Strict):
    """`log_retention:`"""

    min_days: DayCount
    item: Id


class Days(Strict):
    """`versions:`, `guardrails:`"""

    days: DayCount


class Overrides(Strict):
    """`review.overrides:`"""

    upper_bound: Share
    min_n: Count


class Review(Strict):
    """`review:`"""

    days: DayCount
    min_reviewed: Share
    min_n: Count
    max_override: Share | None = None
    overrides: Overrides | None = None

    @model_validator(mode="after")
    def _one_bar(self) -> Self:
        _demand_one({"max_override": self.max_override, "overrides": self.overrides})
        return self

    def value(self) -> checks.ReviewsHeld:
        """The check that this asks for."""
        asked = self.overrides
        bound = checks.OverrideBound(asked.upper_bound, asked.min_n) if asked else None
        return checks.ReviewsHeld(self.days, self.min_reviewed, self.min_n, self.max_override, bound)


class Checks(Strict):
    """What a gate asks for; verdicts list the checks in the order of these fields."""

    items: Literal["required"]
    roles: Different[GateRole] | None = None
    metrics: Metrics | None = None
    eval: Eval | None = None
    red_lines: RedLines | None = None
    log_retention: LogRetention | None = None
    versions: Days | None = None
    review: Review | None = None
    incidents: Different[Annotated[int, Field(ge=1, le=5)]] | None = None
    deviations: Literal["none_open"] | None = None
    rollback: Literal["rehearsed"] | None = None
    red_team_when: Different[Annotated[Domain, Field(strict=False)]] | None = None
    grants: Literal["attested"] | None = None
    guardrails: Days | None = None
    target: Literal["met_or_memo"] | None = None
    published: Different[Id] | None = None
    memo: Literal["move"] | None = None

    def values(self) -> tuple[checks.Check, ...]:
        """The checks that are asked for."""
        given = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple(_CHECKS[name](asked) for name, asked in given if asked is not None)


_CHECKS: Mapping[str, Callable[[Any], checks.Check]] = {
    "items": lambda _: checks.RequiredItems(),
    "roles": lambda roles: checks.RolesHeld(tuple(roles)),
    "metrics": lambda asked: checks.MetricsFresh(asked.fresh_days, asked.min_guardrails),
    "eval": lambda asked: checks.EvalPassed(asked.min_cases, asked.max_age_days, asked.min_pass, asked.lower_bound),
    "red_lines": lambda asked: checks.RedLinesFired(asked.min),
    "log_retention": lambda asked: checks.LogsKept(asked.min_days, asked.item),
    "versions": lambda asked: checks.VersionsNamed(asked.days),
    "review": lambda asked: asked.value(),
    "incidents": lambda severities: checks.IncidentsClosed(tuple(severities)),
    "deviations": lambda _: checks.DeviationsClosed(),
    "rollback": lambda _: checks.RollbackRehearsed(),
    "red_team_when": lambda domains: checks.RedTeamAccepted(tuple(str(domain) for domain in domains)),
    "grants": lambda _: checks.GrantsAttested(),
    "guardrails": lambda asked: checks.GuardrailsHeld(asked.days),
    "target": lambda _: checks.TargetMet(),
    "published": lambda items: checks.Published(tuple(items)),
    "memo": lambda _: checks.MemoFiled(),
}


class GateEntry(Strict):
    """A gate: where it leads, and what it asks for."""

    to: Annotated[PhaseName, Field(strict=False)]
    checks: Checks

    def value(self) -> Gate:
        """The gate."""
        return Gate(self.to, self.checks.values())
