"""What a gate asks for, with every threshold: frozen values, evaluated elsewhere; shares go from 0 to 1."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RequiredItems:
    """All required items of the phase are done."""


@dataclass(frozen=True, slots=True)
class RolesHeld:
    """Each of `roles` is held by an active person; one person may hold several."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricsFresh:
    """A success metric with baseline and target and `min_guardrails`, each with a value in `fresh_days`."""

    fresh_days: int
    min_guardrails: int


@dataclass(frozen=True, slots=True)
class EvalPassed:
    """A suite of at least `min_cases`, its latest run at most `max_age_days` old and good enough.

    Exactly one of the two is given: `min_pass`, the share of cases that must pass, or `lower_bound`, what the
    95 % Wilson lower bound of that share must reach.
    """

    min_cases: int
    max_age_days: int
    min_pass: Decimal | None
    lower_bound: Decimal | None


@dataclass(frozen=True, slots=True)
class RedLinesFired:
    """At least `min_count` red lines, each seen firing in a test."""

    min_count: int


@dataclass(frozen=True, slots=True)
class LogsKept:
    """Prompts and tool calls are logged and kept `min_days`, as the evidence of `item` shows."""

    min_days: int
    item: str


@dataclass(frozen=True, slots=True)
class VersionsNamed:
    """Each eval run of the last `days` names its prompt and model version."""

    days: int


@dataclass(frozen=True, slots=True)
class OverrideBound:
    """The 95 % Wilson upper bound of the override rate is at most this, over at least `min_n` reviews."""

    upper_bound: Decimal
    min_n: int


@dataclass(frozen=True, slots=True)
class ReviewsHeld:
    """Of the outputs of the last `days`, at least `min_reviewed` are reviewed, with at least `min_n` of them.

    Exactly one of the two is given: `max_override`, the greatest share of overrides, or `overrides`, a bound.
    """

    days: int
    min_reviewed: Decimal
    min_n: int
    max_override: Decimal | None
    overrides: OverrideBound | None


@dataclass(frozen=True, slots=True)
class IncidentsClosed:
    """No incident of one of these severities is open."""

    severities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeviationsClosed:
    """No deviation from a policy is open."""


@dataclass(frozen=True, slots=True)
class RollbackRehearsed:
    """A rollback was rehearsed and its time recorded."""


@dataclass(frozen=True, slots=True)
class RedTeamAccepted:
    """A red-team review is accepted, if the workflow's domain is one of `domains`."""

    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantsAttested:
    """Every active grant is attested."""


@dataclass(frozen=True, slots=True)
class GuardrailsHeld:
    """Every guardrail has a value in the last `days`, and none of these is beyond its limit."""

    days: int


@dataclass(frozen=True, slots=True)
class TargetMet:
    """The success metric meets its target, or a memo says why not."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the next team needs is published: these items are done."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemoFiled:
    """A memo whose move is the one that this gate guards."""


Check = (
    RequiredItems
    | RolesHeld
    | MetricsFresh
    | EvalPassed
    | RedLinesFired
    | LogsKept
    | VersionsNamed
    | ReviewsHeld
    | IncidentsClosed
    | DeviationsClosed
    | RollbackRehearsed
    | RedTeamAccepted
    | GrantsAttested
    | GuardrailsHeld
    | TargetMet
    | Published
    | MemoFiled
)
