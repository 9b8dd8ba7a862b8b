"""Metrics in conversation: defined in a window, listed with their last value, made easier only by someone else."""

from bot.domain.items import ItemState
from tests.slack.cast import ANA, BO, MEI
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office


def with_csat(office: Office) -> tuple[Someone, Case]:
    """Ana, who has defined a success metric."""
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout metric {case.name}", in_=case.room)
    ana.sees("none is defined yet").clicks("Define a metric…")
    ana.fills(metric="csat", kind="success", better="higher", baseline="4.1", target="4.5").submits()
    return ana.sees(f"csat of {case.name} is defined."), case


def test_a_metric_is_defined_in_a_window_and_ticks_its_item(office: Office) -> None:
    ana, case = with_csat(office)
    assert case.row("set_success_metric").state is ItemState.DONE
    ana.types(f"/rollout metric {case.name}").sees("csat · success, higher is better", "From 4.1 to 4.5", "no value")
    ana.clicks("Change…", beside="csat").fills(target="4.6").submits()
    ana.sees(f"csat of {case.name} is defined anew.")


def test_what_is_wrong_with_a_number_stands_beside_it(office: Office) -> None:
    ana, case = with_csat(office)
    ana.types(f"/rollout metric {case.name}").clicks("Define a metric…")
    ana.fills(metric="defects", kind="guardrail", better="lower", limit="3,5")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("limit", "no plain number")
        ana.fills(limit="").tries_to_submit().sees_error("limit", "needs a limit")
        ana.fills(limit="3", metric="CSAT").tries_to_submit().sees_error("metric", "capital letters only")


def test_easier_numbers_wait_for_someone_else_and_the_status_says_so_afterwards(office: Office) -> None:
    ana, case = with_csat(office)
    mei = office.person(MEI)
    ana.types(f"/rollout metric {case.name}").clicks("Change…", beside="csat")
    ana.fills(target="4.4", reason="The survey changed.").submits()
    ana.sees("Asked: make csat", "easier to meet: target 4.4 instead of 4.5", "Mei Tanaka")
    mei.room = mei.direct
    mei.sees("asks to make csat", "target 4.4 instead of 4.5", "The survey changed.", "From the approval on")
    mei.clicks("Approve", beside="csat").sees("✓ Approved by Mei Tanaka")
    ana.sees("Approved: you may make csat", in_=ana.direct)
    ana.types(f"/rollout metric {case.name}").sees("From 4.1 to 4.4", "made easier")
    ana.types(f"/rollout status {case.name}").sees("The numbers of csat were made easier on")
    ana.types(f"/rollout promote {case.name}").sees("nobody was asked", "The numbers of csat were made easier on")


def test_asking_anew_takes_the_place_of_what_waited_and_its_card_says_so(office: Office) -> None:
    ana, case = with_csat(office)
    for target in ("4.4", "4.3"):
        ana.types(f"/rollout metric {case.name}").clicks("Change…", beside="csat").fills(target=target).submits()
    ana.sees("target 4.4 instead of 4.5", "Withdrawn", "since the same was asked for anew")
    ana.sees("target 4.3 instead of 4.5", "[Approve]")


def test_a_member_without_a_role_may_ask_for_easier_numbers_but_defines_nothing(office: Office) -> None:
    _, case = with_csat(office)
    bo = office.person(BO).types(f"/rollout metric {case.name}", in_=case.room)
    with office.nothing_changes():
        bo.clicks("Define a metric…").sees("You can't change this workflow")
        bo.clicks("Change…", beside="csat").fills(target="4.6").tries_to_submit()
        bo.sees_error("kind", "You can't change this workflow")
    bo.fills(target="4.4").submits().sees("Asked: make csat")


def test_a_window_that_is_older_than_the_metric_changes_nothing(office: Office) -> None:
    ana, case = with_csat(office)
    ana.types(f"/rollout metric {case.name}").clicks("Change…", beside="csat").fills(target="4.6")
    other = office.person(MEI).types(f"/rollout metric {case.name}", in_=case.room)
    other.clicks("Change…", beside="csat").fills(target="4.7").submits()
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("kind", "defined anew while you were at it")
