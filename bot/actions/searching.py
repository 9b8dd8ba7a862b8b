"""Looking for words in what was written down, within what one may see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.documents import Document
from bot.domain.memos import Memo
from bot.domain.policies import Policy
from bot.domain.searching import Sought, holds, words_sought
from bot.domain.visibility import Reader
from store import View
from store.searching import Wanted

_PORTION = 500
"""So many memos are read at a time where all are wanted."""

_LOOKS = 20
"""So often more is fetched where the domain leaves out what the index gave, which it hardly ever does."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that holds the words: `what` it is (memo, spec …), how it `stands`, and when it was written.

    `version` is the number of a document's latest one.
    """

    kind: Sought
    id: str
    title: str
    what: str
    workflow: str | None
    stands: str
    at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and whether there are more."""

    hits: tuple[Hit, ...]
    has_more: bool


def search(view: View, reader: Reader, text: str, most: int = 20) -> Found:
    """What holds all the words and `reader` may know of, the best first; BadInput without a word.

    In what they may not read, words are not looked for, since a hit would give away what stands there.
    """
    sought, hits = words_sought(text), list[Hit]()
    size = most + 1
    for look in range(_LOOKS):
        page = view.search.page(reader, sought, size, look * size)
        hits += _shown(view, reader, page, sought)
        if len(page) < size or len(hits) > most:
            return Found(tuple(hits[:most]), has_more=len(hits) > most)
    return Found(tuple(hits[:most]), has_more=True)


def newest_memos(view: View, wanted: Wanted, most: int | None = None) -> tuple[Memo, ...]:
    """The memos that are wanted, the newest first: all, or at most so many."""
    found, after = list[Memo](), 0
    while True:
        ids = view.search.memos(wanted, most, after)
        for start in range(0, len(ids), _PORTION):
            some = ids[start : start + _PORTION]
            memos = {memo.id: memo for memo in view.memos.some(some)}
            found += (memos[id_] for id_ in some if _is_shown(wanted, memos[id_]))
        if most is None or len(ids) < most or len(found) >= most:
            return tuple(found[:most])
        after += most


def _is_shown(wanted: Wanted, memo: Memo) -> bool:
    if not wanted.reader.knows_of(memo.audience):
        return False
    return wanted.reader.reads(memo.audience) or holds(memo.title, wanted.words)


def _shown(view: View, reader: Reader, page: Iterable[tuple[str, str]], sought: tuple[str, ...]) -> Iterator[Hit]:
    found = tuple(page)
    there: tuple[Memo | Document | Policy, ...] = (
        *view.memos.some(_ids(found, Sought.MEMO)),
        *view.documents.some(_ids(found, Sought.DOCUMENT)),
        *view.policies.some(_ids(found, Sought.POLICY)),
    )
    by_id = {each.id: each for each in there}
    for _, id_ in found:
        each = by_id.get(id_)
        if isinstance(each, Policy):
            yield _of_policy(each)
        elif each is not None and reader.knows_of(each.audience):
            hit = _of_memo(each) if isinstance(each, Memo) else _of_document(each)
            if reader.reads(each.audience) or holds(hit.title, sought):
                yield hit


def _ids(page: tuple[tuple[str, str], ...], kind: Sought) -> tuple[str, ...]:
    return tuple(id_ for of, id_ in page if of == kind)


def _of_memo(memo: Memo) -> Hit:
    stands = f"superseded by {memo.superseded_by}" if memo.superseded_by else "in force"
    return Hit(Sought.MEMO, memo.id, memo.title, "memo", memo.workflow, stands, memo.decided_at)


def _of_policy(policy: Policy) -> Hit:
    latest = policy.latest
    stands = f"version {latest.number}"
    return Hit(Sought.POLICY, policy.id, policy.name, "policy", None, stands, latest.written_at)


def _of_document(document: Document) -> Hit:
    latest = document.latest
    return Hit(
        Sought.DOCUMENT,
        document.id,
        document.title,
        document.kind.label,
        document.workflow,
        document.state.label,
        latest.written_at,
        latest.number,
    )
