"""What may be done with a finding: each rule looks at it and refuses, or says nothing."""

from datetime import date, timedelta

from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.findings.tracking import Tracked, Weight
from bot.domain.people import Person

SNOOZE_LIMIT_DAYS = 28
"""As long as a workflow may be paused before that is a finding itself."""

NEVER_SNOOZED = frozenset({"red_line.violated"})


def demand_unknown(tracked: Tracked, weight: Weight) -> None:
    """Nothing, unless someone acknowledged the finding as it weighs now; else a conflict that says who did."""
    if tracked.covers(weight) and tracked.acknowledged:
        known = tracked.acknowledged
        raise Conflict(f"{known.by.name} acknowledged this on {known.at:%-d %b at %H:%M} UTC, so nothing changed.")


def demand_snoozable(rule: str, until: date, today: date) -> None:
    """Nothing, if a finding of this rule may be put off until that day; else a refusal."""
    if rule in NEVER_SNOOZED:
        raise Refused("A red line that was crossed can't be snoozed: acknowledge it, and say what was done about it.")
    if until <= today:
        raise BadInput(f"{until} is not ahead: give the day on which this is to return, tomorrow or later.", "until")
    if until > today + timedelta(days=SNOOZE_LIMIT_DAYS):
        last = today + timedelta(days=SNOOZE_LIMIT_DAYS)
        raise BadInput(
            f"A finding can be snoozed for {SNOOZE_LIMIT_DAYS} days at most, until {last}: give an earlier day, "
            "and snooze it again if it still can wait then.",
            "until",
        )


def demand_new_holder(tracked: Tracked, person: Person) -> None:
    """Nothing, unless the finding is in that person's hands already; else a conflict."""
    if tracked.assigned_to and tracked.assigned_to.handle == person.handle:
        raise Conflict(f"This finding is {person.name}'s already, so nothing changed.")
