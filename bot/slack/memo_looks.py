"""Reading memos in Slack: found by words, looked at whole with what came before and after, and exported."""

from bot.actions.readers import chain_for, memo_for, memos_for
from bot.domain.errors import NotAllowed
from bot.domain.memos import Memo
from bot.domain.visibility import Reader
from bot.sheets import memo_sheet
from bot.slack.answers import Answer, Say
from bot.slack.blocks import Screen
from bot.slack.registry import Group, click, command
from bot.slack.screens.memo_cards import LIST_LIMIT, Shown, export_screen, list_screen, memo_screen
from bot.slack.visit import Click, Visit
from store import View


@command("memos [words]", "what was decided: the newest memos, or those that hold these words", Group.LOOK_UP)
def found(visit: Visit, typed: str) -> Answer:
    """The memos that the visitor may know of and in which all of the words stand, the newest first."""
    with visit.look() as view:
        memos = memos_for(view, visit.reader(view), typed, LIST_LIMIT + 1)
    return Say(list_screen(visit.pen, memos, typed))


@click("memo.show")
def show(visit: Visit, clicked: Click) -> Answer:
    """One memo whole, told to whoever clicked, as far as they may read it."""
    return Say(one_memo(visit, clicked.value))


def one_memo(visit: Visit, memo_id: str) -> Screen:
    """One memo whole, as far as the visitor may read it, with the memos that it follows from and that follow it."""
    with visit.look() as view:
        reader = visit.reader(view)
        memo, reads = _readable(view, reader, memo_id)
        return memo_screen(visit.pen, Shown(memo, reads, chain_for(view, reader, memo)))


@click("memo.export")
def export(visit: Visit, clicked: Click) -> Answer:
    """One memo as a file of Markdown, to be copied, for whoever may read it."""
    with visit.look() as view:
        memo, reads = _readable(view, visit.reader(view), clicked.value)
    if not reads:
        raise NotAllowed(
            "What this memo says is for the workflow's roles, approvers and admins, so it can't be exported for you. "
            "Ask one of them."
        )
    return Say(export_screen(visit.pen, memo, memo_sheet(memo)))


def _readable(view: View, reader: Reader, memo_id: str) -> tuple[Memo, bool]:
    memo = memo_for(view, reader, memo_id)
    reads = reader.reads(memo.audience)
    return (memo if reads else memo.without_body()), reads
