"""What became of a digest's message, written down under the fence of whoever sent it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.actions.desk import Turn
from bot.actions.digests.freezing import put_part
from bot.actions.digests.holding import remember
from bot.domain.digests.editions import Edition
from bot.domain.digests.pages import following, message_of
from bot.domain.digests.slots import slot_after
from bot.domain.errors import Conflict
from bot.domain.facts import DigestPosted, DuplicateDeleted
from store import Posting, outbox
from store.outbox import Letter
from store.recording.digests import note_plain

SWEEP = "digest_sweep"
"""The kind of posting that says nothing: it looks for second copies of a digest, and deletes them."""

SWEEPS = (timedelta(minutes=2), timedelta(minutes=15), timedelta(minutes=60))
BEFORE_NEXT = timedelta(minutes=30)


class FenceLost(Conflict):
    """Someone else had the message meanwhile; `standing` is the posting as they left it."""

    def __init__(self, standing: Posting | None) -> None:
        super().__init__("Somebody else delivers this digest by now.")
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that stands in Slack: `found` there, or sent; `looked` where the channel could be read before.

    `late` tells that it says so itself, `plain` that Slack took only its words.
    """

    channel: str
    ts: str
    found: bool
    looked: bool
    late: bool
    plain: bool


def mark(turn: Turn, posting: Posting, edition: Edition, part: int, delivery: Delivery) -> None:
    """The message recorded as posted, in one transaction with its fact and whatever follows from it.

    Raises FenceLost where another worker has it. Marked already with this very message, it is done.
    """
    change = turn.change
    if not change.in_outbox(lambda box: outbox.mark_posted(box, posting, delivery.channel, delivery.ts)):
        standing = change.in_outbox(lambda box: outbox.find(box, posting.dedupe_key))
        if standing and (standing.state, standing.result_ts) == ("posted", delivery.ts):
            return
        raise FenceLost(standing)
    put_following(turn, edition, part, plain=delivery.plain)
    if part:
        if delivery.plain:
            change.in_outbox(lambda box: note_plain(box, edition.id, message_of(edition, part)))
        return
    now = change.digests.one(edition.id)
    fact = DigestPosted(
        digest_id=now.id,
        audience=now.audience,
        week=now.week,
        channel=delivery.channel,
        ts=delivery.ts,
        found=delivery.found,
        late=delivery.late,
        plain=delivery.plain,
        looked=delivery.looked,
    )
    turn.record(fact)
    remember(turn, now)
    _put_sweeps(turn, now)


def put_following(turn: Turn, edition: Edition, part: int, *, plain: bool) -> None:
    """The next message of its thread, which waits until the one before it stands: so they stand in their order."""
    following_part = following(edition, part, plain=plain)
    if following_part is not None:
        put_part(turn, edition, following_part)


def _put_sweeps(turn: Turn, edition: Edition) -> None:
    last = slot_after(edition.slot).at - BEFORE_NEXT
    for number, at in enumerate((*(turn.at + after for after in SWEEPS), last), start=1):
        body = {"digest": edition.id}
        letter = Letter(SWEEP, f"{edition.key}:sweep:{number}", edition.channel, body, at)
        turn.change.in_outbox(partial(outbox.put, letter=letter, at=turn.at))


def note_deleted(turn: Turn, edition: Edition, part: int, gone_ts: str, kept_ts: str) -> None:
    """A second copy of one of a digest's messages is gone, and the one at `kept_ts` stands."""
    fact = DuplicateDeleted(
        digest_id=edition.id,
        audience=edition.audience,
        week=edition.week,
        channel=edition.posted_channel or edition.channel,
        part=part,
        ts=gone_ts,
        kept_ts=kept_ts,
    )
    turn.record(fact)
