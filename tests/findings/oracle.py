"""What rules about signals must find, read plainly off a list of everything that was ever sent.

Nothing here is shared with the product but the calendar: no query, no week and no threshold.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import WorkingHours, after_working_hours, end_of_day

Entry = dict[str, Any]
"""A signal as it is sent, its instants not yet written."""

Line = tuple[str, str, str, int]
"""Rule, what it is about, how severe, how much."""

ZONE = ZoneInfo("Europe/Lisbon")
HOURS = WorkingHours()
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Case:
    """A workflow that started on a date, with csat ≥ 4.2 and minutes from 12 to 6 defined that day; judged at `at`."""

    at: datetime
    start_on: date
    defined_at: datetime
    is_pilot: bool
    sent: tuple[Entry, ...]

    def before(self, days: int) -> datetime:
        """So many local days before the judging."""
        return (self.at.astimezone(ZONE) - timedelta(days=days)).astimezone(UTC)

    @property
    def begins(self) -> datetime:
        """When the first day begins."""
        return end_of_day(self.start_on - timedelta(days=1), ZONE.key)

    def in_week(self, at: datetime | None, back: int = 0) -> bool:
        """Whether an instant lies in a week; history lies in none but the earlier ones."""
        if at is None or (not back and at < self.begins):
            return False
        return self.before(7 * (back + 1)) <= at < self.before(7 * back)

    def day(self, at: datetime) -> int:
        """Day N."""
        return (at.astimezone(ZONE).date() - self.start_on).days + 1

    def of(self, kind: str) -> list[Entry]:
        """What was sent of one type before the judging, in order of arrival."""
        return [each for each in self.sent if each["type"] == kind and each["at"] < self.at]

    def states(self, kind: str, key: str) -> list[list[Entry]]:
        """The same, thing by thing, each in the order of `at`, then of arrival; without a key each is its own."""
        things: dict[Any, list[Entry]] = defaultdict(list)
        for place, each in enumerate(self.of(kind)):
            things[each.get(key) or place].append(each)
        return [sorted(told, key=lambda each: each["at"]) for told in things.values()]


def lines(case: Case) -> set[Line]:
    """Every finding there must be."""
    parts = (_metrics, _evals, _reviews, _rework, _red_lines, _acts, _incidents, _work, _changes)
    return {line for part in parts for line in part(case)}


def _metrics(case: Case) -> Iterator[Line]:
    values = defaultdict(list)
    for each in case.of("metric"):
        values[each["metric"]].append((each["at"], each["value"]))
    csat = [(at, -value) for at, value in values["csat"] if case.in_week(at)]
    if csat and -max(csat)[1] < 4.2:
        yield "guardrail.breached", "csat", "critical", 1
    for name in ("csat", "minutes"):
        own = [at for at, _ in values[name] if at >= case.begins]
        history = [at for at, _ in values[name]]
        since = max(own) if own else max([case.defined_at, *history])
        if case.day(case.at) >= 16 and since < case.before(14):
            yield "metric.silent", name, "warning", 1
    lasts = [max(((at, v) for at, v in values["minutes"] if case.in_week(at, back)), default=None) for back in (0, 1)]
    if not case.is_pilot and all(last and _is_behind(case.day(last[0]), last[1]) for last in lasts):
        yield "target.off_pace", "minutes", "warning", 1


def _is_behind(day: int, value: float) -> bool:
    # In tenths, so that nothing is lost: the line falls by one a day from 120 to 60.
    return round(value * 10) - (120 - min(max(day - 30, 0), 60)) > 6


def _evals(case: Case) -> Iterator[Line]:
    suites = defaultdict(list)
    for each in case.of("eval_run"):
        suites[each["suite"]].append(each)
    for name, runs in suites.items():
        newest = max(run["at"] for run in runs)
        last = [run for run in runs if run["at"] == newest]
        if newest >= case.begins and any(run["passed"] < 190 for run in last):
            yield "eval.below_threshold", name, "critical", 1
        if not case.is_pilot and newest <= case.before(10):
            yield "eval.stale", name, "warning" if newest < case.before(14) else "notice", 1
    if not suites and not case.is_pilot:
        yield "eval.stale", "", "warning", 1


def _reviews(case: Case) -> Iterator[Line]:
    known = [told[-1] for told in case.states("review", "output_id")]
    done = [each for each in known if each["reviewed_at"] and each["reviewed_at"] < case.at]
    weeks = [[each for each in done if case.in_week(each["reviewed_at"], back)] for back in (0, 1, 2)]
    counts = [(len(week), sum(each["outcome"] != "approved" for each in week)) for week in weeks]
    n, overridden = counts[0]
    if n >= 20 and (overridden * 10 > n or _rises(counts)):
        yield "override.rising", "", "warning", 1
    took = [(each["submitted_at"], each["reviewed_at"]) for each in weeks[0]]
    if n >= 5 and median(_working(*each).total_seconds() for each in took) > 4 * 3600:
        yield "review.slow", "", "warning", 1
    due = [
        each
        for each in known
        if case.in_week(each["submitted_at"])
        and (each in done or after_working_hours(each["submitted_at"], 9, HOURS, ZONE.key) <= case.at)
    ]
    waiting = sum(each not in done for each in due)
    if len(due) >= 20 and (len(due) - waiting) * 100 < 95 * len(due):
        yield "review.backlog", "", "warning", waiting
    if n >= 20 and not overridden and median((end - start).total_seconds() for start, end in took) < 30:
        yield "review.theater", "", "warning", 1
    acts = [told[-1] for told in case.states("agent_action", "run_id")]
    if not case.is_pilot and not n and any(case.in_week(act["at"]) for act in acts):
        yield "review.silent", "", "warning", 1


def _rises(counts: list[tuple[int, int]]) -> bool:
    if any(n < 20 for n, _ in counts):
        return False
    (n2, k2), (n1, k1), (n0, k0) = counts
    return k2 * n1 > k1 * n2 and k1 * n0 > k0 * n1 and 20 * (k2 * n0 - k0 * n2) >= n2 * n0


def _working(start: datetime, end: datetime) -> timedelta:
    """Working time, minute by minute of the working days."""
    spent, day = timedelta(), start.astimezone(ZONE).date()
    while day <= end.astimezone(ZONE).date():
        if day.weekday() < 5:
            opens = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE).astimezone(UTC)
            spent += max(min(end, opens + 9 * HOUR) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return spent


def _rework(case: Case) -> Iterator[Line]:
    costs = [sum(each["cost_usd"] for each in case.of("rework") if case.in_week(each["at"], back)) for back in range(5)]
    if costs[0] >= 100 and costs[0] * 40 >= 13 * sum(costs[1:]):
        yield "rework.rising", "", "warning", 1


def _red_lines(case: Case) -> Iterator[Line]:
    told = [each["rule"] for each in case.of("red_line") if each["kind"] == "violation" and case.in_week(each["at"])]
    for name in set(told):
        yield "red_line.violated", name, "critical", told.count(name)


def _acts(case: Case) -> Iterator[Line]:
    """No decision was ever made, and only `send_macro` has an effect."""
    found = 0
    for told in case.states("agent_action", "run_id"):
        first = next((each["at"] for each in told if each["outcome"] == "done"), case.before(7))
        last = told[-1]
        if case.in_week(last["at"]) and last["outcome"] == "done" and last["action"] == "send_macro":
            found += case.in_week(first)
    if found:
        yield "action.unasked", "send_macro", "critical", found


def _incidents(case: Case) -> Iterator[Line]:
    for told in case.states("incident", "key"):
        last = told[-1]
        is_open = last["status"] == "open"
        if last["severity"] > 2 or last["at"] < case.begins:
            continue
        if is_open or case.in_week(told[0]["at"]):
            yield "incident.open", last["key"], "critical" if is_open else "notice", 1


def _work(case: Case) -> Iterator[Line]:
    stuck = [
        last
        for told in case.states("work_item", "key")
        if (last := told[-1])["at"] >= case.begins
        and (last["status"] == "blocked" or (last["status"] == "open" and _is_over(last["due"], case.at)))
    ]
    if stuck:
        yield "work.stuck", "", "notice", len(stuck)


def _is_over(due: datetime | date | None, at: datetime) -> bool:
    if isinstance(due, datetime):
        return due < at
    return due is not None and due < at.astimezone(ZONE).date()


def _changes(case: Case) -> Iterator[Line]:
    for key in {each["key"] for each in _reverting(case)}:
        yield "change.reverted", key, "warning", 1


def _reverting(case: Case) -> Iterable[Entry]:
    return (each for each in case.of("change") if each["reverts"] and case.in_week(each["merged_at"]))
