"""Policies: the entries of the registry, in which each rule that people and agents keep to has its one home."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.deviations import DeviationArea
from bot.domain.errors import BadInput
from bot.domain.gaps import Gap, Incomplete, gaps_in_words
from bot.domain.people import Person
from bot.domain.wording import one_line

NAME_LIMIT = 80
TEXT_LIMIT = 3000
LINK_LIMIT = 500
REVIEW_LIMIT_DAYS = 1096
"""Three years: whoever writes a later day has mistyped the year, or lets the policy rest for good."""

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a policy says, about what, and on which day somebody looks at it again: its words, or a link to them.

    Neither once whoever wrote it was erased.
    """

    area: DeviationArea
    review_on: date
    text: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy as it was written once; the first has the number 1."""

    number: int
    entry: Entry
    owner: Person
    written_by: Person
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as it stands, by the name that never changes."""

    id: str
    name: str
    latest: PolicyVersion

    @property
    def entry(self) -> Entry:
        """What it says now."""
        return self.latest.entry

    def is_due(self, today: date) -> bool:
        """Whether the day of its review has come."""
        return self.entry.review_on <= today

    def names(self, words: str) -> bool:
        """Whether all of these words stand in its name, area, text or link."""
        said = (self.name, self.entry.area.replace("_", " "), self.entry.text or "", self.entry.link or "")
        found = "\n".join(said).casefold()
        return all(word in found for word in words.casefold().split())


def policy_name(text: str) -> str:
    """`text` as a policy's name: one line without anything invisible, not empty, at most 80 characters."""
    name = one_line(text)
    if not name:
        raise BadInput("A policy needs a name: type what people call it, for instance Refund limits.", "name")
    if len(name) > NAME_LIMIT:
        raise BadInput(
            f"A policy's name has at most {NAME_LIMIT} characters and this one has {len(name)}: shorten it.", "name"
        )
    return name


def said_in(text: str) -> dict[str, str]:
    """What was typed where words or a link may stand, as the `text` or the `link` of an entry."""
    said = text.strip()
    return {"link" if _LINK.fullmatch(said) else "text": said}


def whole(entry: Entry, today: date, before: Entry | None = None) -> Entry:
    """The entry without room around its words; Incomplete with everything that it lacks.

    A day of review that has passed is taken only where it stood there `before`.
    """
    found = replace(entry, text=_kept(entry.text), link=_kept(entry.link))
    is_old = before is not None and before.review_on == entry.review_on
    if gaps := (*_gaps_in_saying(found), *(() if is_old else _gaps_in_review(found, today))):
        raise Incomplete(" ".join(gap.sentence for gap in gaps), gaps)
    return found


def _kept(words: str | None) -> str | None:
    return (words or "").strip() or None


def _gaps_in_saying(entry: Entry) -> Iterator[Gap]:
    if entry.text and entry.link:
        yield Gap("text", "A policy has its words here or under a link, not both: leave one of them out.")
    if not entry.text and not entry.link:
        yield Gap("text", "Give the policy's words, or a link to where they stand.")
    yield from gaps_in_words("text", entry.text or "", TEXT_LIMIT)
    yield from gaps_in_words("link", entry.link or "", LINK_LIMIT)
    if entry.link and not (_LINK.fullmatch(entry.link) and entry.link.isprintable()):
        yield Gap("link", "A link is a web address that begins with https://: copy it whole.")


def _gaps_in_review(entry: Entry, today: date) -> Iterator[Gap]:
    if entry.review_on < today:
        yield Gap("review_on", "The day of the next review is still to come: give today's date or a later one.")
    elif (entry.review_on - today).days > REVIEW_LIMIT_DAYS:
        yield Gap("review_on", "A policy is looked at again within three years: give an earlier date.")
