"""Troubles with grants: what ends, stands still or is not attested; and what the agent does with them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.simulation.hands import Act, Hands
from bot.simulation.healthy import attestations, granted
from bot.simulation.plans import CRITICAL, NOTICE, WARNING, Expected
from bot.simulation.troubles.declaring import ACROSS, ANY, PAST_PILOT, Ground, Part, trouble

_ATTEST_WITHIN, _NOTICE_DAYS = timedelta(days=30), 7
_ONE, _TWO = 1, 2


@trouble("grant.expiring", "passing", windows=3)
def expiring(ground: Ground) -> Part:
    """A grant for a short time comes to its end."""
    course, action, days = ground.course, "summarize_week", ground.chance.choice((9, 10, 17, 18))
    approved = ground.at(1, 6)
    ends = approved + timedelta(days=days)
    mondays = (n for n in course.mondays.standing(approved, ends) if ends <= course.mondays.away(n, _NOTICE_DAYS))
    steps = (
        ground.step(ground.at(1, 2), "steward", lambda hands: hands.ask_grant(action, f", expires_in_days: {days}")),
        ground.step(approved, "approver", lambda hands: hands.approve(action)),
    )
    return Part(course.expect(tuple(mondays), "grant.expiring", NOTICE, action), steps)


@trouble("grant.suspended", "grants", windows=2, from_day=15)
def suspended(ground: Ground) -> Part:
    """Somebody stops the agent's drafts for a few days, to look into something."""
    course, since, until = ground.course, ground.at(1, 3), ground.at(2, 3, later=1)
    action = course.trade.drafts
    steps = (
        ground.step(since, "steward", lambda hands: hands.suspend(action)),
        ground.step(until, "approver", lambda hands: hands.resume(action)),
    )
    return Part(course.expect(ground.standing(since, until), "grant.suspended", WARNING, action), steps)


@trouble("grant.unattested", "grants", windows=5, phases=ACROSS, from_day=15)
def attested_late(ground: Ground) -> Part | None:
    """The steward forgets once to attest what the agent may do."""
    return _forgotten(ground, _ONE)


@trouble("grant.unattested", "grants", windows=7, phases=ACROSS, from_day=15)
def not_attested(ground: Ground) -> Part | None:
    """The steward forgets for weeks to attest what the agent may do."""
    return _forgotten(ground, _TWO)


def _forgotten(ground: Ground, times: int) -> Part | None:
    """So many attestations in a row left out, from the first one in the second window on."""
    course, (_, until) = ground.course, ground.course.week(len(ground.course.mondays) - 1)
    all_of_them = tuple(attestations(course, until))
    left_out = [n for n, at in enumerate(all_of_them) if n and course.mondays.window(at) == ground.window + 1]
    after = left_out[0] + times if left_out else 0
    if not after or after >= len(all_of_them):
        return None
    attested = (all_of_them[left_out[0] - 1], all_of_them[after])
    found: list[Expected] = []
    resumed: list[str] = []
    for action, approved in granted(course):
        if approved < attested[1]:
            due = max(attested[0], approved) + _ATTEST_WITHIN
            found += _unattested(ground, action, due, attested[1])
            resumed += [action] if due <= attested[1] else []
    steps = tuple(ground.step(_next_day(attested[1]), "approver", _resuming(action)) for action in resumed)
    held_up = tuple(f"attest:{number}" for number in range(left_out[0], after))
    return Part(tuple(found), steps, held_up=held_up)


def _unattested(ground: Ground, action: str, due: datetime, attested: datetime) -> Iterator[Expected]:
    course = ground.course
    for monday in course.mondays.standing(due - timedelta(days=_NOTICE_DAYS + 1), attested):
        is_over = course.mondays.instants[monday] >= due
        if is_over or due <= course.mondays.away(monday, _NOTICE_DAYS):
            yield from course.expect((monday,), "grant.unattested", WARNING if is_over else NOTICE, action)
    yield from course.expect(
        course.mondays.standing(due, _next_day(attested)) if due <= attested else (), "grant.suspended", WARNING, action
    )


def _next_day(at: datetime) -> datetime:
    return at + timedelta(days=1)


def _resuming(action: str) -> Act:
    return lambda hands: hands.resume(action)


@trouble("action.unasked", "acts", phases=ANY, from_day=12)
def unasked(ground: Ground) -> Part:
    """The agent acts without asking."""
    course, action = ground.course, ground.course.trade.does

    def act(hands: Hands) -> None:
        hands.act(action, "own", number=ground.window)

    found = course.expect((ground.window,), "action.unasked", CRITICAL, action)
    return Part(found, (ground.step(ground.at(3, 5), "steward", act),))


@trouble("policy.drift", "acts", from_day=15)
def drifting(ground: Ground) -> Part:
    """The agent goes by a grant that is not the one in force."""
    action = ground.course.trade.drafts

    def act(hands: Hands) -> None:
        hands.act(action, "another", number=ground.window)

    found = ground.course.expect((ground.window,), "policy.drift", WARNING)
    return Part(found, (ground.step(ground.at(3, 5), "steward", act),))


@trouble("agent.blocked", "acts", "grants", phases=PAST_PILOT)
def blocked(ground: Ground) -> Part:
    """The agent asks again and again for more than it may."""
    action, limit = ground.course.trade.does, ground.course.trade.limit.removeprefix("max_")

    def ask(hands: Hands) -> None:
        hands.ask_in_vain(action, 22, **{limit: 99})

    found = ground.course.expect((ground.window,), "agent.blocked", WARNING, action)
    return Part(found, (ground.step(ground.at(4, 2), "steward", ask),))
