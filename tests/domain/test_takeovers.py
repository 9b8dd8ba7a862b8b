"""Take-overs: what lies behind a workflow that comes late."""

import pytest

from bot.domain.checklists import Known
from bot.domain.items import ItemState
from bot.domain.playbook import PhaseName
from bot.domain.takeovers import earlier, taken_over
from tests.domain.samples import item, judged, on_day, playbook, record


def test_the_earlier_phases_are_all_those_before() -> None:
    assert earlier(PhaseName.PILOT) == ()
    assert earlier(PhaseName.SCALING) == (PhaseName.PILOT, PhaseName.PRODUCTION)


@pytest.mark.parametrize(
    ("to", "behind"),
    [
        (PhaseName.PRODUCTION, ["early", "again", "again#2"]),
        (PhaseName.SCALING, ["early", "again", "again#2", "middle"]),
        (PhaseName.OPERATING, ["early", "again", "again#2", "middle", "forever"]),
    ],
)
def test_items_of_earlier_phases_lie_behind_and_of_those_that_recur_what_was_due_before(
    to: PhaseName, behind: list[str]
) -> None:
    book = playbook(
        item("early", 5),
        item("again", 10, every_days=20),
        item("proven", 7),
        production=(item("middle", 50),),
        operating=(item("forever", 35, every_days=90),),
    )
    known = Known(records=(record("proven", ItemState.DONE),))
    found = judged(book, on_day(40), known=known)
    assert [str(row.key) for row in taken_over(found.rows, to, found.today)] == behind
