"""Metrics and red lines: defined by those who run a workflow, made stricter freely, easier only with an approver."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.actions import gates, metrics
from bot.domain.errors import BadInput, Conflict, NotAllowed, Refused
from bot.domain.facts import RequestMade
from bot.domain.gate_evidence import Better, DefinedRedLine, MeasuredMetric, MetricKind
from bot.domain.items import ItemState
from bot.domain.metrics import DefinedMetric, MetricEntry, RedLineEntry, number_in
from bot.domain.people import Actor
from bot.domain.requests import Request, RequestKind
from tests.cast import MONDAY, agent
from tests.program import Program
from tests.store.together import together

CSAT = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, Decimal("4.1"), Decimal("4.5"))
DEFECTS = MetricEntry("defects", MetricKind.GUARDRAIL, Better.LOWER, limit=Decimal(3))


def define(program: Program, entry: MetricEntry, by: str | Actor = "stu") -> None:
    program.do(by, metrics.define, program.workflow(), entry)


def loosen(program: Program, entry: MetricEntry, by: str = "stu", reason: str = "") -> Request:
    fact = program.do(by, metrics.define, program.workflow(), entry, reason)
    assert isinstance(fact, RequestMade)
    return program.request(fact.request_id)


def defined(program: Program) -> tuple[DefinedMetric, ...]:
    here = program.workflow().id
    return program.ask(lambda view: view.metrics.definitions(here))


def word(
    program: Program, rule: str = "no_pii", text: str = "Never quote a card number.", by: str | Actor = "stu"
) -> None:
    program.do(by, metrics.define_red_line, program.workflow(), rule, text)


def test_metrics_come_back_as_they_were_defined_and_tick_their_items(refunds: Program) -> None:
    define(refunds, DEFECTS)
    define(refunds, replace(CSAT, name=" csat "))
    assert defined(refunds) == (DefinedMetric(CSAT, 1, MONDAY), DefinedMetric(DEFECTS, 1, MONDAY))
    here = refunds.workflow().id
    assert refunds.ask(lambda view: view.metrics.measured(here)) == (
        MeasuredMetric("csat", MetricKind.SUCCESS, Better.HIGHER, Decimal("4.1"), Decimal("4.5"), None, ()),
        MeasuredMetric("defects", MetricKind.GUARDRAIL, Better.LOWER, None, None, Decimal(3), ()),
    )
    assert refunds.facts()[-4:] == ("metric_defined", "proof_seen", "metric_defined", "proof_seen")
    ticked = {item: refunds.row(item).state for item in ("set_success_metric", "set_guardrails")}
    assert set(ticked.values()) == {ItemState.DONE}


def test_without_a_baseline_a_success_metric_ticks_nothing_until_it_has_one(refunds: Program) -> None:
    define(refunds, replace(CSAT, baseline=None))
    assert refunds.row("set_success_metric").state is ItemState.OPEN
    define(refunds, CSAT)
    assert refunds.row("set_success_metric").state is ItemState.DONE
    assert refunds.facts()[-2:] == ("metric_tightened", "proof_seen")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (CSAT, replace(CSAT, target=Decimal("4.6"))),
        (CSAT, replace(CSAT, baseline=Decimal("4.2"))),
        (DEFECTS, replace(DEFECTS, limit=Decimal("2.5"))),
        (replace(DEFECTS, better=Better.HIGHER), replace(DEFECTS, better=Better.HIGHER, limit=Decimal(4))),
    ],
)
def test_a_stricter_definition_is_one_version_more(refunds: Program, first: MetricEntry, then: MetricEntry) -> None:
    define(refunds, first)
    refunds.later(days=1)
    define(refunds, then)
    assert defined(refunds) == (DefinedMetric(then, 2, MONDAY),)
    assert "metric_tightened" in refunds.facts()


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        (CSAT, replace(CSAT, target=Decimal("4.4")), "target 4.4 instead of 4.5"),
        (CSAT, replace(CSAT, baseline=Decimal(4)), "baseline 4 instead of 4.1"),
        (CSAT, replace(CSAT, baseline=None), "baseline none instead of 4.1"),
        (CSAT, replace(CSAT, baseline=Decimal(4), target=Decimal(5)), "baseline 4 instead of 4.1"),
        (DEFECTS, replace(DEFECTS, limit=Decimal("3.1")), "limit 3.1 instead of 3"),
        (DEFECTS, replace(DEFECTS, better=Better.HIGHER), "guardrail, higher is better, instead of guardrail, lower"),
        (DEFECTS, replace(CSAT, name="defects"), "success, higher is better, instead of guardrail, lower"),
    ],
)
@pytest.mark.parametrize("who", ["max", "stu", "bea", "ada"])
def test_an_easier_definition_is_asked_for_whoever_wants_it_and_changes_nothing_yet(
    refunds: Program, first: MetricEntry, then: MetricEntry, told: str, who: str
) -> None:
    define(refunds, first)
    request = loosen(refunds, then, who)
    assert (request.kind, request.state, told in request.term("easier")) == (RequestKind.METRIC, "waiting", True)
    assert defined(refunds) == (DefinedMetric(first, 1, MONDAY),)
    with pytest.raises(NotAllowed, match="can't decide this"):
        refunds.approve(request.id, who)


def test_an_approved_easier_definition_is_marked_as_such_and_the_next_gate_says_so(refunds: Program) -> None:
    define(refunds, CSAT)
    refunds.later(days=1)
    easier = replace(CSAT, baseline=Decimal(4), target=Decimal("4.4"))
    request = loosen(refunds, easier, reason="The old survey counted twice.")
    assert request.reason == "The old survey counted twice."
    refunds.later(days=1)
    refunds.approve(request.id)
    assert defined(refunds) == (DefinedMetric(easier, 2, MONDAY, loosened_at=refunds.at),)
    assert refunds.facts()[-2:] == ("request_approved", "metric_loosened")
    verdict = refunds.do("ana", gates.promote, refunds.workflow(), None).verdict
    assert verdict.notes == ("The numbers of csat were made easier on 4 Mar 2026.",)


def test_the_mark_of_an_easier_metric_stays_when_it_is_made_stricter_again(refunds: Program) -> None:
    define(refunds, CSAT)
    refunds.approve(loosen(refunds, replace(CSAT, target=Decimal("4.4"))).id)
    since = refunds.at
    refunds.later(days=1)
    define(refunds, CSAT)
    assert defined(refunds) == (DefinedMetric(CSAT, 3, MONDAY, loosened_at=since),)


def test_what_was_asked_of_an_older_version_is_not_approved(refunds: Program) -> None:
    define(refunds, CSAT)
    request = loosen(refunds, replace(CSAT, target=Decimal("4.4")))
    define(refunds, replace(CSAT, target=Decimal("4.6")))
    with pytest.raises(Conflict, match=r"csat was defined anew since this was asked.*decline it; Stu may ask again"):
        refunds.approve(request.id)
    assert refunds.request(request.id).state == "waiting"
    assert defined(refunds)[0].entry.target == Decimal("4.6")


def test_asking_anew_takes_the_place_of_what_still_waits_about_the_same_metric_only(refunds: Program) -> None:
    define(refunds, CSAT)
    define(refunds, DEFECTS)
    first = loosen(refunds, replace(CSAT, target=Decimal("4.4")))
    other = loosen(refunds, replace(DEFECTS, limit=Decimal(4)))
    second = loosen(refunds, replace(CSAT, target=Decimal("4.3")), "ana")
    old = refunds.request(first.id)
    assert (old.state, old.because, old.decided_by and old.decided_by.name) == (
        "withdrawn",
        "the same was asked for anew",
        "Ana",
    )
    assert refunds.request(other.id).state == refunds.request(second.id).state == "waiting"


def test_a_success_metric_that_loses_its_baseline_ticks_nothing_any_more(refunds: Program) -> None:
    define(refunds, CSAT)
    refunds.approve(loosen(refunds, replace(CSAT, baseline=None)).id)
    assert refunds.row("set_success_metric").state is ItemState.OPEN
    assert refunds.facts()[-2:] == ("metric_loosened", "proof_withdrawn")
    define(refunds, CSAT)
    assert refunds.row("set_success_metric").state is ItemState.DONE
    assert refunds.verify().ok


def test_two_approvers_at_once_make_a_metric_easier_once(refunds: Program) -> None:
    define(refunds, CSAT)
    request = loosen(refunds, replace(CSAT, target=Decimal("4.4")))
    told: list[str] = []

    def act(who: str) -> None:
        try:
            refunds.approve(request.id, who)
            told.append("done")
        except Conflict:
            told.append("told")

    together([lambda: act("bea"), lambda: act("cem")])
    assert sorted(told) == ["done", "told"]
    assert refunds.facts().count("metric_loosened") == 1


@pytest.mark.parametrize("typed", ["4,5", "x", "1e3", "１", "0x1", "--1", "1" * 16])
def test_a_number_is_plain_digits_or_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(BadInput, match="no plain number") as refusal:
        number_in(typed, "target")
    assert refusal.value.field == "target"
    assert (number_in("  ", "target"), number_in(" -1.50 ", "target")) == (None, Decimal("-1.50"))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (replace(CSAT, target=None), "needs a target"),
        (replace(CSAT, limit=Decimal(1)), "and no limit"),
        (replace(CSAT, target=Decimal(4)), "The target 4 is worse than the baseline 4.1 where higher is better"),
        (replace(DEFECTS, limit=None), "needs a limit"),
        (replace(DEFECTS, target=Decimal(1)), "no baseline or target"),
        (replace(CSAT, name="  "), "a name"),
        (replace(CSAT, name="x" * 201), "201 characters"),
        (replace(CSAT, name="cs\nat"), "a line break"),
        (replace(CSAT, name="cs\u200bat"), "an invisible character"),
    ],
)
def test_a_definition_that_leads_nowhere_is_refused(refunds: Program, entry: MetricEntry, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        define(refunds, entry)
    assert defined(refunds) == ()


def test_the_same_again_and_another_spelling_change_nothing(refunds: Program) -> None:
    define(refunds, CSAT)
    with pytest.raises(Conflict, match="just so already"):
        define(refunds, replace(CSAT, target=Decimal("4.50")))
    with pytest.raises(Conflict, match="'CSAT' differs from it in capital letters only"):
        define(refunds, replace(CSAT, name="CSAT"))
    word(refunds)
    with pytest.raises(Conflict, match="just so already"):
        word(refunds)
    with pytest.raises(Conflict, match="in capital letters only"):
        word(refunds, "No_PII")


@pytest.mark.parametrize("who", ["lea", "stu", "ana", "bea", "apo", "ada"])
def test_those_who_run_and_those_who_decide_define(refunds: Program, who: str) -> None:
    define(refunds, CSAT, who)
    word(refunds, by=who)
    assert refunds.facts().count("metric_defined") == refunds.facts().count("red_line_defined") == 1


def test_a_member_an_agent_and_a_closed_workflow_define_nothing(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="You can't change this workflow: Ana or Stu or Lea can"):
        define(refunds, CSAT, "max")
    with pytest.raises(NotAllowed, match="a person must do it"):
        define(refunds, CSAT, agent())
    with pytest.raises(NotAllowed, match="a person must do it"):
        word(refunds, by=agent())
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        define(refunds, CSAT)
    assert refunds.denials() == 3


def test_red_lines_keep_every_wording_and_show_the_last(refunds: Program) -> None:
    word(refunds)
    word(refunds, text="Never quote a card or an account number.")
    word(refunds, "no_threats", "Never threaten a customer.")
    here = refunds.workflow().id
    assert refunds.ask(lambda view: view.metrics.red_line_entries(here)) == (
        RedLineEntry("no_pii", "Never quote a card or an account number.", 2),
        RedLineEntry("no_threats", "Never threaten a customer.", 1),
    )
    assert refunds.ask(lambda view: view.metrics.red_lines(here)) == (
        DefinedRedLine("no_pii"),
        DefinedRedLine("no_threats"),
    )
    assert refunds.row("fire_red_lines").state is ItemState.OPEN
    with pytest.raises(BadInput, match="what the agent must never do"):
        word(refunds, "no_more", " ")


def test_of_two_who_define_a_metric_at_once_the_second_hears_of_the_first(refunds: Program) -> None:
    answers: list[str] = []

    def act(target: str) -> None:
        try:
            define(refunds, replace(CSAT, target=Decimal(target)))
            answers.append("done")
        except Conflict:
            answers.append("told")

    together([lambda: act("4.5"), lambda: act("4.50")])
    assert sorted(answers) == ["done", "told"]
    assert defined(refunds) == (DefinedMetric(CSAT, 1, MONDAY),)
