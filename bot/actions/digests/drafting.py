"""A digest's inputs, gathered in one transaction from the program as it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.actions.digests.sources import sources_of
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene
from bot.actions.findings.tracking import covering
from bot.domain.digests.audiences import Audience
from bot.domain.digests.inputs import (
    ChainHead,
    Correction,
    Heard,
    Inputs,
    Moved,
    Numbers,
    PhaseCount,
    Portfolio,
    Reported,
    Resolved,
    Save,
    Waiting,
)
from bot.domain.errors import NotFound
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.kinds import Finding
from bot.domain.findings.steward_week import StewardWeek
from bot.domain.findings.tracking import FindingState, Followed, Tracked, follow, is_on_track, resolved
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.requests import asked_by_now
from bot.domain.signals.kinds import QualitySave, Signal, Span
from bot.domain.workflows import Workflow
from store import View

Known = Mapping[str, Tracked]
"""What is kept of findings, those that were resolved too, by their keys."""


def draft(view: View, audience: Audience, weeks: Weeks, scene: Scene, known: Known) -> Inputs:
    """What a digest of this audience says at the end of `weeks`.

    Whoever posts it says with `dataclasses.replace` that it is the audience's first.
    """
    return drafted(view, audience, judge(view, view.workflows(), weeks, scene), scene, known)


def drafted(view: View, audience: Audience, judgement: Judgement, scene: Scene, known: Known) -> Inputs:
    """The same from a judgement of the whole program, which may serve several audiences of one zone."""
    told = _Told(view, audience, judgement, scene, _workflows(audience, judgement))
    weeks = judgement.weeks
    heard = view.chronicle.arrivals(weeks.week(), told.ids_or_all)
    last = view.chronicle.last_typed(weeks.at, told.ids_or_all)
    head = view.chronicle.head()
    return Inputs(
        audience=audience,
        window=weeks.week(),
        week=weeks.name,
        portfolio=told.portfolio,
        findings=tuple(_reported(each) for each in follow(known, told.findings, weeks)),
        resolved=told.resolved(known),
        waiting=told.waiting,
        sources=sources_of(view, weeks),
        heard=Heard(heard.sent, heard.typed, last.at if last else None, last.by if last else None),
        saves=told.saves,
        corrections=told.corrections,
        head=ChainHead(head.seq, head.hash),
        numbers=told.numbers,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What one audience is told of a judgement, part by part."""

    view: View
    audience: Audience
    judgement: Judgement
    scene: Scene
    workflows: tuple[Workflow, ...]
    """The running workflows that it is about, by name."""

    @property
    def ids_or_all(self) -> tuple[str, ...] | None:
        """Their ids; None for the leaders, who are told of everything."""
        return None if self.audience.team_id is None else tuple(workflow.id for workflow in self.workflows)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that it reads: a team's own, and whatever makes its digest incomplete."""
        return tuple(each for each in self.judgement.findings if each.is_told_to(self.audience.team_id))

    @property
    def portfolio(self) -> Portfolio:
        """The workflows by phase, and those that moved."""
        workflows = self.workflows
        off_track = _by_subject(self.judgement.findings)
        counts = ((phase, sum(workflow.phase is phase for workflow in workflows)) for phase in PhaseName)
        names = {workflow.id: workflow.name for workflow in workflows}
        moves = self.view.chronicle.moves(self.judgement.weeks.week())
        return Portfolio(
            phases=tuple(PhaseCount(phase, count) for phase, count in counts if count),
            paused=sum(workflow.pause is not None for workflow in workflows),
            on_track=sum(is_on_track(workflow, off_track.get(workflow.id, ())) for workflow in workflows),
            moves=tuple(Moved(names[m.workflow_id], m.left, m.entered) for m in moves if m.workflow_id in names),
        )

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """The requests about its workflows that wait, the oldest first, and who has been asked so far."""
        teams = {workflow.id: workflow.team for workflow in self.workflows}
        return tuple(
            Waiting(
                request_id=request.id,
                kind=request.kind.label,
                workflow=request.workflow,
                asked_by=request.asked_by,
                asked_at=request.asked_at,
                deciders=asked_by_now(
                    request.escalated,
                    self.scene.deciders.of(teams[request.workflow_id], but=request.asked_by.handle),
                ),
            )
            for request in self.view.requests()
            if request.waits(self.judgement.weeks.at) and request.workflow_id in teams
        )

    @property
    def saves(self) -> tuple[Save, ...]:
        """The week's quality saves."""
        ids = tuple(workflow.id for workflow in self.workflows)
        return tuple(self._save(signal) for signal in self.view.chronicle.saves(ids, self.judgement.weeks.week()))

    def _save(self, signal: Signal[QualitySave]) -> Save:
        by = signal.body.by
        person = (self.view.person_by_handle(by) or Person("", by, by)) if by else None
        return Save(signal.body.summary, person, str(signal.workflow), signal.url)

    @property
    def numbers(self) -> tuple[Numbers, ...]:
        """What stewards look at of the week; leaders are told of it where they share a team's channel."""
        week, audience = self.judgement.weeks.week(), self.audience
        theirs = [each for each in self.workflows if audience.team_id or each.team.channel == audience.channel]
        found = self.view.weekly.steward({each.id: week for each in theirs})
        return tuple(Numbers(each.name, found[each.id]) for each in theirs if found[each.id] != StewardWeek())

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """The numbers of earlier weeks that were taken back in this one."""
        week = self.judgement.weeks.week()
        voided = (each for each in self.view.chronicle.voided(week) if each.at < week.start)
        named = ((each, self._name_of(each.subject_id)) for each in voided)
        return tuple(Correction(each.signal, each.kind, name) for each, name in named if name)

    def resolved(self, known: Known) -> tuple[Resolved, ...]:
        """What they were told of before, and is gone since the digest that they read last or within the week."""
        week = self.judgement.weeks.week()
        read_at = self.view.digests.last_read_at(self.audience.id) or week.start
        may_end = covering(self.view, self.judgement, self.audience.team_id)

        def covers(tracked: Tracked) -> bool:
            return may_end(tracked) and tracked.first_seen <= read_at

        gone = resolved(known, self.judgement.findings, Span(min(read_at, week.start), week.end), covers)
        named = ((each.rule, self._name_of(each.workflow_id or each.team_id or _about(each))) for each in gone)
        return tuple(sorted((Resolved(rule, name) for rule, name in named if name), key=lambda r: (r.subject, r.rule)))

    def _name_of(self, subject_id: str) -> str | None:
        """The name of a workflow, team or source; None for one that this audience is not told of."""
        running = next((w.name for w in self.workflows if w.id == subject_id), None)
        if running:
            return running
        try:
            if subject_id.startswith("wf_"):
                workflow = self.view.workflow_by_id(subject_id)
                return workflow.name if self.audience.team_id in (None, workflow.team.id) else None
            if subject_id.startswith("team_"):
                team = self.view.team_by_id(subject_id)
                return team.name if self.audience.team_id in (None, team.id) else None
        except NotFound:
            return None
        return subject_id


def _workflows(audience: Audience, judgement: Judgement) -> tuple[Workflow, ...]:
    found = (look.workflow for look in judgement.looks if audience.team_id in (None, look.workflow.team.id))
    return tuple(sorted(found, key=lambda workflow: workflow.name))


def _about(tracked: Tracked) -> str:
    """The id of the source, or whatever else, that a finding of no workflow or team is about."""
    return tracked.key.split("|")[1].partition(":")[2]


def _reported(followed: Followed) -> Reported:
    tracked = followed.tracked
    is_acknowledged = followed.state is FindingState.ACKNOWLEDGED
    is_snoozed = followed.state is FindingState.SNOOZED
    acknowledged = tracked.acknowledged if tracked and is_acknowledged else None
    snoozed = tracked.snoozed if tracked and is_snoozed else None
    return Reported(
        finding=replace(followed.finding, owner=followed.owner),
        state=followed.state,
        first_seen=followed.first_seen,
        weeks=followed.weeks,
        acknowledged_by=acknowledged.by if acknowledged else None,
        snoozed_until=snoozed.until if snoozed else None,
        snooze_reason=snoozed.reason if snoozed else None,
    )


def _by_subject(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.subject.id, []).append(each)
    return found
