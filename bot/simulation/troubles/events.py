"""Troubles that happen at a moment: incidents, crossed red lines, stuck work, changes taken back or never explained."""

from datetime import datetime, timedelta

from bot.simulation.hands import Hands
from bot.simulation.plans import CRITICAL, NOTICE, WARNING, Step
from bot.simulation.troubles.declaring import Ground, Part, trouble


@trouble("incident.open", "incidents", "grants", windows=2)
def incident_over(ground: Ground) -> Part:
    """A sev2 incident is opened and resolved within the week, and learned from in the next one."""
    key, opened, resolved = f"INC-{ground.course.name}-a{ground.window}", ground.at(1, 2), ground.at(3, 4)
    found = ground.course.expect((ground.window,), "incident.open", NOTICE, key)
    steps = (*_incident(ground, key, 2, (opened, resolved)), *_learned(ground, key, ground.at(1, 3, later=1)))
    return Part(found, steps) + ground.halted(opened, ground.at(2, 4, later=1))


@trouble("incident.open", "incidents", "grants", windows=2)
def incident_open(ground: Ground) -> Part:
    """A sev1 incident goes on over the weekend."""
    key, opened, resolved = f"INC-{ground.course.name}-b{ground.window}", ground.at(2, 2), ground.at(1, 2, later=1)
    found = ground.course.expect(ground.standing(opened, resolved), "incident.open", CRITICAL, key)
    steps = (*_incident(ground, key, 1, (opened, resolved)), *_learned(ground, key, ground.at(3, 3, later=1)))
    return Part(found, steps) + ground.halted(opened, ground.at(4, 3, later=1))


@trouble("incident.no_postmortem", "incidents", "grants", windows=3)
def incident_unlearned(ground: Ground) -> Part:
    """A sev2 incident is resolved, and its postmortem takes more than five working days."""
    key, opened, resolved = f"INC-{ground.course.name}-c{ground.window}", ground.at(1, 2), ground.at(1, 5)
    accepted = ground.at(3, 3, later=2)
    noticed = ground.course.expect((ground.window,), "incident.open", NOTICE, key)
    # Five working days after a moment of a working day is that moment of the same weekday, a week later.
    due = ground.at(1, 5, later=1)
    missed = ground.course.expect(ground.standing(due, accepted), "incident.no_postmortem", WARNING, key)
    steps = (*_incident(ground, key, 2, (opened, resolved)), *_learned(ground, key, accepted))
    return Part((*noticed, *missed), steps) + ground.halted(opened, ground.at(4, 3, later=2))


def _incident(ground: Ground, key: str, severity: int, times: tuple[datetime, datetime]) -> tuple[Step, ...]:
    def told(status: str) -> Step:
        def tell(hands: Hands) -> None:
            hands.tell("incident", key=key, severity=severity, status=status, title="Customers saw a wrong answer")

        return ground.step(times[status == "resolved"], "steward", tell)

    return told("open"), told("resolved")


def _learned(ground: Ground, key: str, accepted: datetime) -> tuple[Step, ...]:
    return (
        ground.step(accepted - timedelta(hours=2), "steward", lambda hands: hands.postmortem(key)),
        ground.step(accepted, "approver", lambda hands: hands.accept(key)),
    )


@trouble("red_line.violated", "red_lines", "grants", windows=2)
def red_line_crossed(ground: Ground) -> Part:
    """The agent writes a key into a page."""

    def tell(hands: Hands) -> None:
        hands.tell("red_line", rule="no_secrets", kind="violation", summary="A key stood in a draft")

    at = ground.at(2, 4)
    found = ground.course.expect((ground.window,), "red_line.violated", CRITICAL, "no_secrets")
    return Part(found, (ground.step(at, "steward", tell),)) + ground.halted(at, ground.at(2, 6, later=1))


@trouble("work.stuck", "work", windows=2)
def work_blocked(ground: Ground) -> Part:
    """A piece of work is blocked for a week."""
    return _work(ground, ground.at(1, 3), "blocked", None)


@trouble("work.stuck", "work", windows=2)
def work_overdue(ground: Ground) -> Part:
    """A piece of work is past its day."""
    return _work(ground, ground.at(1, 3), "open", ground.at(4, 1))


def _work(ground: Ground, at: datetime, status: str, due: datetime | None) -> Part:
    key, done_at = f"{ground.course.name}-{status}-{ground.window}", ground.at(3, 2, later=1)
    due_on = due.date().isoformat() if due else None

    def told(status: str) -> Step:
        def tell(hands: Hands) -> None:
            hands.tell("work_item", key=key, status=status, title="Connect the log store", due=due_on, assignee=None)

        return ground.step(done_at if status == "done" else at, "steward", tell)

    found = ground.course.expect(ground.standing(due or at, done_at), "work.stuck", NOTICE)
    return Part(found, (told(status), told("done")))


@trouble("change.reverted", "changes")
def change_reverted(ground: Ground) -> Part:
    """A change is taken back."""
    key, at = f"{ground.course.name}-back-{ground.window}", ground.at(3, 5)

    def tell(hands: Hands) -> None:
        told = {"title": "Back to the prompt of before", "reverts": f"{ground.course.name}-{ground.window}"}
        hands.tell("change", key=key, merged_at=at.isoformat(), lead_time_hours=1, irreversible=False, **told)

    found = ground.course.expect((ground.window,), "change.reverted", WARNING, key)
    return Part(found, (ground.step(at, "steward", tell),))


@trouble("memo.missing", "changes", windows=2)
def change_unexplained(ground: Ground) -> Part:
    """A change that cannot be undone is merged, and nobody says why."""
    key, at, filed = f"{ground.course.name}-for-good-{ground.window}", ground.at(2, 5), ground.at(3, 5, later=1)
    found = ground.course.expect(ground.standing(at, filed), "memo.missing", WARNING, key)
    return Part(found, for_good(ground, key, at, filed))


def for_good(ground: Ground, key: str, at: datetime, filed: datetime) -> tuple[Step, ...]:
    """A change that cannot be undone, and the memo that names it."""

    def tell(hands: Hands) -> None:
        told = {"title": "The old cases are deleted", "reverts": None, "irreversible": True}
        hands.tell("change", key=key, merged_at=at.isoformat(), lead_time_hours=20, **told)

    return (
        ground.step(at, "steward", tell),
        ground.step(filed, "owner", lambda hands: hands.memo(f"Why {key}", changes=(key,))),
    )
