"""A freeze is measured: from the command to the first decision that was refused because of it."""

from decimal import Decimal
from time import monotonic

import pytest

from bot.actions.desk import Asked
from bot.actions.grants.measured import Stop, Stopped, freeze_all_and_measure, freeze_and_measure
from bot.domain.drills import DrillKind
from bot.domain.errors import BadInput, Conflict, NotAllowed
from bot.domain.freezes import FreezeKind
from bot.domain.grants.log import LogQuery
from bot.domain.items import ItemState
from store import Database
from tests.grants_program import GrantsProgram


@pytest.fixture
def refunds(database: Database) -> GrantsProgram:
    program = GrantsProgram(database)
    program.start()
    return program


def stop(program: GrantsProgram, by: str = "stu", kind: FreezeKind = FreezeKind.HAND, reason: str = "Stop.") -> Stopped:
    return freeze_and_measure(program.desk, Asked(program.actor(by)), program.workflow(), Stop(reason, kind))


def test_the_time_until_a_decision_was_refused_is_kept_with_the_freeze(refunds: GrantsProgram) -> None:
    refunds.unattended()
    begun = monotonic()
    stopped = stop(refunds)
    held = refunds.ask(lambda view: view.grants.freeze(refunds.workflow().id))
    assert held
    assert stopped == Stopped(held.id, refunds.workflow().id, held.took_s)
    assert Decimal("0.001") <= (held.took_s or 0) <= Decimal(f"{monotonic() - begun:.3f}") + 1
    assert refunds.facts()[-3:] == ("workflow_frozen", "decisions_logged", "freeze_measured")
    (entry,) = refunds.ask(lambda view: view.decisions.log(LogQuery(dry_run=True)))
    assert (entry.decision.action, entry.decision.outcome, entry.decision.codes) == (
        "send_macro",
        "deny",
        ("workflow.frozen",),
    )
    assert refunds.verify().ok


def test_a_drill_is_held_with_its_time_and_ticks_its_item(refunds: GrantsProgram) -> None:
    stopped = stop(refunds, kind=FreezeKind.DRILL)
    (drill,) = refunds.ask(lambda view: view.drills.of_workflow(refunds.workflow().id))
    assert (drill.kind, drill.took_s) == (DrillKind.FREEZE, stopped.took_s)
    row = refunds.row("drill_freeze")
    assert row.state is ItemState.DONE
    assert row.proof
    assert row.proof.summary == f"a freeze was rehearsed, and the first decision was refused after {drill.took_s} s"


def test_the_time_counts_from_where_the_command_began(refunds: GrantsProgram) -> None:
    asked = Asked(refunds.actor("stu"))
    stopped = freeze_and_measure(refunds.desk, asked, refunds.workflow(), Stop("Stop.", begun_s=monotonic() - 100))
    assert stopped.took_s
    assert 100 <= stopped.took_s < 130


def test_what_is_refused_is_not_measured(refunds: GrantsProgram) -> None:
    with pytest.raises(NotAllowed):
        stop(refunds, by="max")
    with pytest.raises(BadInput):
        stop(refunds, reason=" ")
    stop(refunds)
    with pytest.raises(Conflict, match="is frozen already"):
        stop(refunds)
    assert refunds.facts().count("freeze_measured") == 1


def test_all_workflows_are_frozen_at_once_and_each_is_measured(refunds: GrantsProgram) -> None:
    refunds.start("triage_agent")
    stopped = freeze_all_and_measure(refunds.desk, Asked(refunds.actor("lea")), Stop("Stop all."))
    assert {each.workflow_id for each in stopped} == {
        refunds.workflow().id,
        refunds.workflow("triage_agent").id,
    }
    assert all(each.took_s for each in stopped)
    assert refunds.facts().count("freeze_measured") == 2
