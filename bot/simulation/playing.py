"""A program played from its first day to its last: every step in its time, and every Monday's digest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.actions.desk import SCHEDULER
from bot.actions.digests.drafting import drafted
from bot.actions.digests.freezing import keep_judgement
from bot.actions.digests.previewing import leaders_at
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import scene_of
from bot.domain.digests.audiences import Audience
from bot.domain.digests.inputs import Inputs
from bot.domain.findings.weeks import Weeks
from bot.schedule import JOBS
from bot.simulation.deeds import Deeds
from bot.simulation.figures import Figures
from bot.simulation.hands import Hands
from bot.simulation.healthy import steps_of
from bot.simulation.plans import Course, Step, week_of
from bot.simulation.planting import Program
from bot.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class _Due:
    """A step of one workflow, in the order in which they happen."""

    step: Step
    course: Course


def play(stage: Stage, program: Program) -> Iterator[Inputs]:
    """The digest of each Monday, while the program is played."""
    for team in program.teams:
        stage.make_team(team)
    for course in program.courses:
        plants = program.plants_of(course)
        stage.send(Figures(course, program.until, partial(week_of, plants)).told())
    stage.waiting.sort(key=lambda told: str(told["at"]))
    steps = iter(sorted(_steps(program), key=lambda due: due.step.at))
    due = next(steps, None)
    audience = replace(leaders_at(stage.desk.configured.leaders), since=program.begins_at)
    for number, monday in enumerate(program.mondays.instants):
        while due and due.step.at < monday:
            _do(stage, due)
            due = next(steps, None)
        stage.clock.at = monday
        stage.take_in()
        yield replace(_digest(stage, audience), is_first=not number)
    while due:
        _do(stage, due)
        due = next(steps, None)
    stage.clock.at = program.until
    stage.take_in()


def _steps(program: Program) -> Iterator[_Due]:
    for course in program.courses:
        plants = program.plants_of(course)
        held_up = {name for plant in plants for name in plant.held_up}
        planted: Iterable[Step] = (step for plant in plants for step in plant.steps)
        healthy = (step for step in steps_of(course, program.until) if step.name not in held_up)
        yield from (_Due(step, course) for step in (*healthy, *planted) if step.at < program.until)
    for team in program.teams:
        course = min((each for each in program.courses if each.team == team), key=lambda each: each.begins_at)
        yield _Due(Step(course.begins_at + timedelta(hours=1), team.lead.handle, _telling_of_seats), course)


def _telling_of_seats(hands: Hands) -> None:
    hands.seats(9, 60)


def _do(stage: Stage, due: _Due) -> None:
    stage.clock.at = due.step.at
    due.step.act(Deeds(stage, due.course, due.step.by))


def _digest(stage: Stage, audience: Audience) -> Inputs:
    """What the leaders are told now; what that changes about findings is kept, as by a posted digest."""
    desk = stage.desk
    for job in JOBS:
        job.run(desk)
    with desk.reading() as view:
        workflows = view.workflows()
    scene, weeks = scene_of(desk, workflows), Weeks(stage.clock.at, audience.zone)
    with desk.reading() as view:
        judgement = judge(view, view.workflows(), weeks, scene)
        inputs = drafted(view, audience, judgement, scene, view.findings.all())
    stage.do(SCHEDULER, keep_judgement, judgement)
    return inputs
