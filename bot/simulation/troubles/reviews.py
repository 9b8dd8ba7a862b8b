"""Troubles with reviews: too many corrections, too slow, too few, too quick, or none."""

from bot.simulation.plans import WARNING
from bot.simulation.troubles.declaring import PAST_PILOT, Ground, Part, trouble


@trouble("override.rising", "reviews")
def overridden(ground: Ground) -> Part:
    """Reviewers correct a quarter of what the agent hands in."""
    return _found_once(ground, "override.rising", overridden_percent=30)


@trouble("override.rising", "reviews", windows=3)
def ever_more_overridden(ground: Ground) -> Part:
    """Reviewers correct a little more each week, three weeks on."""
    first = ground.window
    weeks = {first + later: {"overridden_percent": percent} for later, percent in enumerate((0, 5, 10))}
    return Part(ground.course.expect((first + 2,), "override.rising", WARNING), weeks=weeks)


@trouble("review.slow", "reviews")
def slow(ground: Ground) -> Part:
    """A review takes most of a working day."""
    return _found_once(ground, "review.slow", review_s=(6 * 60 + 15) * 60)


@trouble("review.backlog", "reviews", windows=2)
def backlog(ground: Ground) -> Part:
    """Half of what the agent hands in on three days waits for the next week."""
    return _found_once(ground, "review.backlog", waiting=(1, 2, 3))


@trouble("review.theater", "reviews", windows=2)
def theater(ground: Ground) -> Part:
    """Everything is approved within seconds."""
    # The week after makes up for it, or what is corrected would rise from nothing three weeks on.
    made_up = Part(weeks={ground.window + 1: {"overridden_percent": 10}})
    return _found_once(ground, "review.theater", review_s=9, overridden_percent=0) + made_up


@trouble("review.silent", "reviews", phases=PAST_PILOT)
def silent(ground: Ground) -> Part:
    """The agent works on, and nobody reviews anything."""
    return _found_once(ground, "review.silent", reviews=False)


def _found_once(ground: Ground, rule: str, **numbers: object) -> Part:
    return Part(ground.course.expect((ground.window,), rule, WARNING), weeks={ground.window: numbers})
