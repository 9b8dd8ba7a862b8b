"""Wrong signals taken back: who may, who is asked, and what no longer holds afterwards."""

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions import gates, metrics, signals, voids
from bot.actions.desk import Asked
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from bot.domain.facts import RequestMade, SignalVoided
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.items import ItemState
from bot.domain.metrics import MetricEntry
from bot.domain.people import Actor
from bot.domain.requests import Request, RequestKind
from bot.intake import lines_of
from store import Database
from tests.cast import agent
from tests.program import Program
from tests.signals.samples import entry
from tests.store.together import together

WHY = "The runner used the old prompt."


@pytest.fixture
def refunds(database: Database) -> Program:
    """A program with refunds_agent, four weeks after it started, that an eval run was sent about."""
    program = Program(database)
    program.start()
    program.later(days=27)
    send(program, entry("eval_run", id="run-1"))
    return program


def send(program: Program, *entries: dict[str, Any]) -> None:
    lines = lines_of(io.StringIO("".join(json.dumps(each) + "\n" for each in entries)))
    signals.take_in(program.desk, Asked(program.actor("max")), lines)


def void(program: Program, named: str = "run-1", by: str | Actor = "bea", reason: str = WHY) -> SignalVoided:
    fact = program.do(by, voids.void, named, reason)
    assert isinstance(fact, SignalVoided)
    return fact


def ask(program: Program, named: str = "run-1", by: str = "stu", reason: str = WHY) -> Request:
    fact = program.do(by, voids.void, named, reason)
    assert isinstance(fact, RequestMade)
    return program.request(fact.request_id)


def eval_found(program: Program) -> str:
    verdict = program.do("ana", gates.promote, program.workflow(), None).verdict
    return next(result.found for result in verdict.results if result.check == "eval_passed")


@pytest.mark.parametrize("who", ["bea", "apo", "ada"])
def test_who_decides_takes_a_signal_back_at_once_and_what_rested_on_it_opens_again(refunds: Program, who: str) -> None:
    assert (refunds.row("run_full_eval").state, eval_found(refunds)) == (ItemState.DONE, "95.5 % of 200 (0 days old)")
    void(refunds, by=who)
    assert (refunds.row("run_full_eval").state, eval_found(refunds)) == (ItemState.OPEN, "no run")
    assert refunds.facts()[-3:] == ("signal_voided", "proof_withdrawn", "gate_judged")
    assert refunds.verify().ok


@pytest.mark.parametrize("who", ["max", "lea", "stu", "ana"])
def test_everyone_else_asks_and_the_approval_takes_it_back(refunds: Program, who: str) -> None:
    request = ask(refunds, by=who)
    assert (request.kind, request.reason, request.term("what")) == (
        RequestKind.VOID,
        WHY,
        "eval run, refunds: 191 of 200 passed, 28 Mar 2026 (ci/run-1)",
    )
    assert refunds.row("run_full_eval").state is ItemState.DONE
    refunds.approve(request.id)
    assert refunds.row("run_full_eval").state is ItemState.OPEN
    assert refunds.facts()[-3:] == ("request_approved", "signal_voided", "proof_withdrawn")
    assert refunds.chain()[-2]["details"]["request_id"] == request.id


def test_an_earlier_run_bears_the_item_once_the_last_is_taken_back(refunds: Program) -> None:
    send(refunds, entry("eval_run", id="run-2", passed=150, at="2026-03-28T12:00:00Z"))
    assert eval_found(refunds).startswith("75 % of 200")
    void(refunds, "run-2")
    assert eval_found(refunds).startswith("95.5 % of 200")
    proof = refunds.row("run_full_eval").proof
    assert proof
    assert (refunds.row("run_full_eval").state, proof.summary) == (ItemState.DONE, "refunds: 191 of 200 passed")


def test_what_an_older_signal_proved_alone_goes_and_the_newer_proof_stays(refunds: Program) -> None:
    send(refunds, entry("eval_run", id="run-2", at="2026-03-28T12:00:00Z"))
    void(refunds, "run-1")
    assert refunds.row("run_full_eval").state is ItemState.DONE
    known = refunds.ask(lambda view: view.known((refunds.workflow().id,)))[refunds.workflow().id].proofs
    assert [proof.at.hour for proof in known if proof.kind == "eval_run"] == [12]


def test_the_last_value_of_a_metric_is_the_one_before_once_it_is_taken_back(refunds: Program) -> None:
    csat = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, Decimal(4), Decimal("4.5"))
    refunds.do("stu", metrics.define, refunds.workflow(), csat)
    send(
        refunds,
        entry("metric", id="m-1", value=4.2, at="2026-03-28T11:00:00Z"),
        entry("metric", id="m-2", value=42, at="2026-03-29T07:00:00Z"),
    )
    void(refunds, "m-2")
    (measured,) = refunds.ask(lambda view: view.metrics.measured(refunds.workflow().id))
    assert [value.body.value for value in measured.values] == [Decimal("4.2")]
    assert refunds.row("set_success_metric").state is ItemState.DONE


def test_nobody_approves_their_own_nor_takes_back_at_once_what_they_asked_for(refunds: Program) -> None:
    fact = refunds.do("bea", voids.ask, "run-1", WHY)
    for act in (lambda: refunds.approve(fact.request_id, "bea"), lambda: void(refunds, by="bea")):
        with pytest.raises(NotAllowed, match="You can't decide this: you asked for it"):
            act()
    assert refunds.row("run_full_eval").state is ItemState.DONE


def test_taken_back_at_once_the_request_for_it_is_settled_too(refunds: Program) -> None:
    request = ask(refunds)
    void(refunds, by="bea")
    settled = refunds.request(request.id)
    assert (settled.state, settled.because) == ("withdrawn", "it was taken back meanwhile")


def test_it_is_asked_once_at_a_time_and_taken_back_once(refunds: Program) -> None:
    request = ask(refunds)
    with pytest.raises(Conflict, match="Stu asked to take this signal back already"):
        ask(refunds, by="max")
    refunds.approve(request.id)
    with pytest.raises(Conflict, match="ci/run-1 was taken back already, on 29 Mar 2026"):
        void(refunds)
    send(refunds, entry("eval_run", id="run-1"))
    assert refunds.row("run_full_eval").state is ItemState.OPEN


def test_an_id_of_several_sources_is_named_with_its_source(refunds: Program) -> None:
    send(refunds, entry("rework", id="run-1", source="jira/eu"), entry("rework", id="eu/run-1", source="jira"))
    with pytest.raises(BadInput, match=r"2 signals go by 'run-1': .*ci/run-1, jira/eu/run-1"):
        void(refunds)
    with pytest.raises(BadInput, match="2 signals go by 'jira/eu/run-1'"):
        void(refunds, "jira/eu/run-1")
    void(refunds, " ci/run-1 ")
    void(refunds, "run-1")
    assert [record["details"]["source"] for record in refunds.chain() if record["fact"] == "signal_voided"] == [
        "ci",
        "jira/eu",
    ]


def test_what_is_not_there_or_not_said_is_refused(refunds: Program) -> None:
    with pytest.raises(NotFound, match="no signal 'run-9'"):
        void(refunds, "run-9")
    with pytest.raises(BadInput, match="what is wrong with it"):
        void(refunds, reason=" ")
    with pytest.raises(NotAllowed, match="a person must do it"):
        void(refunds, by=agent())
    refunds.close()
    with pytest.raises(Refused, match="was closed"):
        void(refunds)


def test_a_number_of_a_team_is_taken_back_by_its_approvers_only(refunds: Program) -> None:
    send(refunds, entry("seat", id="seats"))
    with pytest.raises(Refused, match=r"This is a number of team Support.*ask an approver"):
        void(refunds, "seats", "stu")
    assert void(refunds, "seats", "cem").team_id == refunds.workflow().team.id
    assert refunds.verify().ok


def test_two_who_take_it_back_at_once_do_so_once(refunds: Program) -> None:
    told: list[str] = []

    def act(who: str) -> None:
        try:
            void(refunds, by=who)
            told.append("done")
        except Conflict:
            told.append("told")

    together([lambda: act("bea"), lambda: act("cem")])
    assert sorted(told) == ["done", "told"]
    assert refunds.facts().count("signal_voided") == 1


def test_what_waited_while_the_signal_went_is_not_approved(refunds: Program) -> None:
    request = ask(refunds)
    refunds.later(days=8)
    void(refunds)
    refunds.later(days=-8)
    assert refunds.at - request.asked_at == timedelta()
    with pytest.raises(Conflict, match="was taken back already"):
        refunds.approve(request.id, "cem")
