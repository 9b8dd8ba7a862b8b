"""Troubles with what people do, or fail to do: items, roles, memos, requests, deviations, skips, and teams."""

from datetime import datetime, time

from bot import playbooks
from bot.simulation.calendar import day_there, moment
from bot.simulation.hands import Hands
from bot.simulation.healthy import PLAYBOOK
from bot.simulation.plans import CRITICAL, NOTICE, WARNING, Expected
from bot.simulation.troubles.declaring import Ground, Part, trouble

_ROLES_NAMED_BY = 3
_NEEDED_BY_OTHERS = frozenset({"build_regression_set", "describe_rollback", "choose_slice"})


@trouble("item.overdue", "items", windows=3)
def item_late(ground: Ground) -> Part | None:
    """An item of the checklist is done a week or two late."""
    course, mondays = ground.course, ground.course.mondays
    begins, ends = (course.day(each) for each in course.week(ground.window))
    due = {id_: day for id_, day in _items(ground, required=True) if begins < day < ends}
    if not due:
        return None
    item = ground.chance.choice(sorted(due))
    done_at = ground.at(3, 4, later=ground.chance.choice((1, 2)))
    open_at = mondays.standing(course.week(ground.window)[0], done_at)
    found = (each for monday in open_at for each in ground.overdue(monday, (due[item],)))
    tick = ground.step(done_at, "steward", lambda hands: hands.tick(item))
    return Part(tuple(found), (tick,), held_up=(f"tick:{item}",))


def _items(ground: Ground, *, required: bool) -> tuple[tuple[str, int], ...]:
    """The items that people tick in the phase of this ground, with their due days."""
    playbook = playbooks.load(playbooks.shipped_text(PLAYBOOK), PLAYBOOK)
    phase = next(each for each in playbook.phases if each.name == ground.course.phase(ground.at(1, 0)))
    own = (item for item in phase.items if not item.done_when and item.required is required)
    return tuple((item.id, item.due_day) for item in own if item.id not in _NEEDED_BY_OTHERS)


@trouble("override.debt", "skips", windows=3, phases=("pilot", "production", "scaling"))
def skipped(ground: Ground) -> Part | None:
    """An item is skipped for a while, and still not done when the skip ends."""
    return _skipped(ground, ground.at(2, 1, later=1), is_over=True)


@trouble("override.debt", "skips", windows=3, phases=("pilot", "production", "scaling"))
def skipped_and_done(ground: Ground) -> Part | None:
    """An item is skipped for a while, and done before the skip ends."""
    return _skipped(ground, ground.at(4, 1, later=2), is_over=False)


def _skipped(ground: Ground, until: datetime, *, is_over: bool) -> Part | None:
    course, optional = ground.course, _items(ground, required=False)
    first_day = course.day(course.week(ground.window)[0])
    left = [item for item, due_day in optional if due_day - 3 > first_day]
    if not left:
        return None
    item, last_on = left[-1], day_there(until, course.zone)
    approved, done_at = ground.at(2, 4), ground.at(3, 4, later=2)

    def do(hands: Hands) -> None:
        if not is_over:
            hands.reopen(item)
        hands.tick(item)

    steps = (
        ground.step(ground.at(1, 4), "steward", lambda hands: hands.ask_skip(item, last_on)),
        ground.step(approved, "approver", lambda hands: hands.approve(item)),
        ground.step(done_at, "steward", do),
    )
    found: list[Expected] = []
    for monday in ground.standing(approved, done_at):
        has_ended = day_there(course.mondays.instants[monday], course.zone) > last_on
        found += course.expect((monday,), "override.debt", WARNING if has_ended else NOTICE, f"item:{item}")
    return Part(tuple(found), steps, held_up=(f"tick:{item}",))


@trouble("role.vacant", "roles", "items", windows=2)
def owner_gone(ground: Ground) -> Part:
    """Nobody is the accountable owner for a few days."""
    return _vacant(ground, "owner", CRITICAL)


@trouble("role.vacant", "roles", "items", windows=2)
def eval_owner_gone(ground: Ground) -> Part:
    """Nobody is eval owner for a few days."""
    return _vacant(ground, "eval_owner", WARNING)


def _vacant(ground: Ground, role: str, severity: str) -> Part:
    course, since, until = ground.course, ground.at(2, 1), ground.at(1, 1, later=1)
    mondays = ground.standing(since, until)
    # The item by which the roles are named is open again.
    late = (found for monday in mondays for found in ground.overdue(monday, (_ROLES_NAMED_BY,)))
    steps = (
        ground.step(since, "lead", lambda hands: hands.vacate(role)),
        ground.step(until, "lead", lambda hands: hands.give(role, course.people[role])),
    )
    return Part((*course.expect(mondays, "role.vacant", severity, role), *late), steps)


@trouble("role.vacant", "roles", windows=2)
def gatekeeper_left(ground: Ground) -> Part:
    """The data gatekeeper leaves the company, and a week goes by until somebody takes over."""
    course, since, until = ground.course, ground.at(2, 1), ground.at(1, 1, later=1)
    steps = (
        ground.step(since, "lead", lambda hands: hands.leave(course.people["gatekeeper"])),
        ground.step(until, "lead", lambda hands: hands.give("gatekeeper", course.team.newcomer)),
    )
    return Part(course.expect(ground.standing(since, until), "role.vacant", WARNING, "gatekeeper"), steps)


@trouble("deviation.open", "deviations", windows=2)
def deviation(ground: Ground) -> Part:
    """A breach of a rule is open over the weekend."""
    return _deviation(ground, "code_changes", WARNING)


@trouble("deviation.open", "deviations", windows=2)
def data_deviation(ground: Ground) -> Part:
    """Somebody saw data that was not meant for them, and that is open over the weekend."""
    return _deviation(ground, "data_access", CRITICAL)


def _deviation(ground: Ground, area: str, severity: str) -> Part:
    summary, since, until = (
        f"Window {ground.window}: done past the agreed way",
        ground.at(2, 3),
        ground.at(1, 3, later=1),
    )
    steps = (
        ground.step(since, "steward", lambda hands: hands.deviate(area, summary)),
        ground.step(until, "steward", lambda hands: hands.mend(summary)),
    )
    return Part(ground.course.expect(ground.standing(since, until), "deviation.open", severity, summary), steps)


@trouble("memo.missed", "memos", "success", windows=2)
def prediction_missed(ground: Ground) -> Part:
    """A memo promised more than came."""
    return _predicted(ground, ground.course.trade.success, WARNING)


@trouble("memo.missed", "memos", windows=2)
def prediction_unanswered(ground: Ground) -> Part:
    """A memo promised something that nobody measures."""
    return _predicted(ground, "what nobody measures", NOTICE)


def _predicted(ground: Ground, metric: str, severity: str) -> Part:
    course, corrected = ground.course, ground.at(2, 3, later=1)
    title, check_on = f"The promise of window {ground.window}", day_there(ground.at(3, 0), course.zone)
    due = moment(day_there(ground.at(4, 0), course.zone), time(), course.zone)

    def promise(hands: Hands) -> None:
        hands.memo(title, prediction=(metric, ">=", 1000, check_on))

    steps = (
        ground.step(ground.at(1, 3), "owner", promise),
        ground.step(corrected, "owner", lambda hands: hands.memo(f"{title}, corrected", supersedes=title)),
    )
    return Part(course.expect(ground.standing(due, corrected), "memo.missed", severity, title), steps)


@trouble("approval.waiting", "requests", windows=2, from_day=12)
def request_waits(ground: Ground) -> Part:
    """A request waits for a decision longer than two working days."""
    action, asked, declined = "summarize_month", ground.at(2, 2), ground.at(1, 4, later=1)
    # Two working days after a moment of Wednesday is that moment of Friday.
    mondays = ground.standing(ground.at(4, 2), declined)
    steps = (
        ground.step(asked, "steward", lambda hands: hands.ask_grant(action, "")),
        ground.step(declined, "approver", lambda hands: hands.decline(action)),
    )
    return Part(ground.course.expect(mondays, "approval.waiting", WARNING, action), steps)


@trouble("approval.uncovered", "team", windows=2)
def approver_left(ground: Ground) -> Part:
    """One of the team's two approvers leaves the company."""
    team, since, until = ground.course.team, ground.at(2, 1), ground.at(1, 1, later=1)
    steps = (
        ground.step(since, "lead", lambda hands: hands.leave(team.approvers[0])),
        ground.step(until, "lead", lambda hands: hands.name_approvers(team.newcomer, team.approvers[1])),
    )
    found = (Expected(each, "approval.uncovered", team.name, WARNING) for each in ground.standing(since, until))
    return Part(tuple(found), steps)


@trouble("enablement.gap", "team", windows=2, phases=("scaling", "operating"))
def untrained(ground: Ground) -> Part:
    """Six of ten people are trained where a workflow is in scaling."""
    return _seats(ground, trained=6, cost_usd_month=60, about="trained")


@trouble("enablement.gap", "team", windows=2)
def cheap_seats(ground: Ground) -> Part | None:
    """One team's seats cost less than half of another's."""
    mondays = ground.standing(ground.at(1, 1), ground.at(1, 1, later=1))
    others = [each for each in ground.courses if each.team.name != ground.course.team.name]
    has_rival = all(any(each.runs(ground.course.mondays.instants[n]) for each in others) for n in mondays)
    return _seats(ground, trained=9, cost_usd_month=25, about="seats") if has_rival else None


def _seats(ground: Ground, *, trained: int, cost_usd_month: int, about: str) -> Part:
    since, until = ground.at(1, 1), ground.at(1, 1, later=1)
    steps = (
        ground.step(since, "lead", lambda hands: hands.seats(trained, cost_usd_month)),
        ground.step(until, "lead", lambda hands: hands.seats(9, 60)),
    )
    name = ground.course.team.name
    found = (Expected(each, "enablement.gap", name, NOTICE, about) for each in ground.standing(since, until))
    return Part(tuple(found), steps)
