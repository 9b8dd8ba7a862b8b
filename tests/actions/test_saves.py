"""Quality saves: kept as signals, thanked for once, told by any member."""

from datetime import timedelta

import pytest

from bot.actions import saves
from bot.actions.saves import Saved
from bot.domain.errors import BadInput, NotAllowed, Refused
from bot.domain.people import Membership
from bot.domain.signals.kinds import QualitySave, Span
from tests.actions.test_voids import void
from tests.cast import MONDAY, agent
from tests.program import Posted, Program

WHAT = "A second payout run was stopped before it went out."


def tell(program: Program, by: str = "max", what: str = WHAT, whose: str = "eve") -> Saved:
    return program.do(by, saves.save, program.workflow(), what, program.person(whose))


def thanks(program: Program) -> list[str]:
    return [each.target for each in program.posted() if each.kind == "quality_save"]


def test_a_save_is_a_signal_that_names_who_caught_it_and_the_channel_hears_of_it(refunds: Program) -> None:
    saved = tell(refunds, what=f"  {WHAT} ")
    signal = saved.signal
    assert (saved.is_new, signal.source, signal.workflow, signal.at) == (True, "typed", "refunds_agent", MONDAY)
    assert signal.body == QualitySave(WHAT, "UEVE")
    assert Posted("quality_save", "CSUPPORT") in refunds.posted()
    assert refunds.facts()[-1] == "signals_taken"
    assert refunds.chain()[-1]["details"]["allowed_because"] == "member of the workspace"
    assert refunds.verify().ok


def test_the_same_save_is_one_on_its_day_and_another_on_the_next(refunds: Program) -> None:
    first, again, other = tell(refunds), tell(refunds, by="ana"), tell(refunds, what="Another.")
    assert (again.is_new, again.signal.id, other.is_new) == (False, first.signal.id, True)
    refunds.later(days=1)
    assert tell(refunds).is_new
    assert thanks(refunds) == ["CSUPPORT"] * 3


def test_without_a_channel_nobody_is_told(program: Program) -> None:
    team = program.team("Quiet", channel=None)
    program.start(team=team)
    assert tell(program).is_new
    assert thanks(program) == []


def test_every_member_tells_of_one_and_nobody_else(refunds: Program) -> None:
    refunds.workspace.memberships["UGUEST"] = Membership.GUEST
    for who in ("guest", agent()):
        with pytest.raises(NotAllowed):
            refunds.do(who, saves.save, refunds.workflow(), WHAT, refunds.person("eve"))
    assert thanks(refunds) == []


@pytest.mark.parametrize(("what", "why"), [(" ", "Say what was caught"), ("x" * 3001, "at most 3,000 fit")])
def test_it_takes_a_sentence(refunds: Program, what: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refusal:
        tell(refunds, what=what)
    assert refusal.value.field == "summary"


def test_a_closed_workflow_has_no_new_ones(refunds: Program) -> None:
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        tell(refunds)


def test_one_that_is_taken_back_may_be_told_again(refunds: Program) -> None:
    first = tell(refunds)
    void(refunds, first.signal.id, "bea")
    again = tell(refunds)
    assert (again.is_new, again.signal.id) == (True, f"{first.signal.id}-2")
    here, week = refunds.workflow(), Span(MONDAY, MONDAY + timedelta(days=7))
    counted = refunds.ask(lambda view: view.chronicle.saves((here.id,), week))
    assert [each.id for each in counted] == [again.signal.id]
