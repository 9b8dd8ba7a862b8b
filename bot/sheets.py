"""Memos in the MADR manner (https://adr.github.io/madr/) and documents as files, to be taken in again as they were."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bot.domain.documents import Document, Drafter
from bot.domain.memos import Entry, Memo
from bot.domain.sheltering import sheltered
from bot.domain.wording import clean, one_line
from bot.texts import Plain, Surface, Texts

_NO_WORD = re.compile(r"[^a-z0-9]+")
_SLUG_LIMIT = 60


def memo_sheet(memo: Memo) -> str:
    """The memo as Markdown with front matter, letter for letter; sections that say nothing are left out."""
    said = memo.content
    head = Texts(Surface.PLAIN, UTC).say(
        "memo.md.sheet",
        memo=memo,
        content=said,
        decided_at=_instant(memo.decided_at),
        decided_on=memo.decided_at.date().isoformat(),
        quoted=quoted,
    )
    sections = (
        ("Context and Problem Statement", said.context),
        ("Considered Options", said.options),
        ("Decision Outcome", said.decision),
    )
    return "\n\n".join((head, f"# {said.title}", *_headed(sections))) + "\n"


def drafted_memo_sheet(said: Entry, drafter: Drafter, workflow: str | None) -> str:
    """A memo that a model drafted, as a file that says so: to be checked by a person, who files it or does not."""
    head = Texts(Surface.PLAIN, UTC).say(
        "memo.md.drafted", content=said, drafter=drafter, workflow=workflow, quoted=quoted
    )
    sections = (("Decision", said.decision), ("Context", said.context), ("Options considered", said.options))
    return "\n\n".join((head, *_headed(sections)))


def with_status(context: str, status: str) -> str:
    """A memo's context with the status that its file gives it, as a memo that is filed has none of its own."""
    return Texts(Surface.PLAIN, UTC).say("memo.md.context", context=context, status=status)


def _headed(sections: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"## {title}\n\n{sheltered(words)}" for title, words in sections if words)


def document_sheet(document: Document) -> str:
    """The document as it stands, as Markdown with front matter."""
    head = Texts(Surface.PLAIN, UTC).say("document.md.head", document=document, version=document.latest, quoted=quoted)
    return f"{head}\n\n{clean(document.latest.text.body.expandtabs(4))}"


def sheet_name(memo: Memo) -> str:
    """A name for that file, by which files sort as the decisions were made."""
    slug = _NO_WORD.sub("-", memo.title.casefold())[:_SLUG_LIMIT].strip("-")
    return "-".join(part for part in (memo.decided_at.date().isoformat(), slug, memo.id) if part) + ".md"


def quoted(text: str) -> Plain:
    """`text` as a value of front matter: what JSON quotes, YAML reads."""
    return Plain(json.dumps(one_line(text), ensure_ascii=False))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
