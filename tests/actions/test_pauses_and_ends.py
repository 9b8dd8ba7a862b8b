"""Workflows that stand still, go on and end."""

from datetime import date, timedelta

import pytest

from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.workflows import Outcome, Role
from tests.program import Program

DAY = timedelta(days=1)


def test_a_pause_stops_the_clock_and_going_on_moves_what_is_due(refunds: Program) -> None:
    due = refunds.row("measure_today").due_on
    refunds.later(days=9)
    stopped = refunds.pause(freeze=True)
    assert stopped.pause is not None
    assert (stopped.pause.on, stopped.pause.reason, stopped.pause.by.name, stopped.pause.froze) == (
        date(2026, 3, 11),
        "The vendor is down.",
        "Ana",
        True,
    )
    refunds.later(days=7)
    assert refunds.status().day == 10
    going_on = refunds.resume()
    assert (going_on.pause, going_on.paused_days, refunds.status().day) == (None, 7, 10)
    assert refunds.row("measure_today").due_on == due + 7 * DAY
    assert refunds.chain()[-1]["details"]["unfroze"].startswith("frz_")
    refunds.later(days=2)
    refunds.pause()
    refunds.later(days=14)
    assert (refunds.resume().paused_days, refunds.status().day) == (21, 12)
    assert refunds.row("measure_today").due_on == due + 21 * DAY


def test_a_pause_and_its_end_both_need_a_reason_and_come_once(refunds: Program) -> None:
    with pytest.raises(BadInput, match="Please say why it pauses"):
        refunds.pause(reason=" ")
    with pytest.raises(Refused, match="refunds_agent is not paused"):
        refunds.resume()
    refunds.pause()
    with pytest.raises(Conflict, match="refunds_agent is paused already, by Ana since 2026-03-02"):
        refunds.pause("stu")
    with pytest.raises(BadInput, match="Please say why it goes on"):
        refunds.resume(reason="")


# The end


def test_a_closed_workflow_keeps_its_records_and_changes_no_more(refunds: Program) -> None:
    refunds.check("choose_workflow", evidence="https://docs.example/1")
    refunds.skip("measure_today")
    asked = refunds.ask_skip("map_decisions")
    closed = refunds.close("lea", Outcome.MERGED, "Now part of billing.")
    assert closed.outcome is Outcome.MERGED
    assert refunds.request(asked).state == "withdrawn"
    assert (refunds.row("choose_workflow").state, refunds.row("measure_today").state) == ("done", "skipped")
    assert refunds.ask(lambda view: view.workflows()) == ()
    before = refunds.facts()
    for act in (
        lambda: refunds.check("map_decisions", evidence="x"),
        lambda: refunds.ask_skip("map_decisions"),
        refunds.pause,
        lambda: refunds.edit(purpose="Other."),
        lambda: refunds.give(Role.GATEKEEPER, "gil"),
        lambda: refunds.vacate(Role.OWNER, "ana"),
        lambda: refunds.close("ada"),
        lambda: refunds.ask_start(date(2026, 3, 9)),
    ):
        with pytest.raises(Refused, match="refunds_agent was closed as merged, so nothing about it changes any more"):
            act()
    assert refunds.facts() == before


def test_an_end_needs_a_reason(refunds: Program) -> None:
    with pytest.raises(BadInput, match="Please say how it ended and why"):
        refunds.close(reason="")
