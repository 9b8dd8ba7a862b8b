"""What a workflow's people do if nothing goes wrong: every step of the ninety-day playbook, in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zlib import crc32

from bot import playbooks
from bot.simulation.calendar import workday_from
from bot.simulation.hands import Act, Hands
from bot.simulation.plans import Course, Step

PLAYBOOK = "ninety_day"
ATTESTED_EVERY = timedelta(days=14)
MOVES = ("pilot->production", "production->scaling", "scaling->operating")
GATE_HOURS = 6
"""How long into a working day a gate is passed."""
SPECS = (11, 79, 119)
"""The days on which the spec is handed in: anew in scaling, and then before it is 45 days old."""
_EARLY_DAYS = 3
_MEMO_DAYS = (27, 56, 85)
_DRAFTS_FROM_DAY = 9
_LAST_EARLY_DAY = 2


def steps_of(course: Course, until: datetime) -> tuple[Step, ...]:
    """Everything that the workflow's people do before `until`; nothing but attesting once it is paused."""
    planned = (*_setting_up(course), *_ticks(course), *_papers(course), *_moves(course), *_granting(course))
    steps = (*(step for step in planned if course.runs(step.at)), *_attesting(course, until), *_work(course, until))
    return tuple(sorted((step for step in steps if step.at < until), key=lambda step: step.at))


def granted(course: Course) -> tuple[tuple[str, datetime], ...]:
    """Each action that the agent is granted, with the instant of the approval."""
    trade, drafts = course.trade, course.at(_DRAFTS_FROM_DAY + 1, 5)
    if not course.promoted:
        return ((trade.drafts, drafts),)
    next_day = workday_from(course.date_of(course.day(course.promoted[0]) + 1))
    return (trade.drafts, drafts), (trade.does, course.on(next_day, 4))


def attestations(course: Course, until: datetime) -> Iterator[datetime]:
    """When the steward attests every grant: each other Thursday from the first grant on."""
    begun = course.date_of(_DRAFTS_FROM_DAY + 2)
    day = begun + timedelta(days=(3 - begun.weekday()) % 7)
    while (at := course.on(day, 3)) < until:
        yield at
        day += ATTESTED_EVERY


def _by(course: Course, role: str = "steward") -> str:
    return course.people[role].handle


def _approver(course: Course) -> str:
    return course.team.approvers[1].handle


def _setting_up(course: Course) -> Iterator[Step]:
    def start(hands: Hands) -> None:
        hands.start()

    def define(hands: Hands) -> None:
        hands.define_metrics()

    def draw(hands: Hands) -> None:
        hands.define_red_line("no_secrets", "Never write a password or a key into anything that leaves the company.")

    def fire(hands: Hands) -> None:
        hands.tell("red_line", rule="no_secrets", kind="test_fired", summary="It stopped at a made-up key.")

    yield Step(course.begins_at, _by(course, "owner"), start)
    yield Step(course.at(5, 1), _by(course), define)
    yield Step(course.at(20, 1), _by(course), draw)
    yield Step(course.at(21, 2), _by(course), fire)


def _ticks(course: Course) -> Iterator[Step]:
    playbook = playbooks.load(playbooks.shipped_text(PLAYBOOK), PLAYBOOK)
    for number, phase in enumerate(playbook.phases[:-1]):
        gates = course.promoted[number : number + 1]
        for item in (each for each in phase.items if not each.done_when):
            early = crc32(f"{course.name} {item.id}".encode()) % _EARLY_DAYS
            at = course.at(max(item.due_day - early, _LAST_EARLY_DAY), 3, crc32(item.id.encode()) % 60)
            before_gate = (gate - timedelta(hours=4) for gate in gates)
            yield Step(min((at, *before_gate)), _by(course), _ticking(item.id), f"tick:{item.id}")


def _ticking(item: str) -> Act:
    return lambda hands: hands.tick(item)


def _papers(course: Course) -> Iterator[Step]:
    steward, approver = _by(course), _approver(course)
    for number, day in enumerate(SPECS, start=1):
        title = f"{course.name}, version {number}"
        yield Step(course.at(day, 2), steward, _writing(title))
        yield Step(course.at(day + 1, 6), approver, _accepting(title))
    yield Step(course.at(13, 4), _by(course, "owner"), _deciding("Why we begin with this", None))
    for day, move in zip(_MEMO_DAYS, MOVES, strict=True):
        yield Step(course.at(day, 4), _by(course, "owner"), _deciding(f"The move {move}", move))
    yield Step(course.at(48, 2), steward, lambda hands: hands.rehearse_rollback())
    yield Step(course.at(50, 2), steward, lambda hands: hands.drill_freeze())


def _writing(title: str) -> Act:
    return lambda hands: hands.write_spec(title)


def _accepting(title: str) -> Act:
    return lambda hands: hands.accept(title)


def _deciding(title: str, move: str | None) -> Act:
    return lambda hands: hands.memo(title, move=move)


def _moves(course: Course) -> Iterator[Step]:
    for number, at in enumerate(course.promoted):
        yield Step(at - timedelta(hours=2), _by(course), lambda hands: hands.promote(), f"ask:{number}")
        yield Step(at, _approver(course), lambda hands: hands.approve("promotion"))


def _granting(course: Course) -> Iterator[Step]:
    trade = course.trade
    texts = {trade.drafts: "", trade.does: f", {trade.limit}: 8"}
    for action, approved_at in granted(course):
        yield Step(approved_at - timedelta(hours=3), _by(course), _asking(action, texts[action]))
        yield Step(approved_at, _approver(course), _approving(action))


def _asking(action: str, text: str) -> Act:
    return lambda hands: hands.ask_grant(action, f"{text}, requires_human_approval: false, expires_in_days: 180")


def _approving(request: str) -> Act:
    return lambda hands: hands.approve(request)


def _attesting(course: Course, until: datetime) -> Iterator[Step]:
    for number, at in enumerate(attestations(course, until)):
        yield Step(at, _by(course), lambda hands: hands.attest(), f"attest:{number}")


def _work(course: Course, until: datetime) -> Iterator[Step]:
    """On Wednesdays the agent asks whether it may, and does what it may."""
    for window in range(len(course.mondays)):
        wednesday = course.weekday(window, 2, 5)
        actions = tuple(action for action, since in granted(course) if since < wednesday)
        if actions and wednesday < until and course.runs(wednesday):
            yield Step(wednesday, _by(course), _working(course, actions))


def _working(course: Course, actions: tuple[str, ...]) -> Act:
    facts = {course.trade.limit.removeprefix("max_"): 3}
    return lambda hands: hands.work(actions, **facts)
