"""How much sources gave of a week and of the one before, and which of them are told to have given fewer."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from bot.actions import connections, voids
from bot.actions.digests.sources import sources_of, volumes_of
from bot.actions.sources import pull
from bot.connections import connections as connections_of
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Through
from bot.domain.signals.volumes import ENOUGH, Volume
from bot.domain.sources import Mapped
from bot.settings import Settings
from bot.sources.errors import Unreached
from bot.sources.seam import Entry, Portion, Source
from store import Database, sources
from store.reading.sources import Sources
from store.tables.signals import signals
from tests.program import Program
from tests.sources.system import World
from tests.sources.test_pulling import Strung

LISBON = "Europe/Lisbon"
WEEK = timedelta(days=7)
MANY = 6_400
"""So many that no engine looks at every signal for the few of two weeks."""


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent, two weeks old: on a Monday at the time of a digest."""
    made = Program(database)
    made.start()
    made.later(days=14)
    return made


@pytest.mark.parametrize(
    ("volume", "has_fallen"),
    [
        (Volume(12, 240), True),
        (Volume(0, 240), True),
        (Volume(0, ENOUGH), True),
        (Volume(9, ENOUGH), True),
        (Volume(10, ENOUGH), False),
        (Volume(0, ENOUGH - 1), False),
        (Volume(10, ENOUGH + 1), True),
        (Volume(119, 240), True),
        (Volume(120, 240), False),
        (Volume(240, 12), False),
        (Volume(), False),
        (Volume(9, 240, set_aside=220), True),
        (Volume(9, 240, set_aside=221), False),
        (Volume(100, 240, set_aside=39), True),
        (Volume(100, 240, set_aside=40), False),
    ],
)
def test_a_volume_has_fallen_when_less_than_half_of_enough_is_left(volume: Volume, has_fallen: bool) -> None:
    assert (ENOUGH, volume.has_fallen) == (20, has_fallen)


def entries(many: int, until: datetime, name: str = "m", workflow: str = "refunds_agent") -> tuple[Entry, ...]:
    """So many signals of the week up to and without `until`, the last one a microsecond before it."""
    latest, step = until - timedelta(microseconds=1), WEEK / max(many, 1)
    return tuple(
        {"id": f"{name}-{until:%d}-{n}", "type": "metric", "workflow": workflow, "metric": "csat", "value": 4,
         "at": (latest - n * step).isoformat()}
        for n in range(many)
    )  # fmt: skip


def give(program: Program, *given: Entry, source: str = "github") -> None:
    """The source read to the end; these are what it gives."""
    assert pull(program.desk, Source(source, (Strung(portions=[Portion(given, "a")]),)), Through.CLI).why == ""


def volumes(program: Program, *names: str) -> dict[str, Volume]:
    """What these sources gave up to now."""
    weeks = Weeks(program.at, LISBON)
    return dict(program.ask(lambda view: volumes_of(view, names or ("github",), weeks)))


def fewer(program: Program) -> list[str]:
    """The sources that a digest of now tells to have given fewer."""
    told = program.ask(lambda view: sources_of(view, Weeks(program.at, LISBON)))
    return [each.name for each in told if each.gave_fewer]


def test_each_source_is_counted_by_when_things_happened_in_two_weeks_that_meet(program: Program) -> None:
    at = program.at
    give(program, *entries(12, at), *entries(240, at - WEEK), *entries(7, at - 2 * WEEK))
    give(program, *entries(30, at), *entries(31, at - WEEK), source="jira")
    give(program, *entries(3, at), source="taken_out")

    found = volumes(program, "github", "jira", "silent")
    assert found == {"github": Volume(12, 240), "jira": Volume(30, 31), "silent": Volume()}
    program.database.retrying(lambda connection: sources.note_all(connection, ["github", "jira"]))
    assert fewer(program) == ["github"]


def test_what_happened_at_the_instant_of_the_digest_or_later_is_not_there_for_it(program: Program) -> None:
    begun = program.at
    program.later(days=1)
    give(program, *entries(9, begun), *entries(20, begun - WEEK))
    give(program, *({**each, "id": f"later-{n}", "at": begun.isoformat()} for n, each in enumerate(entries(9, begun))))

    def at(instant: datetime) -> Volume:
        return program.ask(lambda view: volumes_of(view, ["github"], Weeks(instant, LISBON)))["github"]

    assert at(begun) == Volume(9, 20)
    assert at(begun + timedelta(microseconds=1)).week == 18


def test_a_week_has_seven_days_of_the_readers_clock_where_clocks_change(program: Program) -> None:
    program.later(days=14)
    begun = program.at - WEEK + timedelta(hours=1)
    (edge,) = entries(1, begun)
    give(program, edge, {**edge, "id": "in", "at": begun.isoformat()})
    assert volumes(program) == {"github": Volume(1, 1)}


def test_what_was_taken_back_counts_in_neither_week(program: Program) -> None:
    give(program, *entries(2, program.at), *entries(3, program.at - WEEK))
    for until in (program.at, program.at - WEEK):
        program.do("bea", voids.void, f"m-{until:%d}-0", "Measured wrongly.")
    assert volumes(program) == {"github": Volume(1, 2)}


def test_a_source_that_gives_nothing_at_all_any_more_is_told(program: Program) -> None:
    give(program, *entries(240, program.at))
    program.later(days=7)
    give(program)
    assert (volumes(program), fewer(program)) == ({"github": Volume(0, 240)}, ["github"])
    program.later(days=7)
    give(program)
    assert (volumes(program), fewer(program)) == ({"github": Volume(0, 0)}, [])


def test_a_source_that_was_not_read_is_blind_and_not_told_to_give_fewer(program: Program) -> None:
    give(program, *entries(240, program.at))
    program.later(days=7)
    pull(program.desk, Source("github", (Strung(portions=[Unreached("It is down.")]),)), Through.CLI)
    assert (volumes(program)["github"].has_fallen, fewer(program)) == (True, [])


def test_history_that_was_read_at_once_is_compared_like_any_other(program: Program) -> None:
    give(program, *(each for weeks in range(12) for each in entries(40, program.at - weeks * WEEK)))
    assert (volumes(program), fewer(program)) == ({"github": Volume(40, 40)}, [])


def test_what_always_comes_late_is_not_missed_before_its_time(program: Program) -> None:
    """As with changes that are told once they are in production: each Monday half a week of them is not there yet."""
    give(program, *entries(60, program.at)[40:])
    for _ in range(3):
        program.later(days=7)
        give(program, *entries(60, program.at)[40:], *entries(60, program.at - WEEK))
        found = volumes(program)["github"]
        assert (found, fewer(program)) == (Volume(20, 60, set_aside=40), [])


def test_what_always_comes_late_is_missed_when_still_fewer_come(program: Program) -> None:
    give(program, *entries(60, program.at)[20:])
    program.later(days=7)
    give(program, *entries(60, program.at)[41:], *entries(60, program.at - WEEK))
    assert (volumes(program), fewer(program)) == ({"github": Volume(19, 60, set_aside=20)}, ["github"])


def test_a_workflow_that_is_closed_takes_its_signals_with_it(program: Program) -> None:
    program.start("triage_agent")
    give(program, *entries(30, program.at, "r"), *entries(20, program.at, "t", "triage_agent"))
    program.later(days=7)
    give(program, *entries(9, program.at, "t", "triage_agent"))
    assert fewer(program) == ["github"]
    program.close()
    assert (volumes(program), fewer(program)) == ({"github": Volume(9, 50, set_aside=30)}, ["github"])
    give(program, *entries(1, program.at, "more", "triage_agent"))
    assert (volumes(program), fewer(program)) == ({"github": Volume(10, 50, set_aside=30)}, [])


def test_a_place_that_was_taken_off_by_hand_is_not_missed(program: Program) -> None:
    known = connections_of(Settings.read({"GITHUB_TOKEN": "t", "PAGERDUTY_TOKEN": "t"}), World().surroundings())
    made = program.do("ada", connections.connect, known, Mapped("github", "acme/macros", "refunds_agent"))
    give(program, *entries(30, program.at))
    program.do("ada", connections.connect, known, Mapped("pagerduty", "PIJ90N7", "refunds_agent"))
    give(program, *entries(30, program.at), source="pagerduty")
    program.later(days=6)
    program.do("ada", connections.disconnect, made.mapping_id)
    program.later(days=1)
    for source in ("github", "pagerduty"):
        give(program, source=source)

    gone, missed = volumes(program, "github", "pagerduty").values()
    assert (gone, missed) == (Volume(0, 30, set_aside=30), Volume(0, 30))
    assert fewer(program) == ["pagerduty"]


def test_one_question_serves_all_sources_and_is_answered_from_an_index(program: Program) -> None:
    sent: list[tuple[str, Any]] = []

    def note(connection: Connection, cursor: object, statement: str, parameters: Any, *others: object) -> None:
        sent.append((statement, parameters))

    names = [f"source_{n}" for n in range(8)]
    week, before = (Weeks(program.at, LISBON).week(back) for back in (0, 1))
    of, times = program.workflow().id, [program.at - timedelta(minutes=1 + 10 * n) for n in range(MANY)]
    giving = (*names, *["app"] * 55)
    rows = [row(giving[n % 63], n, workflow_id=of, at=at, received_at=at) for n, at in enumerate(times)]
    Random(7).shuffle(rows)
    with program.database.writing() as connection:
        connection.execute(insert(signals), rows)
        if program.database.name == "postgresql":
            connection.execute(text("ANALYZE signals"))
        event.listen(connection, "before_cursor_execute", note)
        found = Sources(connection).volumes(names, week, before)
        assert Sources(connection).volumes((), week, before) == {}
        event.remove(connection, "before_cursor_execute", note)
        ((statement, parameters),) = sent
        explain = "EXPLAIN QUERY PLAN" if program.database.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert found == dict.fromkeys(names, Volume(16, 16))
    assert "signals_of_a_source" in plan
    assert not any(word in plan for word in ("SCAN ", "Seq Scan")), plan


def row(source: str, number: int, **stamp: Any) -> dict[str, Any]:
    """A signal as it stands in its table."""
    return {"source": source, "id": f"s-{number}", "type": "metric", "batch": "bat_1", "body": "{}", **stamp}
