"""Taking a workflow over where it stands: which memo may speak for it, and which items lie behind it (RULES)."""

import re
from collections.abc import Iterable
from datetime import date

from bot.domain.checklists import Row
from bot.domain.errors import BadInput
from bot.domain.items import ItemState
from bot.domain.memos import Memo
from bot.domain.playbook import PhaseName
from bot.domain.wording import cut


def earlier(phase: PhaseName) -> tuple[PhaseName, ...]:
    """The phases before `phase`, in their order."""
    order = tuple(PhaseName)
    return order[: order.index(phase)]


def demand_apt(memo: Memo, name: str) -> None:
    """Nothing, if `memo` may be what the take-over of the workflow called `name` rests on; else a refusal.

    A memo cannot be about a workflow that does not exist yet: it is about none, or its text names this one.
    """
    said = memo.content
    text = "\n".join((said.title, said.decision, said.context, said.options)).casefold()
    if memo.workflow is None or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        return
    raise BadInput(
        f"“{cut(memo.title, 80)}” is about {memo.workflow} and does not name {name}: file a memo about no workflow, "
        f"or one whose text names {name}, and give its id.",
        "memo",
    )


def taken_over(rows: Iterable[Row], to: PhaseName, today: date) -> tuple[Row, ...]:
    """The rows that lie behind a workflow which enters `to` now: those of earlier phases, unless ticked by hand.

    Of an item that recurs it is what was due before today; what comes round later is the workflow's own. No gate ends
    the last phase, so what recurs there and was due before lies behind too.
    """
    behind = {*earlier(to), *({to} if to.following is None else ())}
    return tuple(
        row
        for row in rows
        if row.phase in behind
        and (row.due_on < today if row.item.every_days else row.phase is not to)
        and not (row.record and row.record.state is ItemState.DONE)
    )
