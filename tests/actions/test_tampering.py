"""The audit log vouches for verdicts and signals too: whoever changes one past this program is found out."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.actions import gates
from store import Database
from store.forgetting import forget_reviewers
from tests.actions.test_voids import send, void
from tests.program import Program
from tests.signals.samples import entry
from tests.store.samples import unguarded


@pytest.fixture
def refunds(database: Database) -> Program:
    """A program in which a gate was judged, and two batches of signals were taken in, one signal taken back again."""
    program = Program(database)
    program.start()
    program.later(days=27)
    program.do("ana", gates.promote, program.workflow(), None)
    send(program, entry("eval_run", id="run-1"), entry("review", id="rev-1"))
    send(program, entry("metric", id="m-1"), entry("metric", id="m-2", value=5))
    void(program, "m-2")
    return program


def tamper(program: Program, *statements: str) -> None:
    with program.database.writing() as connection:
        unguarded(connection, *statements)


def record_of(program: Program, fact: str) -> int:
    """The number of the last record of that fact."""
    return [int(record["seq"]) for record in program.chain() if record["fact"] == fact][-1]


def test_what_was_kept_and_what_was_taken_back_or_erased_verifies(refunds: Program) -> None:
    assert refunds.verify().ok
    with refunds.database.writing() as connection:
        assert forget_reviewers(connection, refunds.at + timedelta(days=1)) == 1
    assert refunds.verify().ok


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE verdicts SET body = replace(body, 'false', 'true')", "is not what the gate answered then"),
        ("UPDATE verdicts SET sha256 = 'forged'", "is not what the gate answered then"),
        ("DELETE FROM verdicts", "is missing"),
    ],
)
def test_a_verdict_that_is_not_what_the_gate_answered_is_named(refunds: Program, statement: str, said: str) -> None:
    with refunds.database.reading() as connection:
        verdict = connection.scalar(text("SELECT id FROM verdicts"))
    tamper(refunds, statement)
    found = refunds.verify()
    assert (found.ok, found.first_broken) == (False, record_of(refunds, "gate_judged"))
    assert str(found.why).startswith(f"Verdict {verdict} (record ")
    assert said in str(found.why)


def test_a_verdict_that_no_record_tells_of_is_named(refunds: Program) -> None:
    tamper(
        refunds,
        "INSERT INTO verdicts (id, workflow_id, judged_at, sha256, body)"
        " SELECT 'verdict_x', workflow_id, judged_at, sha256, body FROM verdicts",
    )
    found = refunds.verify()
    assert (found.ok, found.first_broken) == (False, None)
    assert found.why == "Verdict verdict_x was added past this program: no record tells of it."


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE signals SET body = replace(body, '4.25', '4.75') WHERE id = 'm-1'", "are not as they were taken in"),
        ("UPDATE signals SET at = '2026-03-27T11:00:00.000000Z' WHERE id = 'm-1'", "are not as they were taken in"),
        ("UPDATE signals SET url = 'https://elsewhere.example' WHERE id = 'm-1'", "are not as they were taken in"),
        ("UPDATE signals SET seq = seq + 100 WHERE id = 'm-1'", "are not as they were taken in"),
        ("DELETE FROM signals WHERE id = 'm-2'", "2 signals were taken in, and 1 are there"),
        (
            "UPDATE signals SET batch = 'bat_x' WHERE id LIKE 'm-%'",
            "0 are there",
        ),
    ],
)
def test_a_batch_that_is_not_as_it_was_taken_in_is_named(refunds: Program, statement: str, said: str) -> None:
    batch = refunds.chain()[record_of(refunds, "signals_taken") - 1]["subject"]
    tamper(refunds, "DELETE FROM metrics", statement)
    found = refunds.verify()
    assert (found.ok, found.first_broken) == (False, record_of(refunds, "signals_taken"))
    assert str(found.why).startswith(f"Batch {batch} (record ")
    assert said in str(found.why)


def test_signals_that_no_record_tells_of_are_named(refunds: Program) -> None:
    tamper(
        refunds,
        "INSERT INTO signals (seq, source, id, type, workflow_id, at, received_at, batch, body)"
        " SELECT 99, 'forged', id, type, workflow_id, at, received_at, 'bat_x', body FROM signals WHERE id = 'run-1'",
    )
    found = refunds.verify()
    assert (found.ok, found.first_broken) == (False, None)
    assert found.why == "Signals of batch bat_x were added past this program: no record tells of them."


def test_a_signal_that_was_taken_back_or_counts_again_past_this_program_is_named(refunds: Program) -> None:
    tamper(refunds, "UPDATE signals SET voided_at = received_at WHERE id = 'run-1'")
    assert "Signal ci/run-1 was taken back past this program" in str(refunds.verify().why)
    tamper(refunds, "UPDATE signals SET voided_at = NULL")
    found = refunds.verify()
    assert (found.ok, found.first_broken) == (False, record_of(refunds, "signal_voided"))
    assert "Signal ci/m-2 was taken back" in str(found.why)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE verdicts SET body = CAST(x'ff' AS TEXT)",
        "UPDATE verdicts SET body = x'ff'",
        "UPDATE signals SET body = x'ff'",
        "UPDATE signals SET at = 'yesterday'",
    ],
)
def test_what_cannot_even_be_read_is_named_too(refunds: Program, statement: str) -> None:
    tamper(refunds, statement)
    found = refunds.verify()
    assert not found.ok
    assert "was changed" in str(found.why)
