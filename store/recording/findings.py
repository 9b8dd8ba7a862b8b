"""How facts about findings change the state tables."""

from typing import Any

from sqlalchemy import Update, bindparam, case, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.facts import (
    FindingAcknowledged,
    FindingAssigned,
    FindingChange,
    FindingJudged,
    FindingSeen,
    FindingSnoozed,
    FindingsTracked,
)
from store.recording.scene import Scene
from store.tables.findings import finding_opinions, findings

_OVER = findings.c.resolved_at.is_not(None)
_OF_THAT_TIME = (
    "acknowledged_by",
    "acknowledged_at",
    "acknowledged_severity",
    "acknowledged_size",
    "assigned_to",
    "changed_week",
    "severity_before",
    "size_before",
)
"""What ends with a finding: when it comes up again, nobody knows of it yet. What was put off stays so until its day."""


def _come(insert: Any) -> Any:
    """A row; or the one that is there, if a person made it before any digest, or if the finding went in between."""
    fresh = insert(findings)
    came = fresh.excluded
    return fresh.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "first_week": came.first_week,
            "severity": came.severity,
            "size": came.size,
            "first_seen": case((_OVER, came.first_seen), else_=findings.c.first_seen),
            "times": case((_OVER, findings.c.times + 1), else_=findings.c.times),
            "resolved_at": None,
            "resolved_week": None,
            **{name: case((_OVER, null()), else_=findings.c[name]) for name in _OF_THAT_TIME},
        },
        where=or_(_OVER, findings.c.first_week.is_(None)),
    )


_COMES = {"sqlite": _come(sqlite_insert), "postgresql": _come(postgresql_insert)}
_SAME_WEEK = findings.c.changed_week == bindparam("week")
_CHANGES = (
    update(findings)
    .where(findings.c.id == bindparam("finding_id"))
    .values(
        severity_before=case((_SAME_WEEK, findings.c.severity_before), else_=findings.c.severity),
        size_before=case((_SAME_WEEK, findings.c.size_before), else_=findings.c.size),
        changed_week=bindparam("week"),
        severity=bindparam("severity"),
        size=bindparam("size"),
    )
)
_GOES = (
    update(findings)
    .where(findings.c.id == bindparam("finding_id"), findings.c.resolved_at.is_(None))
    .values(resolved_at=bindparam("at"), resolved_week=bindparam("week"))
)
_CLOSES = update(findings).where(
    findings.c.workflow_id == bindparam("of_workflow"), findings.c.resolved_at.is_(None)
).values(resolved_at=bindparam("at"))  # fmt: skip


def track(scene: Scene, fact: FindingsTracked) -> None:
    """A row for each finding that came up, what changed, and the end of those that went."""
    connection = scene.connection
    if fact.came:
        connection.execute(_COMES[connection.dialect.name], [_row(fact, each) for each in fact.came])
    if fact.changed:
        weights = [
            {"finding_id": each.finding_id, "week": fact.week, "severity": each.severity, "size": each.size}
            for each in fact.changed
        ]
        connection.execute(_CHANGES, weights)
    if fact.gone:
        ends = [{"finding_id": each.finding_id, "at": fact.judged_at, "week": fact.week} for each in fact.gone]
        connection.execute(_GOES, ends)


def _row(fact: FindingsTracked, seen: FindingSeen) -> dict[str, object]:
    return {
        "id": seen.finding_id,
        "key": seen.key,
        "rule": seen.rule,
        "workflow_id": seen.workflow_id,
        "team_id": seen.team_id,
        "times": 1,
        "first_seen": fact.judged_at,
        "first_week": fact.week,
        "severity": seen.severity,
        "size": seen.size,
        "version": 1,
    }


def resolve_closed(scene: Scene, workflow_id: str) -> None:
    """The findings of a closed workflow resolved with it."""
    scene.connection.execute(_CLOSES, {"of_workflow": workflow_id, "at": scene.at})


def acknowledge(scene: Scene, fact: FindingAcknowledged) -> None:
    """Who knows of it, as it weighs now; it is not put off any more."""
    _change(
        scene,
        fact,
        acknowledged_by=scene.by,
        acknowledged_at=scene.at,
        acknowledged_severity=fact.severity,
        acknowledged_size=fact.size,
        **_AWAKE,
    )


def snooze(scene: Scene, fact: FindingSnoozed) -> None:
    """Until when it is put off; who acknowledged it before does so no more once it returns."""
    _change(
        scene,
        fact,
        snoozed_by=scene.by,
        snoozed_at=scene.at,
        snoozed_until=fact.until,
        snoozed_severity=fact.severity,
        snooze_reason=scene.words["reason"],
        acknowledged_by=None,
        acknowledged_at=None,
        acknowledged_severity=None,
        acknowledged_size=None,
    )


_AWAKE = dict.fromkeys(("snoozed_by", "snoozed_at", "snoozed_until", "snoozed_severity", "snooze_reason"))


def assign(scene: Scene, fact: FindingAssigned) -> None:
    """Whose it is."""
    _change(scene, fact, assigned_to=fact.person)


def _change(scene: Scene, fact: FindingChange, **changes: object) -> None:
    seen = (findings.c.id == fact.finding_id) & (findings.c.version == fact.seen_version)
    statement: Update = update(findings).where(seen).values(version=fact.seen_version + 1, **changes)
    scene.write_one(statement, "This finding")


def judge(scene: Scene, fact: FindingJudged) -> None:
    """What one person thinks of it this time, in place of what they said before."""
    insert: Any = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[scene.connection.dialect.name]
    said = {"useful": fact.useful, "reason": scene.words.get("reason"), "at": scene.at}
    time = select(findings.c.times).where(findings.c.id == fact.finding_id).scalar_subquery()
    fresh = insert(finding_opinions).values(finding_id=fact.finding_id, time=time, person=scene.by, **said)
    scene.connection.execute(fresh.on_conflict_do_update(index_elements=["finding_id", "time", "person"], set_=said))
