"""Drills: a rollback rehearsed, with its measured time, ticks the item that waits for it."""

from decimal import Decimal

import pytest

from bot.actions import drills
from bot.domain.drills import Drill, DrillKind
from bot.domain.errors import BadInput, NotAllowed, Refused
from bot.domain.items import ItemState
from tests.cast import MONDAY, agent
from tests.program import Program

LOG = "https://docs.example/rollback"


def held(program: Program) -> tuple[Drill, ...]:
    here = program.workflow().id
    return program.ask(lambda view: view.drills.of_workflow(here))


def rollback(program: Program, by: str = "stu", minutes: str = "12.5", evidence: str = LOG) -> None:
    program.do(by, drills.rollback, program.workflow(), Decimal(minutes), evidence)


def test_a_rollback_is_recorded_with_its_time_and_ticks_its_item(refunds: Program) -> None:
    rollback(refunds)
    (drill,) = held(refunds)
    assert drill == Drill(
        id=drill.id,
        workflow_id=refunds.workflow().id,
        kind=DrillKind.ROLLBACK,
        took_s=Decimal(750),
        evidence=LOG,
        held_by=drill.held_by,
        held_at=MONDAY,
    )
    row = refunds.row("rehearse_rollback")
    assert (row.state, row.proof and (row.proof.summary, row.proof.url)) == (
        ItemState.DONE,
        ("a rollback was rehearsed in 12.5 minutes", LOG),
    )
    assert refunds.facts()[-2:] == ("drill_held", "proof_seen")


def test_drills_are_read_by_kind_the_newest_first(refunds: Program) -> None:
    rollback(refunds, minutes="10")
    refunds.later(days=1)
    rollback(refunds, minutes="1")
    here = refunds.workflow().id
    assert [drill.took_s for drill in held(refunds)] == [60, 600]
    assert refunds.ask(lambda view: view.drills.of_workflow(here, DrillKind.FREEZE)) == ()
    proof = refunds.row("rehearse_rollback").proof
    assert proof
    assert proof.summary == "a rollback was rehearsed in 1 minute"


@pytest.mark.parametrize("minutes", ["0", "-1", "10001", "NaN", "Infinity"])
def test_a_time_that_nobody_can_have_measured_is_refused(refunds: Program, minutes: str) -> None:
    with pytest.raises(BadInput, match="give the time that was measured"):
        rollback(refunds, minutes=minutes)
    assert held(refunds) == ()


def test_a_drill_without_evidence_is_refused(refunds: Program) -> None:
    with pytest.raises(BadInput, match="where the rehearsal is written down"):
        rollback(refunds, evidence=" ")


@pytest.mark.parametrize("who", ["lea", "stu", "ana", "bea", "apo", "ada"])
def test_those_who_run_and_those_who_decide_record_a_drill(refunds: Program, who: str) -> None:
    rollback(refunds, who)
    assert len(held(refunds)) == 1


def test_a_member_does_once_the_item_is_theirs_and_an_agent_never(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="You can't record this drill: Ana or Stu or Lea can"):
        rollback(refunds, "max")
    refunds.assign("rehearse_rollback", "max")
    rollback(refunds, "max")
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), drills.rollback, refunds.workflow(), Decimal(5), LOG)


def test_nothing_is_rehearsed_in_a_closed_workflow(refunds: Program) -> None:
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        rollback(refunds)
