"""Troubles with what is measured: guardrails, metrics that fall silent, targets, eval runs, and the cost of rework."""

from datetime import date, datetime, timedelta

from bot.simulation.calendar import day_there
from bot.simulation.plans import CRITICAL, NOTICE, WARNING, Course, Expected, Numbers
from bot.simulation.troubles.declaring import Ground, Part, trouble

_READ_BY, _RUN_BY, _VERSIONED_BY = 26, 27, 38
"""When the playbook wants metrics read, the full eval run, and the eval run anew in production."""
_PRODUCTION_DAY = 31
_MAX_AGE = timedelta(days=14)


@trouble("guardrail.breached", "guardrail", "grants", windows=2, phases=("pilot", "production"))
def beyond_limit(ground: Ground) -> Part:
    """The guardrail is beyond its limit all week."""
    found = ground.course.expect((ground.window,), "guardrail.breached", CRITICAL, ground.course.trade.guardrail)
    halted = ground.halted(ground.at(1, 8), ground.at(3, 3, later=1))
    return Part(found, weeks={ground.window: {"guardrail_value": "6.5"}}) + halted


@trouble("metric.silent", "success", "items", windows=3)
def success_silent(ground: Ground) -> Part:
    """For two weeks nobody measures the success metric."""
    return _silent(ground, "success", ground.course.trade.success)


@trouble("metric.silent", "guardrail", "items", windows=3)
def guardrail_silent(ground: Ground) -> Part:
    """For two weeks nobody measures the guardrail."""
    return _silent(ground, "guardrail", ground.course.trade.guardrail)


def _silent(ground: Ground, which: str, metric: str) -> Part:
    course, monday = ground.course, ground.window + 1
    found = course.expect((monday,), "metric.silent", WARNING, metric)
    last = _last_on(course, course.week(ground.window)[0], 7)
    is_old = course.mondays.instants[monday] - last > _MAX_AGE
    late = ground.overdue(monday, (_READ_BY,) if is_old else ())
    return Part((*found, *late), weeks={ground.window: {which: False}, monday: {which: False}})


def _last_on(course: Course, before: datetime, hours: int) -> datetime:
    """The last instant, so long after work began on a working day, that lies before another."""
    day: date = day_there(before, course.zone) + timedelta(days=1)
    while day.weekday() > 4 or course.on(day, hours, 1) >= before:
        day -= timedelta(days=1)
    return course.on(day, hours)


@trouble("target.off_pace", "success", windows=3, phases=("production", "scaling"))
def off_pace(ground: Ground) -> Part:
    """The success metric lags behind its line by a quarter of the way."""
    found = ground.course.expect((ground.window + 1,), "target.off_pace", WARNING, ground.course.trade.success)
    return Part(found, weeks={ground.window + later: {"behind_percent": 25} for later in range(2)})


@trouble("eval.below_threshold", "evals", "grants", windows=2)
def evals_failed(ground: Ground) -> Part:
    """A new prompt passes only nine of ten cases."""
    found = ground.course.expect((ground.window,), "eval.below_threshold", CRITICAL, "regression")
    weeks: Numbers = {ground.window: {"runs": ((2, 900),)}, ground.window + 1: {"runs": ((1, 985), (3, 985))}}
    return Part(found, weeks=weeks) + ground.halted(ground.at(2, 2), ground.at(4, 3, later=1))


@trouble("eval.stale", "evals", "grants", "items", windows=3, phases=("production", "scaling"))
def evals_stale(ground: Ground) -> Part:
    """Nobody runs the evals for two weeks."""
    first, course = ground.window, ground.course
    last = course.weekday(first - 1, 2, 2)
    weeks: Numbers = {
        first: {"runs": ()},
        first + 1: {"runs": ()},
        first + 2: {"runs": ((1, 985),)},
    }
    late = (found for monday in (first, first + 1) for found in _runs_overdue(ground, monday, last))
    noticed = course.expect((first,), "eval.stale", NOTICE, "regression")
    warned = course.expect((first + 1,), "eval.stale", WARNING, "regression")
    stale_at = last + _MAX_AGE + timedelta(hours=2)
    return Part((*noticed, *warned, *late), weeks=weeks) + ground.halted(stale_at, ground.at(3, 3, later=2))


def _runs_overdue(ground: Ground, monday: int, last: datetime) -> tuple[Expected, ...]:
    course = ground.course
    is_old = course.mondays.instants[monday] - last > _MAX_AGE
    is_of_pilot = course.day(last) < _PRODUCTION_DAY
    due_days = (*((_RUN_BY,) if is_old else ()), *((_VERSIONED_BY,) if is_old or is_of_pilot else ()))
    return ground.overdue(monday, due_days)


@trouble("rework.rising", "rework")
def rework(ground: Ground) -> Part:
    """What had to be done again costs twenty times as much as before."""
    found = ground.course.expect((ground.window,), "rework.rising", WARNING)
    return Part(found, weeks={ground.window: {"rework_usd": 400}})
