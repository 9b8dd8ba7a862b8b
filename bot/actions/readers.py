"""Who looks at what was written down, and what of it they may see."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.searching import newest_memos
from bot.domain.documents import Document
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.memos import Memo
from bot.domain.people import Actor
from bot.domain.searching import words_sought
from bot.domain.visibility import Reader
from bot.domain.workflows import Workflow
from store import View
from store.searching import Wanted

HOLDER = Reader("", sees_all=True)
"""Whoever holds the database itself and asks in nobody's name."""


def reader_of(view: View, actor: Actor) -> Reader:
    """`actor` as a reader; agents and services read what is for everyone.

    Whoever held a role in a workflow that is closed still reads what is for its roles, and is not of its team for that.
    """
    if not actor.is_person:
        return Reader(actor.handle)
    handle, handles = actor.handle, actor.handles
    near = tuple({workflow.id: workflow for each in handles for workflow in view.workflows_ever_of(each)}.values())
    return Reader(
        handle=handle,
        decides_all=bool(actor.admin_because or actor.approver_because),
        approves=frozenset(view.approver_teams(handle)),
        leads=frozenset(team.id for team in view.teams() if team.lead.handle in handles),
        teams=frozenset(workflow.team.id for workflow in near if workflow.outcome is None),
        workflows=frozenset(w.id for w in near if any(h.person.handle in handles for h in w.holders)),
    )


def memo_for(view: View, reader: Reader, memo_id: str) -> Memo:
    """The memo, if `reader` may know of it; to others it does not exist."""
    memo = view.memos.one(memo_id)
    if not reader.knows_of(memo.audience):
        raise NotFound(f"There is no memo {memo_id.strip()!r}. The command memo list shows those that exist.")
    return memo


def memos_for(view: View, reader: Reader, words: str = "", most: int | None = None) -> tuple[Memo, ...]:
    """The memos that `reader` may know of and that hold all of `words`, the newest first: all, or at most so many.

    In what they may not read, words are not looked for, since a hit would give away what stands there.
    """
    return newest_memos(view, Wanted(reader, words_sought(words) if words.strip() else ()), most)


def in_force_for(view: View, reader: Reader, most: int) -> tuple[Memo, ...]:
    """The newest memos that `reader` may know of and that nothing has superseded, at most so many."""
    return newest_memos(view, Wanted(reader, in_force=True), most)


def at_large_for(view: View, reader: Reader, most: int) -> tuple[Memo, ...]:
    """The newest memos about no workflow that `reader` may know of, at most so many."""
    return newest_memos(view, Wanted(reader, at_large=True), most)


def memos_about(view: View, reader: Reader, workflow: Workflow) -> tuple[Memo, ...]:
    """The memos about a workflow that `reader` may know of, the newest first."""
    return tuple(memo for memo in view.memos.of_workflow(workflow.id) if reader.knows_of(memo.audience))


@dataclass(frozen=True, slots=True)
class Link:
    """One memo of a chain in which each took the place of the one before; no title where it may not be known of."""

    memo_id: str
    title: str | None
    decided_at: datetime


CHAIN_LIMIT = 12
"""So many memos before and after one are named."""


def chain_for(view: View, reader: Reader, memo: Memo) -> tuple[Link, ...]:
    """The memos whose place this one took, this one, and those that took its place, the oldest first."""
    before, after = list[Memo](), list[Memo]()
    at = memo
    while at.content.supersedes and len(before) < CHAIN_LIMIT:
        at = view.memos.one(at.content.supersedes)
        before.insert(0, at)
    at = memo
    while at.superseded_by and len(after) < CHAIN_LIMIT:
        at = view.memos.one(at.superseded_by)
        after.append(at)
    return tuple(_link(reader, each) for each in (*before, memo, *after))


def _link(reader: Reader, memo: Memo) -> Link:
    return Link(memo.id, memo.title if reader.knows_of(memo.audience) else None, memo.decided_at)


def demand_reads(reader: Reader, document: Document) -> None:
    """Nothing, if `reader` may read the whole document; else a refusal that says who may."""
    if not reader.reads(document.audience):
        raise NotAllowed(
            f"A red-team review is read by those who hold a role in {document.workflow}, its reviewers, approvers and "
            "admins; its title and verdict are for all. Ask one of them."
        )
