"""Runs of a source: each goes on where the last one was, nothing counts twice, and one that fails says why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.actions.digests.sources import sources_of
from bot.actions.findings.records import program_records
from bot.actions.findings.scene import Scene
from bot.actions.signals import Taken
from bot.actions.sources import Ending, Foreseen, Pulled, foresee, pull, standing
from bot.domain.digests.inputs import Source as Told
from bot.domain.digests.inputs import SourceState
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Through
from bot.domain.signals.volumes import Volume
from bot.domain.sources import Reading
from bot.intake import Rejected
from bot.sources.errors import Garbled, Missing, SourceError, Stopped, Throttled, Unreached
from bot.sources.seam import Entry, Portion, Source
from store import Database, sources
from tests.program import Program


@dataclass
class Strung:
    """A strand that yields what a test tells it to, and keeps from which cursors it was read."""

    key: str = "acme/macros"
    workflow: str = "refunds_agent"
    portions: list[Portion | SourceError] = field(default_factory=list)
    begun: list[str | None] = field(default_factory=list)

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """Each portion in turn, or the error."""
        del until
        self.begun.append(cursor)
        for each in self.portions:
            if isinstance(each, SourceError):
                raise each
            yield each


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent, three days old."""
    made = Program(database)
    made.start()
    made.later(days=3)
    return made


def metric(place: int, **changes: Any) -> Entry:
    """A signal as a source says it."""
    at = f"2026-03-03T10:{place:02}:00Z"
    given = {"id": f"m-{place}", "type": "metric", "workflow": "refunds_agent", "at": at, "metric": "csat", "value": 4}
    return given | changes


def run(program: Program, *strands: Strung, problem: str = "") -> Pulled:
    """One run of the source `example`."""
    return pull(program.desk, Source("example", strands, problem=problem), Through.CLI)


def reading(program: Program) -> Reading:
    """What is kept of it."""
    return program.ask(lambda view: view.sources.one("example"))


def test_what_is_read_is_kept_once_and_the_next_run_goes_on_from_there(program: Program) -> None:
    strand = Strung(portions=[Portion((metric(1), metric(2)), "a"), Portion((), "b"), Portion((metric(3),), "c")])

    assert run(program, strand) == Pulled("example", Ending.READ, Taken(3, 0))
    assert reading(program) == Reading("example", True, {"acme/macros": "c"}, program.at)
    assert run(program, strand) == Pulled("example", Ending.READ, Taken(0, 3))
    assert strand.begun == [None, "c"]
    assert program.facts().count("signals_taken") == 2
    assert program.verify().ok


def test_what_programs_read_is_not_what_people_typed(program: Program) -> None:
    run(program, Strung(portions=[Portion((metric(1),), "a")]))
    assert [
        (each["principal_kind"], each["principal"]) for each in program.chain() if each["fact"] == "signals_taken"
    ] == [("service", "service:sources")]


def test_a_run_that_breaks_off_goes_on_where_it_was(program: Program) -> None:
    strand = Strung(portions=[Portion((metric(1),), "a"), Unreached("example could not be reached."), Portion((), "z")])

    assert run(program, strand) == Pulled("example", Ending.FAILED, Taken(1, 0), "example could not be reached.")
    assert reading(program) == Reading(
        "example", True, {"acme/macros": "a"}, None, "example could not be reached.", None
    )
    strand.portions = [Portion((metric(2),), "b")]
    assert run(program, strand) == Pulled("example", Ending.READ, Taken(1, 0))
    assert strand.begun == [None, "a"]
    assert reading(program) == Reading("example", True, {"acme/macros": "b"}, program.at)


def test_one_strand_that_cannot_be_read_keeps_no_other_from_it(program: Program) -> None:
    gone, garbled = Strung("gone", portions=[Missing("It is gone.")]), Strung("odd", portions=[Garbled("It is odd.")])
    good = Strung("good", portions=[Portion((metric(1),), "a")])

    assert run(program, gone, garbled, good) == Pulled("example", Ending.FAILED, Taken(1, 0), "It is gone.")
    assert reading(program).cursors == {"good": "a"}


def test_a_system_that_is_down_is_not_asked_again_for_each_strand(program: Program) -> None:
    down, other = Strung("down", portions=[Unreached("It is down.")]), Strung("other")
    assert run(program, down, other).why == "It is down."
    assert other.begun == []


def test_a_system_that_wants_quiet_gets_it(program: Program) -> None:
    until = program.real.at + timedelta(minutes=20)
    strand = Strung(portions=[Throttled("It wants quiet.", until)])
    assert run(program, strand).ending is Ending.FAILED
    program.later(minutes=15)
    assert run(program, strand) == Pulled("example", Ending.WAITS, why="It wants quiet.")
    program.later(minutes=5)
    strand.portions = [Portion((), "a")]
    assert run(program, strand).ending is Ending.READ
    assert reading(program) == Reading("example", True, {"acme/macros": "a"}, program.at)


def test_a_workflow_that_is_not_there_yet_loses_nothing(program: Program) -> None:
    strand = Strung(workflow="refund_agent", portions=[Portion((metric(1, workflow="refund_agent"),), "a")])
    why = "ROLLOUT_SOURCES maps acme/macros: There is no workflow 'refund_agent'. Did you mean refunds_agent?"
    assert run(program, strand) == Pulled("example", Ending.FAILED, Taken(), why)
    assert strand.begun == []
    program.start("refund_agent")
    assert run(program, strand).taken == Taken(1, 0)


def test_what_the_intake_refuses_is_told_and_the_rest_kept(program: Program) -> None:
    strand = Strung(portions=[Portion((metric(1, value="much"), metric(2)), "a")])
    refused = Rejected(1, "m-1: value must be a number, not text.")
    assert run(program, strand) == Pulled("example", Ending.READ, Taken(1, 0, (refused,)))


def test_two_replicas_do_not_read_at_once(program: Program) -> None:
    held = program.database.retrying(lambda connection: sources.claim(connection, "example", "another"))
    assert held is not None
    strand = Strung(portions=[Portion((metric(1),), "a")])
    assert run(program, strand).ending is Ending.BUSY
    assert strand.begun == []

    program.database.retrying(lambda connection: sources.give_back(connection, "example", held))
    assert run(program, strand).ending is Ending.READ
    assert run(program, strand).ending is Ending.READ


def test_a_replica_that_lost_its_claim_writes_no_cursor(program: Program) -> None:
    def stolen() -> Iterator[Portion]:
        yield Portion((metric(1),), "a")

    class Slow(Strung):
        def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
            yield from stolen()
            program.database.retrying(
                lambda connection: connection.exec_driver_sql("UPDATE leases SET owner = 'another'")
            )
            yield Portion((metric(2),), "b")

    assert run(program, Slow()).ending is Ending.FAILED
    assert reading(program) == Reading("example", True, {"acme/macros": "a"})


def test_a_program_that_ends_leaves_no_blame(program: Program) -> None:
    strand = Strung(portions=[Portion((metric(1),), "a"), Stopped("The program ends.")])
    assert run(program, strand) == Pulled("example", Ending.FAILED, Taken(1, 0), "The program ends.")
    assert reading(program) == Reading("example", True, {"acme/macros": "a"})


def test_a_dry_run_shows_what_is_new_and_keeps_nothing(program: Program) -> None:
    strand = Strung(portions=[Portion((metric(1),), "a")])
    run(program, strand)
    strand.portions = [Portion((metric(1), metric(2), metric(3, value=None)), "b")]
    before = reading(program)
    refused = Rejected(3, "m-3: value is null, and must not be.")

    foreseen = foresee(program.desk, Source("example", (strand,)))
    assert foreseen == Foreseen("example", (metric(2),), (refused,))
    assert reading(program) == before
    assert program.facts().count("signals_taken") == 1


def test_a_source_without_credentials_is_never_read(program: Program) -> None:
    assert run(program, problem="example has no token.") == Pulled(
        "example", Ending.FAILED, Taken(), "example has no token."
    )


def test_digests_and_rules_know_how_each_source_stands(program: Program) -> None:
    program.database.retrying(lambda connection: sources.note_all(connection, ["asleep", "example", "failing"]))
    run(program, Strung(portions=[Portion((), "a")]))
    pull(program.desk, Source("failing", problem="failing has no token."), Through.CLI)
    at = program.at

    def told(hours: int) -> dict[str, SourceState]:
        weeks = Weeks(at + timedelta(hours=hours), "UTC")
        return {each.name: each.state for each in program.ask(lambda view: sources_of(view, weeks))}

    fresh = {"asleep": SourceState.STALE, "example": SourceState.FRESH, "failing": SourceState.FAILED}
    assert told(0) == told(24) == fresh
    assert told(25) == fresh | {"example": SourceState.STALE}
    assert program.ask(lambda view: sources_of(view, Weeks(at, "UTC")))[2] == Told(
        "failing", SourceState.FAILED, None, "failing has no token.", Volume()
    )
    records = program.ask(lambda view: program_records(view, Weeks(at, "UTC"), Scene()))
    assert [(each.name, each.read_at, each.why_not) for each in records.sources] == [
        ("asleep", None, None),
        ("example", at, None),
        ("failing", None, "failing has no token."),
    ]


def test_a_source_that_is_taken_out_is_no_gap_and_is_still_listed(program: Program) -> None:
    run(program, Strung(portions=[Portion((), "a")]))
    program.database.retrying(lambda connection: sources.note_all(connection, ["other"]))
    assert [each.name for each in program.ask(lambda view: view.sources.configured())] == ["other"]
    assert [(each.name, each.is_configured) for each in standing(program.desk, ["new", "other"])] == [
        ("example", False),
        ("new", True),
        ("other", True),
    ]
    program.database.retrying(lambda connection: sources.note_all(connection, ["example"]))
    assert reading(program) == Reading("example", True, {"acme/macros": "a"}, program.at)


def test_a_failure_right_after_a_success_is_fresh_for_a_day(program: Program) -> None:
    at = datetime(2026, 3, 9, tzinfo=UTC)
    failing = Reading("example", read_at=at, why_not="It is down.")
    assert failing.state(at + timedelta(hours=24)) is SourceState.FRESH
    assert failing.state(at + timedelta(hours=24, seconds=1)) is SourceState.FAILED
