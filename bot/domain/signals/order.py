"""When a signal counts, and which of several about the same thing holds (RULES, "Signals")."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from bot.domain.calendar import end_of_day
from bot.domain.signals.kinds import (
    HISTORY_DAYS,
    AgentAction,
    Body,
    Incident,
    IncidentCourse,
    IncidentStatus,
    Review,
    Signal,
)

AnyBody = TypeVar("AnyBody", bound=Body)

_KEPT: Mapping[type, tuple[str, ...]] = {
    Review: ("prompt_version", "model"),
    AgentAction: ("decision", "grant_hash", "prompt_version", "model", "sources", "tools"),
}


def latest(signals: Sequence[Signal[AnyBody]]) -> Signal[AnyBody]:
    """What holds after all of these, given in order of arrival: the last by `at`, of two at once the later arrival.

    What an update leaves out because it is optional (a version, a grant's hash) stays as it was known before.
    """
    ordered = sorted(signals, key=_at)
    last = ordered[-1]
    known: dict[str, Any] = {
        name: value
        for name in _KEPT.get(type(last.body), ())
        if getattr(last.body, name) is None and (value := _last_known(ordered, name)) is not None
    }
    return replace(last, body=replace(last.body, **known)) if known else last


def incident_course(signals: Sequence[Signal[Incident]]) -> IncidentCourse:
    """An incident from all signals about it, given in order of arrival.

    It was opened at the first one's `at`, and resolved at that of the first which says so and was not taken back.
    """
    ordered = sorted(signals, key=_at)
    resolved_at = None
    for signal in ordered:
        if signal.body.status is IncidentStatus.OPEN:
            resolved_at = None
        elif resolved_at is None:
            resolved_at = signal.at
    return IncidentCourse(ordered[-1], ordered[0].at, resolved_at)


def history_begins(start_on: date, zone: str) -> datetime:
    """The first instant whose signals are kept for a workflow that starts on `start_on` in `zone`."""
    return end_of_day(start_on - timedelta(days=HISTORY_DAYS + 1), zone)


def is_history(signal: Signal[Body], start_on: date, zone: str) -> bool:
    """Whether a signal is from before the workflow's first day: good for trends, never for a finding."""
    return signal.at < end_of_day(start_on - timedelta(days=1), zone)


def _at(signal: Signal[Body]) -> datetime:
    return signal.at


def _last_known(ordered: Sequence[Signal[Body]], name: str) -> object:
    return next((value for each in reversed(ordered) if (value := getattr(each.body, name)) is not None), None)
