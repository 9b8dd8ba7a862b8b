"""What counts as loosening a playbook: one table for items, checks, thresholds and phases (RULES, "playbook move").

Looser is whatever lets a workflow pass a gate, keep a grant or stay out of the digest where it could not before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any

from bot.domain import checks
from bot.domain.checks import EvalPassed, OverrideBound, ReviewsHeld
from bot.domain.playbook import Item
from bot.domain.statistics import wilson_lower, wilson_upper

_UNLIMITED = Decimal("Infinity")


class Turn(StrEnum):
    """Which way a change goes."""

    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    NEITHER = "changed"


class Looser(StrEnum):
    """Which way a value has to go to loosen what it belongs to; None is a number without end."""

    HIGHER = "higher"
    LOWER = "lower"
    FEWER = "fewer"
    MORE = "more"
    EITHER = "either"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Step:
    """One value before and after."""

    before: Any
    after: Any


def turn(looser: Looser, step: Step) -> Turn:
    """Which way a step goes where this way is the looser one."""
    return Turn.NEITHER if step.before == step.after else _TURNS[looser](step)


def together(turns: Iterable[Turn]) -> Turn:
    """Which way several changes of one thing go: one that loosens is enough to have it looked at."""
    found = set(turns)
    return next((way for way in (Turn.LOOSENED, Turn.TIGHTENED) if way in found), Turn.NEITHER)


def turn_of_proof(before: Item, after: Item) -> Turn:
    """Which way the proof of an item goes: from nothing over a person's evidence to what the product sees itself."""
    strengths = _proof_strength(before), _proof_strength(after)
    if strengths[0] == strengths[1]:
        return turn(Looser.EITHER, Step(before.done_when, after.done_when))
    return Turn.LOOSENED if strengths[1] < strengths[0] else Turn.TIGHTENED


def turn_of_eval_bar(before: EvalPassed, after: EvalPassed) -> Turn:
    """Which way the bar of evals goes; of a share and a bound, whether some run passes that would not have before."""
    if before.lower_bound is None and after.lower_bound is None:
        return turn(Looser.LOWER, Step(before.min_pass, after.min_pass))
    if before.lower_bound is not None and after.lower_bound is not None:
        return turn(Looser.LOWER, Step(before.lower_bound, after.lower_bound))
    if before.min_pass is not None and after.lower_bound is not None:
        # A run that is large enough proves any share below its own, so the bound itself is what may pass.
        return Turn.LOOSENED if after.lower_bound < before.min_pass else Turn.TIGHTENED
    least = int((Decimal(after.min_pass or 0) * after.min_cases).to_integral_value(ROUND_FLOOR))
    return Turn.LOOSENED if wilson_lower(least, after.min_cases) < (before.lower_bound or 0) else Turn.TIGHTENED


def turn_of_override_bar(before: ReviewsHeld, after: ReviewsHeld) -> Turn:
    """Which way the bar of overrides goes; of a share and a bound, as with evals."""
    old, new = before.overrides, after.overrides
    if old is None and new is None:
        return turn(Looser.HIGHER, Step(before.max_override, after.max_override))
    if old is not None and new is not None:
        return _turn_of_bounds(old, new)
    if new is not None:
        return Turn.LOOSENED if new.upper_bound > (before.max_override or 0) else Turn.TIGHTENED
    most = int((Decimal(after.max_override or 0) * after.min_n).to_integral_value(ROUND_CEILING))
    proven = wilson_upper(min(most, after.min_n), after.min_n)
    return Turn.LOOSENED if old and proven > old.upper_bound else Turn.TIGHTENED


def _turn_of_bounds(old: OverrideBound, new: OverrideBound) -> Turn:
    return together(
        (
            turn(Looser.HIGHER, Step(old.upper_bound, new.upper_bound)),
            turn(Looser.LOWER, Step(old.min_n, new.min_n)),
        )
    )


def _proof_strength(item: Item) -> int:
    return 2 if item.done_when else 1 if item.evidence else 0


def _rise(step: Step) -> int:
    before, after = (_UNLIMITED if value is None else value for value in (step.before, step.after))
    return int(after > before) - int(after < before)


def _turn_of_set(step: Step, *, is_looser_smaller: bool) -> Turn:
    lost, gained = set(step.before) - set(step.after), set(step.after) - set(step.before)
    loosened, tightened = (lost, gained) if is_looser_smaller else (gained, lost)
    return Turn.LOOSENED if loosened else Turn.TIGHTENED if tightened else Turn.NEITHER


_TURNS: Mapping[Looser, Callable[[Step], Turn]] = {
    Looser.HIGHER: lambda step: Turn.LOOSENED if _rise(step) > 0 else Turn.TIGHTENED,
    Looser.LOWER: lambda step: Turn.LOOSENED if _rise(step) < 0 else Turn.TIGHTENED,
    Looser.FEWER: lambda step: _turn_of_set(step, is_looser_smaller=True),
    Looser.MORE: lambda step: _turn_of_set(step, is_looser_smaller=False),
    Looser.EITHER: lambda _: Turn.LOOSENED,
    Looser.NEVER: lambda _: Turn.NEITHER,
}

PLAYBOOK: Mapping[str, Looser] = {
    "required_roles": Looser.FEWER,
    "holidays": Looser.NEVER,
    "holiday_calendar": Looser.NEVER,
}
"""Holidays only move due days past dates on which nobody works."""

PHASE: Mapping[str, Looser] = {"first_day": Looser.NEVER, "last_day": Looser.HIGHER}
AUTONOMY: Mapping[str, Looser] = {"attended": Looser.FEWER, "unattended": Looser.MORE}

ITEM: Mapping[str, Looser] = {
    "title": Looser.NEVER,
    "why": Looser.NEVER,
    "role": Looser.NEVER,
    "due_day": Looser.HIGHER,
    "required": Looser.LOWER,
    "max_age_days": Looser.HIGHER,
    "every_days": Looser.HIGHER,
    "working_days": Looser.HIGHER,
    "after": Looser.FEWER,
}
"""Beside the proof: `evidence` and `done_when` are judged together by `turn_of_proof`."""

CHECK: Mapping[tuple[type[checks.Check], str], Looser] = {
    (checks.RolesHeld, "roles"): Looser.FEWER,
    (checks.MetricsFresh, "fresh_days"): Looser.HIGHER,
    (checks.MetricsFresh, "min_guardrails"): Looser.LOWER,
    (checks.EvalPassed, "min_cases"): Looser.LOWER,
    (checks.EvalPassed, "max_age_days"): Looser.HIGHER,
    (checks.RedLinesFired, "min_count"): Looser.LOWER,
    (checks.LogsKept, "min_days"): Looser.LOWER,
    (checks.LogsKept, "item"): Looser.EITHER,
    (checks.VersionsNamed, "days"): Looser.EITHER,
    (checks.ReviewsHeld, "days"): Looser.EITHER,
    (checks.ReviewsHeld, "min_reviewed"): Looser.LOWER,
    (checks.ReviewsHeld, "min_n"): Looser.LOWER,
    (checks.IncidentsClosed, "severities"): Looser.FEWER,
    (checks.RedTeamAccepted, "domains"): Looser.FEWER,
    (checks.GuardrailsHeld, "days"): Looser.EITHER,
    (checks.Published, "items"): Looser.FEWER,
}
"""A window of days loosens either way: a shorter one forgets sooner, a longer one is content with older data."""

THRESHOLD: Mapping[tuple[str, str], Looser] = {
    ("item.overdue", "critical_after_days"): Looser.HIGHER,
    ("phase.slipping", "critical_after_days"): Looser.HIGHER,
    ("pilot.too_broad", "max_workflows"): Looser.HIGHER,
    ("pause.long", "max_days"): Looser.HIGHER,
    ("metric.silent", "from_day"): Looser.HIGHER,
    ("metric.silent", "max_days"): Looser.HIGHER,
    ("target.off_pace", "windows"): Looser.HIGHER,
    ("target.off_pace", "max_share_behind"): Looser.HIGHER,
    ("eval.stale", "max_age_days"): Looser.HIGHER,
    ("eval.stale", "notice_days"): Looser.LOWER,
    ("override.rising", "max_share"): Looser.HIGHER,
    ("override.rising", "min_n"): Looser.HIGHER,
    ("override.rising", "windows"): Looser.EITHER,
    ("override.rising", "min_rise"): Looser.HIGHER,
    ("review.slow", "max_hours"): Looser.HIGHER,
    ("review.slow", "min_n"): Looser.HIGHER,
    ("review.backlog", "min_share"): Looser.LOWER,
    ("review.backlog", "min_n"): Looser.HIGHER,
    ("review.theater", "min_n"): Looser.HIGHER,
    ("review.theater", "max_seconds"): Looser.LOWER,
    ("rework.rising", "min_ratio"): Looser.HIGHER,
    ("rework.rising", "windows"): Looser.EITHER,
    ("rework.rising", "min_usd"): Looser.HIGHER,
    ("grant.life", "default_days"): Looser.HIGHER,
    ("grant.life", "max_days"): Looser.HIGHER,
    ("grant.life", "attest_every_days"): Looser.HIGHER,
    ("grant.life", "attest_notice_days"): Looser.LOWER,
    ("grant.life", "red_team_max_age_days"): Looser.HIGHER,
    ("grant.calibration", "min_lower_bound"): Looser.LOWER,
    ("grant.expiring", "notice_days"): Looser.LOWER,
    ("action.unasked", "match_hours"): Looser.HIGHER,
    ("agent.blocked", "min_denies"): Looser.HIGHER,
    ("agent.blocked", "allowed_within_days"): Looser.LOWER,
    ("incident.open", "max_severity"): Looser.LOWER,
    ("incident.no_postmortem", "working_days"): Looser.HIGHER,
    ("memo.missing", "max_days"): Looser.HIGHER,
    ("override.debt", "max_days"): Looser.HIGHER,
    ("approval.waiting", "working_days"): Looser.HIGHER,
    ("approval.uncovered", "min_people"): Looser.LOWER,
    ("enablement.gap", "min_trained"): Looser.LOWER,
    ("enablement.gap", "min_seat_share"): Looser.LOWER,
    ("source.blind", "max_hours"): Looser.HIGHER,
    ("escrow", "open_hours"): Looser.HIGHER,
    ("escrow", "max_open"): Looser.HIGHER,
    ("escrow", "use_minutes"): Looser.HIGHER,
    ("request", "next_approver_working_days"): Looser.HIGHER,
    ("request", "all_approvers_working_days"): Looser.HIGHER,
    ("request", "lapse_days"): Looser.HIGHER,
}
"""Every threshold there is; a rule that fires later or on less is looser, and so is whatever lives longer."""
