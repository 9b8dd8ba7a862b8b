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

_PAGE = 100
_SCANNED = 5_000
"""So many hits are looked at for one reader: whoever may see few of very many is told that there may be more."""


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
    for after in range(0, _SCANNED, _PAGE):
        page = view.search.page(sought, _PAGE, after)
        for hit in _shown(view, reader, page, sought):
            if len(hits) == most:
                return Found(tuple(hits), has_more=True)
            hits.append(hit)
        if len(page) < _PAGE:
            return Found(tuple(hits), has_more=False)
    return Found(tuple(hits), has_more=True)


def memos_holding(view: View, reader: Reader, text: str) -> tuple[Memo, ...]:
    """The memos that `reader` may know of and that hold all the words, of the first `_SCANNED` hits, the best first."""
    sought, found = words_sought(text), list[Memo]()
    for after in range(0, _SCANNED, _PAGE):
        page = view.search.page(sought, _PAGE, after)
        memos = {memo.id: memo for memo in view.memos.some(_ids(page, Sought.MEMO))}
        known = (memos[id_] for _, id_ in page if id_ in memos and reader.knows_of(memos[id_].audience))
        found += (memo for memo in known if reader.reads(memo.audience) or holds(memo.title, sought))
        if len(page) < _PAGE:
            break
    return tuple(found)


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
