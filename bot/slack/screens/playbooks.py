"""Moving a workflow to another playbook: which one, what would be different, and the same on the approver's card."""

from collections.abc import Sequence

from bot import playbooks
from bot.domain.memos import Memo
from bot.domain.playbook_moves import Change, PlaybookDifference
from bot.domain.wording import cut
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, chosen, context, field, modal, option, radio, section
from bot.slack.pen import Pen

_MEMOS_LIMIT = 100
_CHANGES_LIMIT = 15


def difference_blocks(pen: Pen, found: PlaybookDifference, memo_id: str) -> list[Block]:
    """What a move changes: first what it loosens, since that is what someone has to agree to."""
    rest = tuple(each for each in found.changes if each not in (*found.loosened, *found.tightened))
    groups = (("Loosened", found.loosened), ("Tightened", found.tightened), ("Also changed", rest))
    blocks = [section(pen.md("playbooks.counts", d=found, memo=memo_id))]
    blocks += [section(_group(pen, title, changes)) for title, changes in groups if changes]
    if found.undone:
        blocks.append(section(pen.md("playbooks.undone", d=found)))
    return blocks


def _group(pen: Pen, title: str, changes: Sequence[Change]) -> str:
    more = len(changes) - _CHANGES_LIMIT
    return pen.md("playbooks.group", title=title, changes=changes[:_CHANGES_LIMIT], more=max(more, 0))


def choose_modal(pen: Pen, workflow: Workflow, filed: tuple[Memo, ...], memory: str) -> Block:
    """To which playbook, and by which memo."""
    shipped = [playbooks.load(playbooks.shipped_text(id_), id_) for id_ in playbooks.shipped()]
    offered = [option(f"{each.title}, version {each.version}", each.id, each.summary) for each in shipped[:10]]
    known = workflow.playbook.id if any(each.id == workflow.playbook.id for each in shipped) else shipped[0].id
    memos = [option(cut(memo.title, 70), memo.id) for memo in filed[:_MEMOS_LIMIT]]
    blocks = [
        section(pen.md("workflows.edit_playbook", w=workflow)),
        field("playbook", "Which playbook is it to follow?", radio(offered, known)),
        field("memo", "Which memo says why?", chosen(memos)),
        context(pen.md("playbooks.shown_first")),
    ]
    return modal("playbook.choose", "Move to a playbook", blocks, submit="Show what changes", metadata=memory)


def confirm_modal(pen: Pen, found: PlaybookDifference, memo_id: str, memory: str) -> Block:
    """What would be different, before anything is."""
    blocks = [*difference_blocks(pen, found, memo_id), context(pen.md("playbooks.consequence", d=found))]
    submit = "Ask for it" if found.needs_approver else "Move"
    return modal("playbook.move", "What changes", blocks, submit=submit, metadata=memory)
