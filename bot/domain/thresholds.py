"""The numbers behind rules, grants and requests (RULES): the defaults, and what a playbook makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

_DEFAULTS: dict[str, dict[str, int | Decimal]] = {
    "item.overdue": {"critical_after_days": 7},
    "phase.slipping": {"critical_after_days": 14},
    "pilot.too_broad": {"max_workflows": 2},
    "pause.long": {"max_days": 28},
    "metric.silent": {"from_day": 16, "max_days": 14},
    "target.off_pace": {"windows": 2, "max_share_behind": Decimal("0.10")},
    "eval.stale": {"max_age_days": 14, "notice_days": 4},
    "override.rising": {
        "max_share": Decimal("0.10"),
        "min_n": 20,
        "windows": 3,
        "min_rise": Decimal("0.05"),
    },
    "review.slow": {"max_hours": 4, "min_n": 5},
    "review.backlog": {"min_share": Decimal("0.95"), "min_n": 20},
    "review.theater": {"min_n": 20, "max_seconds": 30},
    "rework.rising": {"min_ratio": Decimal("1.30"), "windows": 4, "min_usd": 100},
    "grant.life": {
        "default_days": 90,
        "max_days": 180,
        "attest_every_days": 30,
        "attest_notice_days": 7,
        "red_team_max_age_days": 90,
    },
    "grant.calibration": {"min_lower_bound": Decimal("0.90")},
    "grant.expiring": {"notice_days": 7},
    "action.unasked": {"match_hours": 24},
    "agent.blocked": {"min_denies": 20, "allowed_within_days": 28},
    "incident.open": {"max_severity": 2},
    "incident.no_postmortem": {"working_days": 5},
    "memo.missing": {"max_days": 2},
    "override.debt": {"max_days": 180},
    "approval.waiting": {"working_days": 2},
    "approval.uncovered": {"min_people": 2},
    "enablement.gap": {"min_trained": Decimal("0.80"), "min_seat_share": Decimal("0.50")},
    "source.blind": {"max_hours": 24},
    "escrow": {"open_hours": 4, "max_open": 60, "use_minutes": 15},
    "request": {"next_approver_working_days": 1, "all_approvers_working_days": 2, "lapse_days": 7},
}

DEFAULTS: Mapping[str, Mapping[str, int | Decimal]] = MappingProxyType(
    {rule: MappingProxyType(numbers) for rule, numbers in _DEFAULTS.items()}
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of one rule: an int with its unit in the name, or a share or ratio as a Decimal."""

    rule: str
    name: str
    value: int | Decimal


def thresholds(given: Mapping[tuple[str, str], int | Decimal]) -> tuple[Threshold, ...]:
    """Every threshold there is: `given` by (rule, name) where it says something, the default elsewhere."""
    return tuple(
        Threshold(rule, name, given.get((rule, name), default))
        for rule, numbers in DEFAULTS.items()
        for name, default in numbers.items()
    )
