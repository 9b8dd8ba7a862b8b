"""Whether what is counted in a day is what the log of decisions says was allowed then."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import Connection, select

from bot.domain.calendar import local_date
from bot.domain.grants.decisions import DayCount, Outcome
from bot.domain.grants.log import Day
from bot.domain.grants.terms import Sum, terms_of
from store.tables.decisions import decision_days, decisions
from store.tables.grants import grants
from store.tables.ledger import audit
from store.tables.program import teams, workflows
from store.vouched import Fault, first_fault

_CHUNK = 2000
_ALL_DAYS = date.min
"""Stands for all days of a workflow whose time zone was once another: nothing says any more which day was which."""

_ALLOWED = select(
    decisions.c.workflow_id, decisions.c.action, decisions.c.at, decisions.c.grant_id, decisions.c.facts
).where(decisions.c.outcome == Outcome.ALLOW, decisions.c.dry_run.is_(False))


@dataclass(slots=True)
class _Found:
    """What was allowed in a day; its sums are known only while the facts of every decision are kept."""

    count: DayCount = field(default_factory=DayCount)
    knows_sums: bool = True

    @property
    def sums(self) -> dict[str, Decimal]:
        """What it adds up to, by fact."""
        return {each.fact: each.amount for each in self.count.sums if each.amount}


def fault_in_days(connection: Connection) -> Fault | None:
    """The first day that counts something else than the log of decisions has; None if there is none."""
    return first_fault(_faults(connection), "What is counted of a day")


def _faults(connection: Connection) -> Iterator[Fault]:
    zones, moved = _zones(connection), _moved(connection)
    logged, kept = _logged(connection, zones, moved), _kept(connection, moved)
    for day in sorted(logged.keys() | kept.keys()):
        known, counted = logged.get(day, _Found()), kept.get(day, _Found())
        about = f"{day.action} of workflow {day.workflow_id}" + (f" on {day.on}" if day.on != _ALL_DAYS else "")
        if counted.count.uses != known.count.uses:
            uses = f"{counted.count.uses} uses are counted, and the log of decisions has {known.count.uses}"
            yield None, f"What is counted of {about} was changed: {uses}."
        elif known.knows_sums and counted.sums != known.sums:
            yield None, f"What is counted of {about} was changed: its sums are not those of the log of decisions."


def _zones(connection: Connection) -> Mapping[str, str]:
    """The time zone of each workflow, by its id."""
    zoned = select(workflows.c.id, teams.c.zone).join(teams, teams.c.id == workflows.c.team_id)
    return {row.id: row.zone for row in connection.execute(zoned)}


def _moved(connection: Connection) -> frozenset[str]:
    """The workflows that came to another team, or whose team came to another time zone."""
    told = select(audit.c.fact, audit.c.details).where(audit.c.fact.in_(("workflow_edited", "team_edited")))
    edits = [(record.fact, json.loads(record.details)) for record in connection.execute(told)]
    zoned = {said["team_id"] for fact, said in edits if fact == "team_edited" and "zone" in said}
    there = select(workflows.c.id).where(workflows.c.team_id.in_(zoned))
    return frozenset(
        (*(said["workflow_id"] for _, said in edits if "workflow_id" in said and "team_id" in said),
         *connection.scalars(there))
    )  # fmt: skip


def _logged(connection: Connection, zones: Mapping[str, str], moved: frozenset[str]) -> dict[Day, _Found]:
    """What the log of decisions has of each day."""
    found: dict[Day, _Found] = {}
    summed = {
        row.id: tuple(each.fact for each in per_day.sums)
        for row in connection.execute(select(grants.c.id, grants.c.terms))
        if (per_day := terms_of(row.terms).per_day)
    }
    with connection.execute(_ALLOWED, execution_options={"yield_per": _CHUNK}) as rows:
        for row in rows:
            of = row.workflow_id
            on = _ALL_DAYS if of in moved else local_date(row.at, zones[of])
            day = found.setdefault(Day(of, row.action, on), _Found())
            adds = _adds(summed.get(row.grant_id, ()), row.facts)
            day.knows_sums = day.knows_sums and adds is not None
            day.count = day.count.plus(adds or ())
    return found


def _adds(names: tuple[str, ...], facts: Mapping[str, str] | None) -> tuple[Sum, ...] | None:
    """What one decision adds to the sums of its day; None where its facts are forgotten."""
    if not names:
        return ()
    try:
        return tuple(Sum(name, Decimal(facts[name])) for name in names) if facts is not None else None
    except (KeyError, InvalidOperation):
        return None


def _kept(connection: Connection, moved: frozenset[str]) -> dict[Day, _Found]:
    """What is counted of each day."""
    found: dict[Day, _Found] = {}
    for row in connection.execute(select(decision_days)):
        on = _ALL_DAYS if row.workflow_id in moved else row.day
        day = found.setdefault(Day(row.workflow_id, row.action, on), _Found())
        sums = tuple(Sum(fact, Decimal(amount)) for fact, amount in row.sums.items())
        day.count = DayCount(day.count.uses + row.uses, day.count.plus(sums).sums)
    return found
