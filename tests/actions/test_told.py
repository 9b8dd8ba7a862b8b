"""Whom each fact is told to: what stands in the outbox once it is recorded."""

import pytest

from tests.program import Posted, Program

ITEM = "choose_operating_model"
STARTED = Posted("workflow_started", "CSUPPORT")


def told(program: Program) -> tuple[Posted, ...]:
    """What was told beside the start of the workflow."""
    posted = list(program.posted())
    posted.remove(STARTED)
    return tuple(posted)


def test_a_start_is_told_in_the_teams_channel_and_only_there(refunds: Program) -> None:
    assert refunds.posted() == (STARTED,)


@pytest.mark.parametrize("then", ["pause", "resume", "close"])
def test_turns_of_a_workflow_are_told_in_the_teams_channel(refunds: Program, then: str) -> None:
    if then == "resume":
        refunds.pause()
    getattr(refunds, then)()
    kinds = {
        "pause": ["workflow_paused"],
        "resume": ["workflow_paused", "workflow_resumed"],
        "close": ["report_at_end", "workflow_closed"],
    }[then]
    assert told(refunds) == tuple(Posted(kind, "CSUPPORT") for kind in kinds)


def test_every_pause_is_told_anew(refunds: Program) -> None:
    for _ in range(2):
        refunds.pause()
        refunds.resume()
    assert [each.kind for each in told(refunds)] == ["workflow_paused"] * 2 + ["workflow_resumed"] * 2


def test_a_request_is_told_in_the_channel_and_to_the_first_who_may_decide(refunds: Program) -> None:
    refunds.ask_skip(ITEM)
    assert told(refunds) == (Posted("request_card", "CSUPPORT"), Posted("request_card", "UBEA"))
    refunds.ask_skip("measure_today", "bea")
    assert Posted("request_card", "UCEM") in told(refunds)


def test_a_team_without_a_channel_or_approvers_asks_whom_the_settings_name(program: Program) -> None:
    team = program.team(channel=None, approvers=())
    program.start(team=team)
    program.ask_skip(ITEM)
    assert program.posted() == (Posted("request_card", "UAPO"),)


@pytest.mark.parametrize("decide", ["approve", "decline"])
def test_a_decision_brings_the_cards_up_to_date_and_is_told_to_the_asker(refunds: Program, decide: str) -> None:
    asked = refunds.ask_skip(ITEM)
    getattr(refunds, decide)(asked)
    assert told(refunds)[:1] + told(refunds)[-1:] == (Posted("request_answer", "UANA"), Posted("request_cards", asked))


def test_a_request_that_lapses_is_told_to_the_asker(refunds: Program) -> None:
    asked = refunds.ask_skip(ITEM)
    refunds.later(days=7)
    refunds.lapse()
    assert {Posted("request_answer", "UANA"), Posted("request_cards", asked)} <= set(told(refunds))


def test_whoever_takes_a_request_back_need_not_be_told_but_is_when_someone_else_ends_it(refunds: Program) -> None:
    withdrawn = refunds.ask_skip(ITEM)
    refunds.withdraw(withdrawn)
    assert Posted("request_answer", "UANA") not in told(refunds)
    assert Posted("request_cards", withdrawn) in told(refunds)
    own, others = refunds.ask_skip(ITEM), refunds.ask_skip("measure_today", "stu")
    refunds.close("ana")
    assert {Posted("request_cards", own), Posted("request_cards", others)} <= set(told(refunds))
    assert [each for each in told(refunds) if each.kind == "request_answer"] == [Posted("request_answer", "USTU")]


def test_work_on_items_roles_and_corrections_interrupts_nobody(refunds: Program) -> None:
    refunds.check(ITEM)
    refunds.reopen(ITEM)
    refunds.restore(ITEM)
    refunds.block("tell_people")
    refunds.assign(ITEM, "max")
    refunds.see("eval_run")
    refunds.edit(purpose="Other.")
    assert told(refunds) == ()


def test_what_is_refused_is_told_to_nobody(refunds: Program) -> None:
    with pytest.raises(Exception, match="You can't"):
        refunds.pause("max")
    assert told(refunds) == ()
