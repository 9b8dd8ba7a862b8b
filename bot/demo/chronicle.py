"""The history of one sample workflow as acts in the order of time."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zlib import crc32

from bot import playbooks
from bot.actions import items, signals, workflows
from bot.actions.checklists import checklist_of
from bot.actions.desk import Desk, Turn
from bot.actions.workflows import Beginning
from bot.demo.cast import APPROVERS
from bot.demo.days import Days, instant, working_date_before
from bot.demo.decisions import decided_of, write_down
from bot.demo.figures import EVALS, Seen, seen_of
from bot.demo.numbers import Numbers
from bot.demo.program import SampleWorkflow
from bot.demo.troubles import Act, Moment, place
from bot.domain.calendar import local_date
from bot.domain.facts import ItemTakenOver, PhaseChanged, ProofSeen
from bot.domain.people import FreeText
from bot.domain.playbook import Item, PhaseName, Playbook
from bot.domain.signals.kinds import EvalRun, Signal
from bot.domain.ticking import Given
from bot.domain.workflows import Workflow

EVIDENCE = "https://docs.example.com"

_GATES = ((PhaseName.PILOT, 31), (PhaseName.PRODUCTION, 61))
_EARLY_DAYS = 3

_NOTES = {
    "measure_today": "Taken from the last four full weeks.",
    "tell_people": "Most asked what happens when it is wrong; the answer is in the notes.",
    "calibrate_reviewers": "They agreed on 46 of 50; the rubric now covers the other four.",
    "describe_rollback": "One page, tried by somebody who had not written it.",
    "publish_training": "Two hours, with the mistakes that we made.",
}


def days_of(sample: SampleWorkflow, now: datetime) -> Days:
    """The sample's days if it is launched at `now`: today is its day N, or the day on which it was paused."""
    today = local_date(now, sample.team.zone)
    if sample.pause:
        today = working_date_before(today - timedelta(days=sample.pause.days_ago), 0)
    days = Days.before(today, sample.day, sample.team.zone, now)
    return days if sample.came_on_day == 1 else days.begun_on(sample.came_on_day)


def begin(turn: Turn, sample: SampleWorkflow, days: Days, desk: Desk) -> str:
    """The id of the workflow, started as its owner does it."""
    beginning = Beginning(
        name=sample.name,
        purpose=sample.purpose,
        playbook=sample.playbook,
        team=turn.change.team(sample.team.name),
        start_on=days.start_on,
        domain=sample.domain,
        roles={role: desk.person(person) for role, person in sample.roles},
    )
    _, started = workflows.start(turn, beginning)
    return started.workflow_id


def history_of(sample: SampleWorkflow, days: Days) -> tuple[Moment, ...]:
    """Everything that happened to the workflow after its start and before the launch, oldest first."""
    playbook = playbooks.load(playbooks.shipped_text(sample.playbook), sample.playbook)
    moments = [
        *_taking_over(sample, days),
        *_proofs(sample, days),
        *_memos(sample, days),
        *_evals(sample, days),
        *_ticks(sample, days, playbook),
        *_moves(sample, days),
        *Numbers(sample.name, sample.figures, sample.came_on_day, sample.day, people_of(sample), sample.save).moments(
            days
        ),
    ]
    for trouble in (*sample.troubles, *sample.grants):
        moments += trouble.moments(days)
    if sample.pause:
        stopped = instant(days.date(sample.day), time(16, 45), days.zone)
        moments.append(Moment(stopped, sample.pause.by, _pause(sample.pause.reason)))
    return tuple(sorted(moments, key=lambda moment: moment.at))


def people_of(sample: SampleWorkflow) -> dict[str, str]:
    """Who holds each role, and the lead, by user id."""
    return {"lead": sample.team.lead} | {role.value: person for role, person in reversed(sample.roles)}


def _taking_over(sample: SampleWorkflow, days: Days) -> Iterator[Moment]:
    """What lay behind a workflow that came while it was in production."""
    if sample.came_on_day == 1:
        return

    def take_over(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        workflow = turn.change.workflow_by_id(workflow_id)
        for row in checklist_of(turn.change, workflow, turn.at).rows:
            if row.phase is PhaseName.PILOT:
                turn.record(ItemTakenOver(workflow_id=workflow.id, item=str(row.key)))
        because = f"taken over, with a memo; the override is approved by a member of group {APPROVERS}"
        turn.record(_change(workflow, PhaseName.PILOT, because))

    yield Moment(days.begun_at + timedelta(minutes=10), sample.team.approver, take_over)


def _moves(sample: SampleWorkflow, days: Days) -> Iterator[Moment]:
    """The gates that were passed, as gates will record it."""
    for left, day in _GATES:
        if sample.came_on_day < day < sample.day:
            yield Moment(days.late_on(day), sample.team.approver, _move(left))


def _move(left: PhaseName) -> Act:
    def move(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        because = f"the gate's checks passed; approved by a member of group {APPROVERS}"
        turn.record(_change(turn.change.workflow_by_id(workflow_id), left, because))

    return move


def _change(workflow: Workflow, left: PhaseName, because: str) -> PhaseChanged:
    entered = left.following
    assert entered
    return PhaseChanged(
        workflow_id=workflow.id, seen_version=workflow.version, left=left, entered=entered, because=because
    )


def _pause(reason: str) -> Act:
    def pause(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        workflows.pause(turn, turn.change.workflow_by_id(workflow_id), reason, freeze=True)

    return pause


def _proofs(sample: SampleWorkflow, days: Days) -> Iterator[Moment]:
    people = people_of(sample)
    red_team = "high_risk" in sample.playbook
    for seen in seen_of(sample.figures, red_team=red_team):
        if sample.came_on_day <= seen.day < sample.day:
            yield Moment(
                days.at(seen.day, f"{sample.name} {seen.kind}"), people.get(seen.by, seen.by), _see(seen, sample.name)
            )


def _memos(sample: SampleWorkflow, days: Days) -> Iterator[Moment]:
    owner = people_of(sample)["owner"]
    for decided in decided_of(sample.figures, sample.name):
        if sample.came_on_day <= decided.day < sample.day:
            yield Moment(days.at(decided.day, f"{sample.name} memo {decided.day}"), owner, write_down(decided))


def _evals(sample: SampleWorkflow, days: Days) -> Iterator[Moment]:
    """The eval runs, as their runner reports them; the guard acts on those that fell."""
    for day, run in sample.figures.runs():
        if sample.came_on_day <= day < sample.day:
            yield Moment(days.at(day, f"{sample.name} evals"), EVALS, _report(sample.name, day, run))


def _report(name: str, day: int, run: EvalRun) -> Act:
    def report(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del workflow_id, desk
        url = f"{EVIDENCE}/{name}/eval-run-day-{day}"
        signals.keep(turn, (Signal(f"{name}-{day}", "evals", turn.at, name, None, url, run),))

    return report


def _see(seen: Seen, name: str) -> Act:
    def see(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        turn.record(
            ProofSeen(
                workflow_id=workflow_id,
                kind=seen.kind,
                seen_at=turn.at,
                summary=FreeText(seen.summary),
                url=FreeText(f"{EVIDENCE}/{name}/{_slug(seen.kind)}-day-{seen.day}"),
            )
        )

    return see


def _ticks(sample: SampleWorkflow, days: Days, playbook: Playbook) -> Iterator[Moment]:
    """A tick for each item that was due and that nothing held up, by whoever holds it, up to three days early."""
    people = people_of(sample)
    held_up = {*sample.left_open, *(str(getattr(trouble, "item", "")) for trouble in sample.troubles)}
    for item in (item for phase in playbook.phases for item in phase.items):
        if item.done_when or item.id in held_up or not sample.came_on_day < item.due_day < sample.day:
            continue
        early = crc32(f"{sample.name} {item.id}".encode()) % _EARLY_DAYS
        day = max(item.due_day - early, sample.came_on_day)
        yield Moment(days.at(day, f"{sample.name} {item.id}"), people[item.role], _tick(item, sample.name))


def _tick(item: Item, name: str) -> Act:
    def tick(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        evidence = f"{EVIDENCE}/{name}/{_slug(item.id)}" if item.evidence else ""
        items.check(turn, place(workflow_id, item.id), Given(evidence, _NOTES.get(item.id, "")))

    return tick


def _slug(name: str) -> str:
    return name.replace("_", "-").replace(":", "-")
