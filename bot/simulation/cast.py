"""The company of a simulation: teams, people, and what their agents do, drawn from the seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from bot.simulation.calendar import Mondays, workday_from
from bot.simulation.hands import Member
from bot.simulation.healthy import GATE_HOURS
from bot.simulation.plans import LAST_DAYS, ROLES, Course, TeamPlan, Trade

_ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Africa/Nairobi",
    "Pacific/Auckland",
)
_SEASONS = ((1, 10), (5, 6), (8, 10), (9, 1))
"""Around when a program may begin: clocks change in it in spring, not at all, in autumn, and in autumn at once."""
_TEAMS = ("Support", "Engineering", "Operations", "Sales", "Docs", "Finance", "People", "Legal", "Research", "Field")
_FIRST = (
    "Ana", "Ben", "Chloe", "David", "Emre", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kira", "Luca", "Mina", "Nuno",
    "Olga", "Paulo", "Qing", "Rosa", "Sven", "Tara", "Uma", "Vera", "Wes", "Ximena", "Yuki", "Zoe",
)  # fmt: skip
_LAST = (
    "Alves", "Berg", "Costa", "Diaz", "Ekman", "Fischer", "Garcia", "Hoang", "Ito", "Jansen", "Kaya", "Lopez",
    "Meyer", "Novak", "Okafor", "Petrov", "Quinn", "Rossi", "Santos", "Tanaka", "Ueda", "Vidal", "Weber", "Young",
)  # fmt: skip
_TRADES = (
    Trade("triage_agent", "Sorts alerts and looks at what is behind them.", "draft_timeline", "run_health_check",
          "max_hosts", "alerts sorted right", "wrong wake-ups"),
    Trade("test_fixer", "Finds out why a test is unreliable, and mends it.", "draft_report", "fix_test",
          "max_files", "tests mended", "defects that escaped"),
    Trade("docs_writer", "Keeps the help pages true.", "draft_page", "update_docs",
          "max_pages", "pages up to date", "pages corrected"),
    Trade("lint_keeper", "Keeps the code tidy.", "draft_summary", "fix_lint",
          "max_files", "files tidied", "builds broken"),
    Trade("trace_collector", "Collects what is needed to understand a slow request.", "draft_findings",
          "collect_trace", "max_minutes", "causes found", "noisy traces"),
    Trade("release_notes", "Writes what is new, as a change to the notes.", "draft_notes", "open_pull_request",
          "max_files", "notes ready in time", "notes corrected"),
    Trade("diagnosis_agent", "Looks into reports of faults before people do.", "draft_reply", "run_diagnostics",
          "max_minutes", "faults understood", "wrong leads"),
    Trade("test_writer", "Adds the tests that are missing.", "draft_cases", "add_test",
          "max_files", "gaps closed", "tests thrown away"),
)  # fmt: skip
_WAVE_DAYS, _SPREAD_DAYS, _CROWDED = 34, 9, 3


def first_date(chance: Random) -> date:
    """The first day of the program: a Wednesday, Thursday or Friday, so that ninety days have thirteen Mondays."""
    month, day = chance.choice(_SEASONS)
    found = date(chance.choice((2025, 2026, 2027)), month, day)
    return found + timedelta(days=(2 - found.weekday()) % 7 + chance.randrange(3))


@dataclass(frozen=True, slots=True)
class Size:
    """How long a program lasts, and how many teams and workflows it has."""

    days: int = 90
    teams: int = 3
    workflows: int = 6


def courses_of(chance: Random, size: Size, first: date) -> tuple[Course, ...]:
    """Every workflow with its team, each in time at its gates.

    The first begins on the first day. Two of a team begin early, two more when those have left pilot, and so on;
    `_CROWDED` of ten begin too early.
    """
    people = _people(chance)
    teams = _teams(chance, size.teams, people)
    mondays = Mondays.between(first, size.days, chance.choice(teams).zone)
    trades = chance.sample(_TRADES, len(_TRADES))
    found = []
    for place in range(size.workflows):
        wave = place // size.teams // 2
        is_crowding = wave > 0 and chance.randrange(10) < _CROWDED
        offset = (0 if is_crowding else wave * _WAVE_DAYS) + chance.randrange(_SPREAD_DAYS)
        course = Course(
            trade=_told_apart(trades[place % len(trades)], place // len(trades)),
            team=teams[place % size.teams],
            start_on=workday_from(first + timedelta(days=offset if place else 0)),
            people={role: next(people) for role in ROLES},
            mondays=mondays,
        )
        found.append(replace(course, promoted=tuple(course.at(day, GATE_HOURS) for day in LAST_DAYS)))
    return tuple(found)


def _teams(chance: Random, number: int, people: Iterator[Member]) -> tuple[TeamPlan, ...]:
    zones = chance.sample(_ZONES, len(_ZONES))
    return tuple(
        TeamPlan(
            name=_TEAMS[place % len(_TEAMS)] + (f" {place // len(_TEAMS) + 1}" if place >= len(_TEAMS) else ""),
            channel=f"CTEAM{place + 1}",
            zone=zones[place % len(zones)],
            first_hour=chance.choice((8, 9)),
            lead=next(people),
            approvers=(next(people), next(people)),
            newcomer=next(people),
        )
        for place in range(number)
    )


def _people(chance: Random) -> Iterator[Member]:
    """People with ids of their own, without an end."""
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    chance.shuffle(names)
    for number in count():
        name = names[number % len(names)]
        yield Member(f"U{number + 1:03d}{name.partition(' ')[0].upper()}", name)


def _told_apart(trade: Trade, lap: int) -> Trade:
    return replace(trade, name=f"{trade.name}_{lap + 1}") if lap else trade
