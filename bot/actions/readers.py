"""Who looks at what was written down, and what of it they may see."""

from bot.domain.documents import Document
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.memos import Memo
from bot.domain.people import Actor
from bot.domain.visibility import Reader
from store import View

HOLDER = Reader("", sees_all=True)
"""Whoever holds the database itself and asks in nobody's name."""


def reader_of(view: View, actor: Actor) -> Reader:
    """`actor` as a reader; agents and services read what is for everyone."""
    if not actor.is_person:
        return Reader(actor.handle)
    handle, handles = actor.handle, actor.handles
    near = tuple({workflow.id: workflow for each in handles for workflow in view.workflows_of(each)}.values())
    return Reader(
        handle=handle,
        decides_all=bool(actor.admin_because or actor.approver_because),
        approves=frozenset(view.approver_teams(handle)),
        leads=frozenset(team.id for team in view.teams() if team.lead.handle in handles),
        teams=frozenset(workflow.team.id for workflow in near),
        workflows=frozenset(w.id for w in near if any(h.person.handle in handles for h in w.holders)),
    )


def memo_for(view: View, reader: Reader, memo_id: str) -> Memo:
    """The memo, if `reader` may know of it; to others it does not exist."""
    memo = view.memos.one(memo_id)
    if not reader.knows_of(memo.audience):
        raise NotFound(f"There is no memo {memo_id.strip()!r}. The command memo list shows those that exist.")
    return memo


def memos_for(view: View, reader: Reader, words: str = "") -> tuple[Memo, ...]:
    """The memos that `reader` may know of and that hold all of `words`, the newest first.

    In what they may not read, words are not looked for, since a hit would give away what stands there.
    """
    known = [memo for memo in view.memos.all() if reader.knows_of(memo.audience)]
    if not words.strip():
        return tuple(known)
    return tuple(memo for memo in known if (memo if reader.reads(memo.audience) else memo.without_body()).names(words))


def demand_reads(reader: Reader, document: Document) -> None:
    """Nothing, if `reader` may read the whole document; else a refusal that says who may."""
    if not reader.reads(document.audience):
        raise NotAllowed(
            f"A red-team review is read by those who hold a role in {document.workflow}, its reviewers, approvers and "
            "admins; its title and verdict are for all. Ask one of them."
        )
