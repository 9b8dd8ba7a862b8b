"""What taking in signals does to a program: each batch is one change, and items tick themselves by it."""

import io
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import metrics, signals
from bot.actions.desk import Asked
from bot.actions.signals import Taken
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.items import ItemState
from bot.domain.metrics import MetricEntry
from bot.domain.people import Actor
from bot.intake import Rejected, lines_of
from store import Database
from tests.cast import agent
from tests.program import Program
from tests.signals.samples import BODIES, batch_hash, entry

CSAT = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, Decimal(4), Decimal("4.5"))


@pytest.fixture
def refunds(database: Database) -> Program:
    """A program with refunds_agent, four weeks after it started."""
    program = Program(database)
    program.start()
    program.later(days=27)
    return program


def send(program: Program, entries: Iterable[dict[str, Any]], by: str | Actor = "max") -> Taken:
    lines = lines_of(io.StringIO("".join(json.dumps(each) + "\n" for each in entries)))
    return signals.take_in(program.desk, Asked(program.actor(by)), lines)


def define(program: Program, *entries: MetricEntry) -> None:
    for each in entries:
        program.do("stu", metrics.define, program.workflow(), each)


def last_record(program: Program, fact: str) -> dict[str, Any]:
    return [record for record in program.chain() if record["fact"] == fact][-1]


def test_every_type_is_taken_in_once_and_a_batch_is_one_record(refunds: Program) -> None:
    every = [entry(kind, id=kind) for kind in BODIES]
    assert send(refunds, every) == Taken(accepted=12)
    record = last_record(refunds, "signals_taken")
    with refunds.database.reading() as connection:
        kept = batch_hash(connection, record["subject"])
    assert record["details"] == {"subject": record["subject"], "count": 12, "sha256": kept}
    before = len(refunds.chain())
    assert send(refunds, every) == Taken(duplicate=12)
    assert len(refunds.chain()) == before
    assert refunds.verify().ok


def test_the_good_lines_of_a_file_are_kept_and_the_others_named(refunds: Program) -> None:
    ahead = f"{refunds.at.replace(year=2027).isoformat()}"
    taken = send(
        refunds,
        [
            entry("metric", id="a"),
            entry("metric", id="b", workflow="refunds_agnt"),
            entry("metric", id="c", colour="red"),
            entry("seat", id="d", team="Suport"),
            entry("metric", id="e", at=ahead),
            entry("metric", id="f", at="2025-01-01T00:00:00Z"),
            entry("metric", id="g", metric="undefined as yet"),
        ],
    )
    assert (taken.accepted, taken.duplicate) == (2, 0)
    assert taken.rejected == (
        Rejected(2, "There is no workflow 'refunds_agnt'. Did you mean refunds_agent?"),
        Rejected(3, 'A signal of type metric has no field "colour".'),
        Rejected(4, "There is no team 'Suport'. Did you mean Support?"),
        Rejected(5, "at is in the future: 2027-03-29 09:00:00 UTC is 365 days ahead."),
        Rejected(
            6,
            "at is too long ago: 2025-01-01 is more than 400 days before refunds_agent started, and nothing that old "
            "is kept.",
        ),
    )


def test_a_file_of_several_batches_is_one_record_for_each(refunds: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "BATCH", 2)
    assert send(refunds, [entry("metric", id=f"m{number}") for number in range(5)]) == Taken(accepted=5)
    taken = [record["details"]["count"] for record in refunds.chain() if record["fact"] == "signals_taken"]
    assert taken == [2, 2, 1]


@pytest.mark.parametrize("who", ["max", agent("ci")])
def test_signals_ask_for_no_role(refunds: Program, who: str | Actor) -> None:
    assert send(refunds, [entry("rework")], who) == Taken(accepted=1)
    principal = "human" if who == "max" else "agent"
    assert last_record(refunds, "signals_taken")["principal_kind"] == principal


def test_a_value_of_a_defined_metric_keeps_its_item_ticked(refunds: Program) -> None:
    define(refunds, CSAT)
    refunds.later(days=15)
    assert refunds.row("read_success_metric").state is ItemState.OPEN
    send(refunds, [entry("metric", id="other", metric="undefined", at="2026-04-12T09:00:00Z")])
    assert refunds.row("read_success_metric").state is ItemState.OPEN
    send(refunds, [entry("metric", id="x", at="2026-04-11T09:00:00Z", url="https://x.example/csat")])
    row = refunds.row("read_success_metric")
    assert (row.state, row.proof and (row.proof.summary, row.proof.url)) == (
        ItemState.DONE,
        ("csat was 4.25 on 11 Apr 2026", "https://x.example/csat"),
    )
    before = refunds.facts().count("proof_seen")
    send(refunds, [entry("metric", id="late", at="2026-04-10T09:00:00Z")])
    assert refunds.facts().count("proof_seen") == before
    refunds.later(days=1)
    send(refunds, [entry("metric", id="midnight", at="2026-04-12T23:30:00Z")])
    proof = refunds.row("read_success_metric").proof
    assert proof
    assert proof.summary == "csat was 4.25 on 13 Apr 2026"


def test_guardrails_are_as_fresh_as_the_one_that_was_silent_for_longest(refunds: Program) -> None:
    both = [MetricEntry(name, MetricKind.GUARDRAIL, Better.LOWER, limit=Decimal(5)) for name in ("defects", "cost")]
    define(refunds, *both)
    refunds.later(days=15)
    at = "2026-04-12T09:00:00Z"
    send(refunds, [entry("metric", id="1", metric="defects", at=at)])
    assert refunds.row("read_guardrails").state is ItemState.OPEN
    send(refunds, [entry("metric", id="2", metric="cost", at=at)])
    assert refunds.row("read_guardrails").state is ItemState.DONE


def test_an_eval_run_ticks_its_item_until_it_is_too_old(refunds: Program) -> None:
    send(refunds, [entry("eval_run", url="https://ci.example/7")])
    row = refunds.row("run_full_eval")
    assert (row.state, row.proof and (row.proof.summary, row.proof.url)) == (
        ItemState.DONE,
        ("refunds: 191 of 200 passed", "https://ci.example/7"),
    )
    refunds.later(days=15)
    assert refunds.row("run_full_eval").state is ItemState.OPEN


def test_red_lines_tick_their_item_once_each_fired_in_a_test(refunds: Program) -> None:
    for rule in ("no_pii", "no_threats"):
        refunds.do("stu", metrics.define_red_line, refunds.workflow(), rule, "Never.")
    send(refunds, [entry("red_line", id="1"), entry("red_line", id="2", rule="no_threats", kind="violation")])
    assert refunds.row("fire_red_lines").state is ItemState.OPEN
    send(refunds, [entry("red_line", id="3", rule="no_threats")])
    row = refunds.row("fire_red_lines")
    assert (row.state, row.proof and row.proof.summary) == (
        ItemState.DONE,
        "each of 2 red lines was seen firing in a test",
    )


def test_a_test_that_was_seen_before_its_red_line_was_defined_counts(refunds: Program) -> None:
    send(refunds, [entry("red_line")])
    assert refunds.row("fire_red_lines").state is ItemState.OPEN
    refunds.do("stu", metrics.define_red_line, refunds.workflow(), "no_pii", "Never quote a card number.")
    assert refunds.row("fire_red_lines").state is ItemState.DONE


def test_signals_of_a_closed_workflow_are_kept(refunds: Program) -> None:
    refunds.close()
    assert send(refunds, [entry("rework")]) == Taken(accepted=1)
