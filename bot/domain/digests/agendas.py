"""What to talk about, if one meets: at most half an hour, the gravest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from bot.domain.digests.composing import Digest
from bot.domain.digests.inputs import Reported
from bot.domain.findings.kinds import Severity
from bot.domain.findings.tracking import FindingState

MINUTES = 30
_CLOSING = 2
_MOST_DECIDING = 8
_PER_DECISION = 3


class TopicKind(StrEnum):
    """What is done about a topic."""

    DECIDE = "decide"
    DISCUSS = "discuss"
    GO_OVER = "go_over"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Topic:
    """One point of an agenda: a finding to discuss, or how many things to decide, or to go over quickly."""

    minutes: int
    kind: TopicKind
    reported: Reported | None = None
    count: int = 0


def agenda_of(digest: Digest) -> tuple[Topic, ...]:
    """The agenda, whose minutes are at most `MINUTES` together; none where there is nothing to meet about."""
    topics = tuple(_wanted(digest))
    if not topics:
        return ()
    room = MINUTES - _CLOSING
    if sum(topic.minutes for topic in topics) > room:
        fitting = sum(so_far <= room - _CLOSING for so_far in accumulate(topic.minutes for topic in topics))
        topics = (*topics[:fitting], Topic(_CLOSING, TopicKind.GO_OVER, count=len(topics) - fitting))
    return (*topics, Topic(_CLOSING, TopicKind.CLOSE))


def _wanted(digest: Digest) -> Iterator[Topic]:
    if waiting := len(digest.inputs.waiting):
        yield Topic(min(waiting * _PER_DECISION, _MOST_DECIDING), TopicKind.DECIDE, count=waiting)
    for each in digest.lines:
        yield Topic(_minutes(each), TopicKind.DISCUSS, each)


def _minutes(each: Reported) -> int:
    if each.finding.severity is Severity.CRITICAL:
        return 6
    return 4 if each.state in (FindingState.NEW, FindingState.WORSE) else 3
