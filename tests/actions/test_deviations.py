"""Deviations: opened by anyone here, mended and closed by those who answer for it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.actions import deviations
from bot.actions.readers import reader_of
from bot.domain.deviations import Deviation, DeviationArea, Entry
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from bot.domain.gaps import Incomplete
from bot.domain.workflows import Role
from tests.cast import MONDAY, agent
from tests.program import Program

ENTRY = Entry(
    "Sent 3 refunds without approval.\nFound by Eve.", DeviationArea.SECURITY, date(2026, 3, 9), "refund limits"
)


def open_one(program: Program, by: str = "max", entry: Entry = ENTRY, owner: str | None = None) -> str:
    person = program.person(owner) if owner else None
    return program.do(by, deviations.open_one, program.workflow(), entry, person).deviation_id


def read(program: Program, id_: str) -> Deviation:
    return program.ask(lambda view: view.deviations.one(id_))


def test_a_deviation_comes_back_as_it_was_opened(refunds: Program) -> None:
    found = read(refunds, open_one(refunds, owner="eve"))
    here = refunds.workflow()
    assert found == Deviation(
        id=found.id,
        workflow_id=here.id,
        workflow="refunds_agent",
        team_id=here.team.id,
        area=DeviationArea.SECURITY,
        policy="refund limits",
        summary=ENTRY.summary,
        owner=found.owner,
        due_on=date(2026, 3, 9),
        opened_by=found.opened_by,
        opened_at=MONDAY,
        closed_by=None,
        closed_at=None,
        answer=None,
    )
    assert (found.owner.handle, found.opened_by.handle, found.title) == (
        "UEVE",
        "UMAX",
        "Sent 3 refunds without approval.",
    )


def test_nobodys_deviation_is_the_stewards_then_the_owners_then_whoevers_opened_it(refunds: Program) -> None:
    holders = [read(refunds, open_one(refunds)).owner.handle]
    refunds.vacate(Role.STEWARD, "stu")
    holders.append(read(refunds, open_one(refunds)).owner.handle)
    refunds.vacate(Role.OWNER, "ana")
    holders.append(read(refunds, open_one(refunds)).owner.handle)
    assert holders == ["USTU", "UANA", "UMAX"]


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (replace(ENTRY, summary=" "), ["text"]),
        (replace(ENTRY, summary="x" * 3001), ["text"]),
        (replace(ENTRY, due_on=date(2026, 3, 1)), ["due"]),
        (replace(ENTRY, due_on=date(2027, 3, 3)), ["due"]),
        (replace(ENTRY, summary="", due_on=date(2026, 3, 1)), ["text", "due"]),
    ],
)
def test_what_is_missing_is_told_at_once(refunds: Program, entry: Entry, fields: list[str]) -> None:
    with pytest.raises(Incomplete) as refusal:
        open_one(refunds, entry=entry)
    assert [gap.field for gap in refusal.value.gaps] == fields


def test_an_agent_opens_none(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), deviations.open_one, refunds.workflow(), ENTRY, None)


@pytest.mark.parametrize("who", ["eve", "lea", "stu", "ana", "bea", "apo", "ada"])
def test_whose_it_is_and_who_runs_or_decides_closes_it(refunds: Program, who: str) -> None:
    id_ = open_one(refunds, owner="eve")
    refunds.later(days=1)
    refunds.do(who, deviations.close, id_, "The limit is checked twice now.")
    found = read(refunds, id_)
    assert (found.is_open, found.closed_by and found.closed_by.handle, found.answer) == (
        False,
        f"U{who.upper()}",
        "The limit is checked twice now.",
    )
    assert refunds.facts()[-2:] == ("deviation_opened", "deviation_closed")


def test_the_day_on_which_one_was_closed_is_the_teams(refunds: Program) -> None:
    id_ = open_one(refunds)
    refunds.clock.at = refunds.real.at = datetime(2026, 4, 1, 23, 30, tzinfo=UTC)
    refunds.do("ana", deviations.close, id_, "Done.")
    with pytest.raises(Conflict, match=r"was closed already by Ana on 2 Apr 2026\."):
        refunds.do("stu", deviations.close, id_, "Done.")


def test_others_close_none_and_nobody_without_a_word_or_twice(refunds: Program) -> None:
    id_ = open_one(refunds)
    for who in ("max", agent()):
        with pytest.raises(NotAllowed):
            refunds.do(who, deviations.close, id_, "Done.")
    with pytest.raises(BadInput, match="what was done"):
        refunds.do("ana", deviations.close, id_, "")
    refunds.do("ana", deviations.close, id_, "Done.")
    with pytest.raises(Conflict, match=r"was closed already by Ana on 2 Mar 2026\."):
        refunds.do("stu", deviations.close, id_, "Done.")
    with pytest.raises(NotFound, match="no deviation 'dev_none'"):
        refunds.do("stu", deviations.close, "dev_none", "Done.")


def test_a_closed_workflow_has_no_new_deviations_and_its_old_ones_can_still_be_closed(refunds: Program) -> None:
    id_ = open_one(refunds)
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        open_one(refunds)
    refunds.do("ana", deviations.close, id_, "Done.")


def test_the_open_ones_are_listed_by_due_day(refunds: Program) -> None:
    later = open_one(refunds, entry=replace(ENTRY, due_on=date(2026, 3, 20)))
    sooner = open_one(refunds)
    closed = open_one(refunds)
    refunds.do("ana", deviations.close, closed, "Done.")
    here = refunds.workflow().id
    assert [each.id for each in refunds.ask(lambda view: view.deviations.open())] == [sooner, later]
    assert [each.id for each in refunds.ask(lambda view: view.deviations.open(here))] == [sooner, later]
    assert {each.id for each in refunds.ask(lambda view: view.deviations.all(here))} == {sooner, later, closed}
    assert refunds.ask(lambda view: view.deviations.open("wf_none")) == ()


@pytest.mark.parametrize(
    ("area", "may_read"), [(area, area not in ("security", "data_access")) for area in DeviationArea]
)
def test_deviations_in_security_and_data_are_read_by_few(refunds: Program, area: DeviationArea, may_read: bool) -> None:
    found = read(refunds, open_one(refunds, "eve", replace(ENTRY, area=area)))
    readers = {who: refunds.actor(who) for who in ("max", "eve", "stu", "bea")}
    seen = refunds.ask(
        lambda view: {who: reader_of(view, actor).reads(found.audience) for who, actor in readers.items()}
    )
    assert (area.is_critical, seen) == (not may_read, {"max": may_read, "eve": True, "stu": True, "bea": True})
