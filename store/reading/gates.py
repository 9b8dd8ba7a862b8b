"""What gates look at and what they answered, from rows to frozen values."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select

from bot.domain.errors import NotFound
from bot.domain.review_counts import ReviewCounts, count_reviews
from bot.domain.signals.kinds import (
    Body,
    EvalRun,
    IncidentCourse,
    RedLine,
    RedLineKind,
    Review,
    ReviewTally,
    Signal,
    SignalType,
    Span,
)
from bot.domain.teams import Team
from bot.domain.verdicts import Verdict
from store.reading.among import chunks
from store.reading.signals import read_about, read_incidents, read_latest, read_states, read_within
from store.tables.verdicts import overrides_met, verdicts

_RECENT = timedelta(days=92)
_RUNS = 4
_MOMENT = timedelta(microseconds=1)
_MET = select(overrides_met).where(overrides_met.c.request_id.in_(bindparam("ids", expanding=True)))

AnyBody = TypeVar("AnyBody", bound=Body)


class Gates:
    """What was measured of a workflow, and the verdicts that were kept, as `view.gates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def eval_runs(self, workflow_id: str, at: datetime) -> tuple[Signal[EvalRun], ...]:
        """The eval runs of the last three months up to `at`, and the latest of each suite however old it is."""
        return self.eval_runs_among((workflow_id,), at)[workflow_id]

    def eval_runs_among(self, workflow_ids: Iterable[str], at: datetime) -> Mapping[str, tuple[Signal[EvalRun], ...]]:
        """The same of each of these workflows."""
        ids, end = tuple(workflow_ids), at + _MOMENT
        recent = read_within(self._connection, EvalRun, ids, Span(at - _RECENT, end))
        latest = read_latest(self._connection, EvalRun, ids, end)
        return {
            each: tuple({(run.source, run.id): run for run in (*latest[each], *recent[each])}.values()) for each in ids
        }

    def newest_runs(self, workflow_id: str, until: datetime) -> dict[str, tuple[Signal[EvalRun], ...]]:
        """The last runs of each suite before `until`, newest first: enough to see whether two in a row pass."""
        return self.newest_runs_among((workflow_id,), until)[workflow_id]

    def newest_runs_among(
        self, workflow_ids: Iterable[str], until: datetime
    ) -> Mapping[str, dict[str, tuple[Signal[EvalRun], ...]]]:
        """The same of each of these workflows."""
        newest = read_latest(self._connection, EvalRun, workflow_ids, until, many=_RUNS)
        return {each: _by_suite(runs) for each, runs in newest.items()}

    def reviews(self, workflow_id: str, team: Team, days: int, at: datetime) -> ReviewCounts:
        """The reviews of the last `days` up to `at`, counted."""
        return self.reviews_among({workflow_id: team}, days, at)[workflow_id]

    def reviews_among(self, teams: Mapping[str, Team], days: int, at: datetime) -> Mapping[str, ReviewCounts]:
        """The same of several workflows, by their ids; `teams` are those whose days count."""
        # Two days more than asked for, so that no change of the clocks cuts the first of them.
        span = Span(at - timedelta(days=days + 2), at + _MOMENT)
        seen = read_states(self._connection, Review, teams, span)
        typed = read_within(self._connection, ReviewTally, teams, span)
        return {each: count_reviews(seen[each], typed[each], days, team, at) for each, team in teams.items()}

    def incidents(self, workflow_id: str, at: datetime) -> tuple[IncidentCourse, ...]:
        """Every incident that was opened up to `at`, as was known then."""
        return self.incidents_among((workflow_id,), at)[workflow_id]

    def incidents_among(self, workflow_ids: Iterable[str], at: datetime) -> Mapping[str, tuple[IncidentCourse, ...]]:
        """The same of each of these workflows."""
        return read_incidents(self._connection, workflow_ids, at + _MOMENT)

    def violations(self, workflow_id: str, until: datetime) -> dict[str, Signal[RedLine]]:
        """The last violation before `until` of each red line, defined or not, by its name."""
        return self.violations_among((workflow_id,), until)[workflow_id]

    def violations_among(
        self, workflow_ids: Iterable[str], until: datetime
    ) -> Mapping[str, dict[str, Signal[RedLine]]]:
        """The same of each of these workflows."""
        newest = read_latest(self._connection, RedLine, workflow_ids, until)
        return {
            id_: {each.body.rule: each for each in of if each.body.kind is RedLineKind.VIOLATION}
            for id_, of in newest.items()
        }

    def within(self, workflow_id: str, body: type[AnyBody], span: Span) -> tuple[Signal[AnyBody], ...]:
        """The signals of that type in the span, the oldest first; for incidents ask `about_incident`."""
        return read_within(self._connection, body, (workflow_id,), span)[workflow_id]

    def about_incident(self, workflow_id: str, key: str) -> tuple[Signal[Any], ...]:
        """Every signal in force about one incident, in order of arrival."""
        thing = f"{SignalType.INCIDENT} {workflow_id} {key}"
        return tuple(stored.signal for stored in read_about(self._connection, [thing]))

    def verdict(self, verdict_id: str) -> Verdict:
        """The verdict that was kept under that id."""
        body = self._connection.scalar(select(verdicts.c.body).where(verdicts.c.id == verdict_id))
        if body is None:
            raise NotFound(f"There is no verdict {verdict_id!r}. Ask for the promotion again, and one is made.")
        return Verdict.from_json(body)

    def met(self, request_ids: Iterable[str]) -> Mapping[tuple[str, str, str], datetime]:
        """What these requests overrode and what passed since: when, by request, phase behind the gate, and check."""
        rows = (self._connection.execute(_MET, {"ids": ids}) for ids in chunks(list(dict.fromkeys(request_ids))))
        return {(row.request_id, row.to, row.check): row.met_at for some in rows for row in some}


def _by_suite(runs: Iterable[Signal[EvalRun]]) -> dict[str, tuple[Signal[EvalRun], ...]]:
    found: dict[str, list[Signal[EvalRun]]] = {}
    for run in runs:
        found.setdefault(run.body.suite, []).append(run)
    return {suite: tuple(of) for suite, of in found.items()}
