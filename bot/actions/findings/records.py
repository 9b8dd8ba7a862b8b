"""What stands recorded about workflows and teams, gathered for the rules: a few queries for all of them together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.actions.checklists import playbook_of
from bot.actions.evidence import holders_of
from bot.actions.findings.owing import owed_by
from bot.actions.findings.scene import Scene
from bot.actions.grants.watch import watched_for_time
from bot.domain.calendar import end_of_day
from bot.domain.checklists import Checklist
from bot.domain.findings.records import Awaited, Predicted, ProgramRecords, Records, SourceState, TeamRecords, Waiting
from bot.domain.findings.weeks import Weeks
from bot.domain.grants.guarding import as_it_stands
from bot.domain.grants.life import Grant
from bot.domain.memos import Memo
from bot.domain.people import Membership, Person
from bot.domain.playbook import Playbook
from bot.domain.teams import Team
from bot.domain.workflows import Workflow
from store import View


def records_by(view: View, checklists: tuple[Checklist, ...], weeks: Weeks, scene: Scene) -> Mapping[str, Records]:
    """What stands recorded of each of these workflows, by id; nothing of one that is closed."""
    running = tuple(checklist for checklist in checklists if not checklist.workflow.outcome)
    ids, at = tuple(checklist.workflow.id for checklist in running), weeks.at
    waiting, owed = _waiting(view, running, at, scene), owed_by(view, running, at, scene.met)
    grants, predictions = _grants(view, running, at), _predictions(view, running, at)
    deviations = view.deviations.open_among(ids)
    unlearned = view.unanswered.incidents(ids, at, _severest(running))
    changes = view.unanswered.irreversible(ids, at)
    named = view.memos.named_changes() if any(changes.values()) else frozenset()
    standstills = view.standstills_among(each.workflow.id for each in running if each.workflow.paused_days)
    found = {
        each.workflow.id: Records(
            holders=holders_of(each.workflow, scene.met),
            waiting=waiting[each.workflow.id],
            debts=owed[each.workflow.id].debts,
            met=owed[each.workflow.id].met,
            grants=grants[each.workflow.id],
            deviations=deviations[each.workflow.id],
            unlearned=unlearned[each.workflow.id],
            irreversible=changes[each.workflow.id],
            named=named & {change.body.key for change in changes[each.workflow.id]},
            predictions=predictions[each.workflow.id],
            standstills=standstills.get(each.workflow.id, ()),
        )
        for each in running
    }
    return {checklist.workflow.id: Records() for checklist in checklists} | found


def program_records(view: View, weeks: Weeks, scene: Scene) -> ProgramRecords:
    """What stands recorded of teams, sources and the program as a whole."""
    at_work: dict[str, list[Workflow]] = defaultdict(list)
    for workflow in view.workflows():
        at_work[workflow.team.id].append(workflow)
    seats = view.seats(weeks.at)
    teams = tuple(
        TeamRecords(
            team=team,
            workflows=tuple(at_work[team.id]),
            playbooks=playbooks_of(view, at_work[team.id]),
            able=_able(team, scene),
            seats=seats.get(team.id, ()),
        )
        for team in view.teams()
    )
    sources = tuple(SourceState(each.name, each.read_at, each.why_not) for each in view.sources.configured())
    return ProgramRecords(teams, sources, scene.deciders.admins)


def _waiting(
    view: View, running: tuple[Checklist, ...], at: datetime, scene: Scene
) -> Mapping[str, tuple[Waiting, ...]]:
    teams = {each.workflow.id: each.workflow.team for each in running}
    found: dict[str, list[Waiting]] = defaultdict(list)
    for request in view.requests():
        team = teams.get(request.workflow_id)
        if team and request.waits(at):
            found[request.workflow_id].append(Waiting(request, _able(team, scene, but=request.asked_by.handle)))
    return {each: tuple(found[each]) for each in teams}


def _able(team: Team, scene: Scene, but: str | None = None) -> tuple[Person, ...]:
    """Who is here and may decide requests of a team; whoever Slack calls anything but a member may not."""
    able = (Membership.MEMBER, Membership.UNKNOWN)
    here = scene.deciders.of(team, but)
    return tuple(person for person in here if scene.met.get(person.handle or "", Membership.UNKNOWN) in able)


def _grants(view: View, running: tuple[Checklist, ...], at: datetime) -> Mapping[str, tuple[Grant, ...]]:
    """The grants that live at `at`; what time alone stopped or ended is so, recorded yet or not."""
    living = view.grants.living_among(each.workflow.id for each in running)
    runs = view.gates.newest_runs_among([each for each, grants in living.items() if grants], at)
    found = dict(living)
    for each in running:
        if each.workflow.id in runs:
            watched = watched_for_time(each.workflow, each.playbook, runs[each.workflow.id], at)
            standing = (as_it_stands(grant, watched) for grant in living[each.workflow.id])
            found[each.workflow.id] = tuple(grant for grant in standing if grant.lives)
    return found


def _predictions(view: View, running: tuple[Checklist, ...], at: datetime) -> Mapping[str, tuple[Predicted, ...]]:
    """The predictions whose day is over where the team is, with the values measured since the decision."""
    zones = {each.workflow.id: each.workflow.team.zone for each in running}
    memos = view.memos.predicting_among(zones, (at + timedelta(days=1)).date())
    awaited = {
        memo.id: due
        for workflow_id, of in memos.items()
        for memo in of
        if (due := _awaited(memo, workflow_id, zones[workflow_id])) and due.until <= at
    }
    measured = view.unanswered.measured(tuple(awaited.values()), at)
    return {
        workflow_id: tuple(Predicted(memo, measured.get(memo.id)) for memo in of if memo.id in awaited)
        for workflow_id, of in memos.items()
    }


def _awaited(memo: Memo, workflow_id: str, zone: str) -> Awaited | None:
    said = memo.content.prediction
    if said is None:
        return None
    return Awaited(memo.id, workflow_id, said.metric, memo.decided_at, end_of_day(said.check_on, zone))


def _severest(running: Iterable[Checklist]) -> int:
    """The highest severity number that any of these workflows' playbooks calls severe."""
    return max((each.playbook.count("incident.open", "max_severity") for each in running), default=0)


def playbooks_of(view: View, workflows: Iterable[Workflow]) -> tuple[Playbook, ...]:
    """The playbooks that these workflows follow, each once."""
    pinned = {workflow.playbook.hash: workflow for workflow in workflows}
    return tuple(playbook_of(view, workflow) for workflow in pinned.values())
