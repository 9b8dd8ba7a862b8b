"""Findings as they stand now, with what became of them over the weeks; and what a frozen digest changes about that."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.actions.desk import Turn
from bot.actions.findings.judging import found_by, judge, looks_at
from bot.actions.findings.scene import Scene
from bot.domain.checklists import Checklist
from bot.domain.facts import FindingPlace, FindingSeen, FindingsTracked
from bot.domain.findings.catalogue import RULES
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.kinds import Finding, SubjectKind
from bot.domain.findings.tracking import Followed, Tracked, Weight, follow, track
from bot.domain.findings.weeks import Weeks
from bot.domain.statuses import Status
from store import View

T = TypeVar("T", Finding, Tracked)


def track_now(turn: Turn, judgement: Judgement) -> FindingsTracked | None:
    """What a digest with this judgement changes about its findings, recorded; None where everything is as it was.

    `judgement` is whole, as `judge` gave it: what it looked at and does not find any more is resolved. Of a second
    digest in the same week only what changed since the first is recorded.
    """
    return track_told(turn, told_by(turn.change, judgement, None))


def told_by(view: View, judgement: Judgement, team_id: str | None) -> FindingsTracked:
    """What a digest with this judgement would change about findings, if that team read it now; None for the leaders."""
    week, covers = judgement.weeks.name, covering(view, judgement, team_id)
    changes = track(view.findings.all(), judgement.findings, week, lambda each: each.is_told_to(team_id), covers)
    return FindingsTracked(
        subject=week,
        week=week,
        judged_at=judgement.weeks.at,
        came=tuple(seen_of(each) for each in _in_order(changes.came)),
        changed=tuple(seen_of(each) for each in _in_order(changes.changed)),
        gone=tuple(place_of(each) for each in _in_order(changes.gone)),
    )


def track_told(turn: Turn, told: FindingsTracked) -> FindingsTracked | None:
    """What a digest changes that was drafted before, recorded as far as no other told of it since; None for nothing."""
    known = {each.id: each for each in turn.change.findings.all().values()}
    running = {workflow.id for workflow in turn.change.workflows()}
    fact = replace(
        told,
        came=tuple(
            each
            for each in told.came
            if not _is_told(known.get(each.finding_id)) and (each.workflow_id is None or each.workflow_id in running)
        ),
        changed=tuple(each for each in told.changed if _weighs_otherwise(known.get(each.finding_id), each, told)),
        gone=tuple(each for each in told.gone if _is_open(known.get(each.finding_id))),
    )
    if not (fact.came or fact.changed or fact.gone):
        return None
    turn.record(fact)
    return fact


def _is_open(tracked: Tracked | None) -> bool:
    """Whether something is kept of a finding, and it was there when a digest looked last."""
    return tracked is not None and tracked.is_open


def _is_told(tracked: Tracked | None) -> bool:
    """Whether a digest told of a finding that is still open."""
    return tracked is not None and tracked.is_open and tracked.first_week is not None


def _weighs_otherwise(tracked: Tracked | None, seen: FindingSeen, told: FindingsTracked) -> bool:
    """Whether an open finding weighs other than digests said, none of them of a later week."""
    if tracked is None or tracked.first_week is None or told.week is None or not tracked.is_open:
        return False
    is_news = told.week >= (tracked.changed_week or tracked.first_week)
    return is_news and Weight(seen.severity, seen.size) != tracked.weight


def _in_order(changed: Iterable[T]) -> list[T]:
    """Always the same order, so that two digests at once never wait for each other."""
    return sorted(changed, key=lambda each: each.id)


def covering(view: View, judgement: Judgement, team_id: str | None) -> Callable[[Tracked], bool]:
    """Whether a digest for that team (None: for the leaders) may say that what is kept is gone, if it is.

    It was looked at: its workflow; a team, a source or the program where every workflow was. A rule that passes over
    paused workflows did not look at one: what it found there before is neither shown nor gone. And they are told of
    it, or nobody was yet.
    """
    looked_at = {look.workflow.id: look.workflow for look in judgement.looks}
    is_whole = looked_at.keys() >= {workflow.id for workflow in view.workflows()}

    def covers(tracked: Tracked) -> bool:
        if tracked.workflow_id is None:
            return is_whole and is_read(tracked, tracked.team_id)
        workflow, rule = looked_at.get(tracked.workflow_id), RULES.get(tracked.rule)
        if workflow is None or not is_read(tracked, workflow.team.id):
            return False
        return workflow.pause is None or rule is None or rule.while_paused

    def is_read(tracked: Tracked, of_team: str | None) -> bool:
        is_theirs = team_id in (None, of_team) or tracked.subject_kind is SubjectKind.SOURCE
        return is_theirs or tracked.first_week is None

    return covers


def followed(view: View, judgement: Judgement) -> tuple[Followed, ...]:
    """The findings of a judgement with what is kept of them, the gravest first."""
    return by_gravity(follow(view.findings.all(), judgement.findings, judgement.weeks))


def followed_now(view: View, weeks: Weeks, scene: Scene) -> tuple[Followed, ...]:
    """Every finding of the program as it stands at the end of `weeks`, the gravest first."""
    return followed(view, judge(view, view.workflows(), weeks, scene))


def followed_of(view: View, checklists: Iterable[Checklist], at: datetime, scene: Scene) -> tuple[Followed, ...]:
    """The findings about these workflows alone, each judged at `at` in its team's zone, the gravest first."""
    by_zone: dict[str, list[Checklist]] = {}
    for checklist in checklists:
        if not checklist.workflow.outcome:
            by_zone.setdefault(checklist.workflow.team.zone, []).append(checklist)
    known = view.findings.of_workflows(tuple(each.workflow.id for these in by_zone.values() for each in these))
    found: list[Followed] = []
    for zone, these in by_zone.items():
        weeks = Weeks(at, zone)
        found += follow(known, found_by(looks_at(view, tuple(these), weeks, scene)), weeks)
    return by_gravity(found)


def with_findings(view: View, statuses: tuple[Status, ...], at: datetime, scene: Scene) -> tuple[Status, ...]:
    """The statuses with the findings about each workflow, in their order."""
    by_workflow: dict[str, list[Followed]] = {}
    for each in followed_of(view, (status.checklist for status in statuses), at, scene):
        by_workflow.setdefault(each.finding.subject.id, []).append(each)
    return tuple(replace(status, findings=tuple(by_workflow.get(status.workflow.id, ()))) for status in statuses)


def by_gravity(found: Iterable[Followed]) -> tuple[Followed, ...]:
    """The gravest first, the oldest first among equals."""
    return tuple(sorted(found, key=lambda each: (each.finding.severity.rank, each.first_seen, each.finding.key)))


def place_of(about: Finding | Tracked) -> FindingPlace:
    """Which finding, and what it is about, as facts say it."""
    workflow_id, team_id = _subject(about)
    return FindingPlace(finding_id=about.id, workflow_id=workflow_id, team_id=team_id)


def seen_of(finding: Finding) -> FindingSeen:
    """A finding as facts say that it was seen."""
    workflow_id, team_id = _subject(finding)
    return FindingSeen(
        finding_id=finding.id,
        workflow_id=workflow_id,
        team_id=team_id,
        key=finding.key,
        rule=finding.rule,
        severity=finding.severity,
        size=finding.size,
    )


def _subject(about: Finding | Tracked) -> tuple[str | None, str | None]:
    if isinstance(about, Tracked):
        return about.workflow_id, about.team_id
    kind, id_ = about.subject.kind, about.subject.id
    return id_ if kind is SubjectKind.WORKFLOW else None, id_ if kind is SubjectKind.TEAM else None
