"""Memos taken in from elsewhere, on both engines: all or none, under their own id and time, in their own order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions.memo_imports import Became, ImportRefused, Sheet, Unfit, take_in
from bot.domain.errors import NotAllowed
from bot.domain.items import ItemState
from bot.domain.memos import Move
from tests.cast import MONDAY, agent
from tests.memos.samples import FASTER, entry, file
from tests.program import Program

NAME = "refunds_agent"
EARLIER = MONDAY - timedelta(days=200)


def sheet(name: str, **fields: object) -> Sheet:
    """A memo that was decided before this program began."""
    given = {"memo_id": f"memo_{name}", "at": EARLIER, "workflow": NAME} | fields
    said = {key: given.pop(key) for key in ("supersedes", "move", "prediction", "decision") if key in given}
    return Sheet(file=f"{name}.md", entry=entry(**said), **given)  # type: ignore[arg-type]


def test_memos_keep_their_ids_and_times_and_come_in_the_order_of_their_chain(refunds: Program) -> None:
    second = sheet("b", supersedes="memo_c", at=EARLIER + timedelta(days=1), owner=refunds.person("stu"))
    first = sheet("c", prediction=replace(FASTER, check_on=date(2025, 9, 1)), move=Move.TO_PRODUCTION)
    became = refunds.do("max", take_in, (second, first))
    assert became == (Became("b.md", "memo_b", is_new=True), Became("c.md", "memo_c", is_new=True))
    found = refunds.ask(lambda view: {memo.id: memo for memo in view.memos.all()})
    assert (found["memo_c"].superseded_by, found["memo_c"].decided_at) == ("memo_b", EARLIER)
    assert (found["memo_b"].owner.handle, found["memo_b"].filed_by.handle) == ("USTU", "UMAX")
    assert (refunds.verify().ok, refunds.row("file_pilot_memo").state) == (True, ItemState.DONE)
    assert not [posted for posted in refunds.posted() if posted.kind.startswith("memo")]
    again = refunds.do("max", take_in, (second, first))
    assert again == tuple(replace(each, is_new=False) for each in became)


def test_one_that_is_unfit_keeps_all_out(refunds: Program) -> None:
    before = refunds.facts()
    late = sheet("late", at=MONDAY + timedelta(days=1))
    with pytest.raises(ImportRefused) as refusal:
        refunds.do("max", take_in, (sheet("a"), late), (Unfit("z.md", "Can't be read."),))
    assert [each.file for each in refusal.value.unfit] == ["late.md", "z.md"]
    assert (refunds.facts(), refunds.ask(lambda view: view.memos.all())) == (before, ())


def test_circles_are_refused_with_everything_in_them(refunds: Program) -> None:
    around = (sheet("a", supersedes="memo_b"), sheet("b", supersedes="memo_c"), sheet("c", supersedes="memo_a"))
    with pytest.raises(ImportRefused) as refusal:
        refunds.do("max", take_in, (*around, sheet("d")))
    assert [each.file for each in refusal.value.unfit] == ["a.md", "b.md", "c.md"]


def test_an_id_that_stands_for_another_memo_is_refused(refunds: Program) -> None:
    memo_id = file(refunds)
    mine = sheet("a", memo_id=memo_id, at=None, owner=refunds.person("ana"))
    assert refunds.do("max", take_in, (mine,)) == (Became("a.md", memo_id, is_new=False),)
    for other in (replace(mine, entry=entry(decision="Other")), replace(mine, at=EARLIER)):
        with pytest.raises(ImportRefused, match="already, and it says something else"):
            refunds.do("max", take_in, (other,))


def test_an_agent_takes_nothing_in(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), take_in, (sheet("a"),))
    assert refunds.denials() == 1
