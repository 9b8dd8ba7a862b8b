"""What looks like trouble and is none: exactly at a limit, a day within it, or of too little weight."""

from datetime import timedelta

from bot.simulation.hands import Hands
from bot.simulation.troubles.declaring import PAST_PILOT, Ground, Part, near_miss
from bot.simulation.troubles.events import for_good


@near_miss("eval.below_threshold", "evals")
def evals_just_passed(ground: Ground) -> Part:
    """The evals pass exactly 95 % of the cases."""
    return Part(weeks={ground.window: {"cases": 200, "runs": ((2, 950),)}})


@near_miss("guardrail.breached", "guardrail")
def at_limit(ground: Ground) -> Part:
    """The guardrail stands exactly at its limit."""
    return Part(weeks={ground.window: {"guardrail_value": "5.0"}})


@near_miss("target.off_pace", "success", windows=3, phases=PAST_PILOT)
def nearly_on_pace(ground: Ground) -> Part:
    """The success metric lags behind its line by less than a tenth of the way."""
    return Part(weeks={ground.window + later: {"behind_percent": 9} for later in range(2)})


@near_miss("target.off_pace", "success", windows=2, phases=PAST_PILOT)
def off_pace_once(ground: Ground) -> Part:
    """The success metric lags behind its line for a single week."""
    return Part(weeks={ground.window: {"behind_percent": 25}})


@near_miss("override.rising", "reviews", windows=3)
def overridden_as_may_be(ground: Ground) -> Part:
    """Reviewers correct a little more in one week, within what may be."""
    return Part(weeks={ground.window: {"overridden_percent": 0}, ground.window + 1: {"overridden_percent": 10}})


@near_miss("review.slow", "reviews")
def not_slow(ground: Ground) -> Part:
    """A review takes nearly four hours of working time."""
    return Part(weeks={ground.window: {"review_s": 4 * 3600 - 60}})


@near_miss("rework.rising", "rework")
def cheap_rework(ground: Ground) -> Part:
    """Rework costs five times as much as before, and still less than $100."""
    return Part(weeks={ground.window: {"rework_usd": 99}})


@near_miss("agent.blocked", "acts", "grants", phases=PAST_PILOT)
def hardly_blocked(ground: Ground) -> Part:
    """The agent asks some times for more than it may, and gives in."""
    action, limit = ground.course.trade.does, ground.course.trade.limit.removeprefix("max_")

    def ask(hands: Hands) -> None:
        hands.ask_in_vain(action, 19, **{limit: 99})

    return Part(steps=(ground.step(ground.at(4, 2), "steward", ask),))


@near_miss("incident.open", "incidents")
def small_incident(ground: Ground) -> Part:
    """A sev3 incident stays open for a while."""
    key = f"INC-{ground.course.name}-d{ground.window}"

    def tell(hands: Hands) -> None:
        hands.tell("incident", key=key, severity=3, status="open", title="A page looked odd")

    return Part(steps=(ground.step(ground.at(2, 3), "steward", tell),))


@near_miss("approval.waiting", "requests", windows=2, from_day=12)
def answered_in_time(ground: Ground) -> Part:
    """A request of Friday waits over the weekend, and is answered on Tuesday morning."""
    steps = (
        ground.step(ground.at(4, 3), "steward", lambda hands: hands.ask_grant("summarize_month", "")),
        ground.step(ground.at(1, 1, later=1), "approver", lambda hands: hands.decline("summarize_month")),
    )
    return Part(steps=steps)


@near_miss("memo.missing", "changes")
def explained_in_time(ground: Ground) -> Part:
    """A change that cannot be undone is explained the day after."""
    key, at = f"{ground.course.name}-explained-{ground.window}", ground.at(2, 5)
    return Part(steps=for_good(ground, key, at, at + timedelta(days=1)))


@near_miss("red_line.violated", "red_lines", from_day=22)
def red_line_tested(ground: Ground) -> Part:
    """A red line fires once more in a test."""

    def tell(hands: Hands) -> None:
        hands.tell("red_line", rule="no_secrets", kind="test_fired", summary="It stopped at another made-up key")

    return Part(steps=(ground.step(ground.at(2, 4), "steward", tell),))
