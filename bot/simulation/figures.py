"""The numbers that outside systems send about a workflow, day by day: all is well, but for what a trouble changes."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.simulation.calendar import day_there, working_days
from bot.simulation.plans import Course, Week

Told = dict[str, Any]
"""A signal as it is sent, its instants written as RFC 3339."""

BASELINE, TARGET, LIMIT = 10, 22, "5.0"
"""Of the success metric, which should rise from day 30 to day 90, and of the guardrail, which should stay low."""
A_DAY = 5
"""Outputs that the agent hands in on a working day."""
_MEASURED_FROM, _REVIEWED_FROM, _RUN_FROM = 6, 8, 8
_LINE_BEGINS, _LINE_DAYS, _AHEAD_DAYS = 30, 60, 50
_PROMPT, _MODEL = "v4", "house-model-4"


@dataclass(slots=True)
class Figures:
    """What is sent about one workflow until `until`; `week` tells how each window comes out."""

    course: Course
    until: datetime
    week: Callable[[int], Week]
    _edited: dict[int, int] = field(default_factory=dict)

    def told(self) -> Iterator[Told]:
        """Every signal, in the order in which they are sent."""
        parts = (self._measured(), self._reviewed(), self._run(), self._mended(), self._merged())
        found = sorted(itertools.chain(*parts), key=lambda each: (str(each["at"]), str(each["type"])))
        counts: dict[str, int] = {}
        for each in found:
            kind = str(each["type"])
            counts[kind] = counts.get(kind, 0) + 1
            yield {"id": f"{self.course.name}-{kind}-{counts[kind]}", "workflow": self.course.name, **each}

    def _days(self, first: int) -> Iterator[date]:
        for day in working_days(self.course.date_of(first), day_there(self.until, self.course.zone)):
            if self.course.runs(self.course.on(day, 8, 30)) and self.course.on(day, 8, 30) < self.until:
                yield day

    def _windows(self, first: int, weekday: int, hours: int) -> Iterator[tuple[datetime, Week]]:
        for window in range(len(self.course.mondays)):
            at = self.course.weekday(window, weekday, hours)
            if self.course.day(at) >= first and self.course.runs(at):
                yield at, self.week(window)

    def _measured(self) -> Iterator[Told]:
        trade = self.course.trade
        for day in self._days(_MEASURED_FROM):
            at = self.course.on(day, 7)
            week = self.week(self.course.mondays.window(at))
            if week.success:
                value = reading(self.course.day(at), week.behind_percent)
                yield _signal("metric", at, metric=trade.success, value=value, n=A_DAY)
            if week.guardrail:
                value = float(week.guardrail_value)
                yield _signal("metric", at + timedelta(minutes=1), metric=trade.guardrail, value=value)

    def _reviewed(self) -> Iterator[Told]:
        for day in self._days(_REVIEWED_FROM):
            for number in range(A_DAY):
                submitted_at = self.course.on(day, 0, 30) + timedelta(minutes=20 * number)
                window = self.course.mondays.window(submitted_at)
                week = self.week(window)
                seen_at = self._seen_at(submitted_at, week, number)
                if week.reviews and self.week(self.course.mondays.window(seen_at)).reviews:
                    yield from self._review(submitted_at, seen_at, f"{day}-{number}")

    def _seen_at(self, submitted_at: datetime, week: Week, number: int) -> datetime:
        """When an output is reviewed; every other one of a day on which they wait, a week later."""
        weekday = day_there(submitted_at, self.course.zone).weekday()
        if weekday in week.waiting and number % 2:
            window = self.course.mondays.window(submitted_at)
            return self.course.weekday(window + 1, 1, 6) if window + 1 < len(self.course.mondays) else self.until
        return submitted_at + timedelta(seconds=week.review_s)

    def _review(self, submitted_at: datetime, seen_at: datetime, output: str) -> Iterator[Told]:
        told = {"output_id": f"{self.course.name}-{output}", "submitted_at": submitted_at.isoformat()}
        if seen_at - submitted_at > timedelta(days=1):
            yield _signal("review", submitted_at, **told)
        if seen_at < self.until:
            outcome = "edited" if self._is_edited(self.course.mondays.window(seen_at)) else "approved"
            done = {"reviewed_at": seen_at.isoformat(), "outcome": outcome, "reviewer": self.course.team.lead.handle}
            yield _signal("review", seen_at, **told, **done, prompt_version=_PROMPT, model=_MODEL)

    def _is_edited(self, window: int) -> bool:
        """Whether the next review of a window is one of those that are edited: the first ones are."""
        before, percent = self._edited.get(window, 0), self.week(window).overridden_percent
        # One at least, so that the share of a healthy week never seems to rise from nothing.
        is_next = before < (max(self._reviews_in(window) * percent // 100, 1) if percent else 0)
        self._edited[window] = before + is_next
        return is_next

    def _reviews_in(self, window: int) -> int:
        """At least how many reviews fall into a window: those of Tuesday to Friday."""
        if window >= len(self.course.mondays):
            return 0
        zone, first = self.course.zone, self.course.date_of(_REVIEWED_FROM)
        days = working_days(*(day_there(self.course.weekday(window, weekday, 0), zone) for weekday in (1, 4)))
        return A_DAY * sum(day >= first for day in days)

    def _run(self) -> Iterator[Told]:
        for window in range(len(self.course.mondays) + 1):
            week = self.week(window)
            for weekday, thousandths in week.runs if window < len(self.course.mondays) else ():
                at = self.course.weekday(window, weekday, 2)
                if self.course.day(at) >= _RUN_FROM and self.course.runs(at):
                    yield _signal(
                        "eval_run", at, suite="regression", cases=week.cases, passed=week.cases * thousandths // 1000,
                        prompt_version=_PROMPT, model=_MODEL,
                    )  # fmt: skip

    def _mended(self) -> Iterator[Told]:
        for at, week in self._windows(_REVIEWED_FROM, 4, 4):
            yield _signal("rework", at, kind="reopened", cost_usd=week.rework_usd)

    def _merged(self) -> Iterator[Told]:
        for at, _ in self._windows(_REVIEWED_FROM, 1, 3):
            number = self.course.day(at)
            hours = 40 - number / 4
            yield _signal(
                "change", at, key=f"{self.course.name}-{number}", title="A better prompt", merged_at=at.isoformat(),
                lead_time_hours=hours, reverts=None, irreversible=False,
            )  # fmt: skip


def reading(day: int, behind_percent: int) -> float:
    """The success metric on a day: ahead of its line, or so far of the whole way behind it."""
    way = TARGET - BASELINE
    gone = day - _LINE_BEGINS
    if behind_percent:
        share = min(max(gone, 0), _LINE_DAYS) / _LINE_DAYS - behind_percent / 100
    else:
        share = min(max(gone, 0), _AHEAD_DAYS) / _AHEAD_DAYS
    return round(BASELINE + way * share, 2)


def _signal(type_: str, at: datetime, /, **body: Any) -> Told:
    return {"type": type_, "source": type_.replace("_", "-"), "at": at.isoformat(), **body}
