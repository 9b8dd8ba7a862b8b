"""How a digest comes to stand in Slack once: looked for before every post, sent in time, marked under a fence.

Of the other messages a second copy is a nuisance, of a digest a broken promise. So each attempt, the first one too,
looks into the channel before it says anything; what cannot be looked up is left to a person (RELIABILITY, section 3).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from bot.actions.desk import SCHEDULER, Asked, Desk
from bot.actions.digests import delivering, holding, part_holding
from bot.actions.digests.delivering import Delivery, FenceLost
from bot.domain.digests.editions import Edition, EditionState, HoldCause
from bot.domain.digests.pages import message_of, page_of
from bot.domain.digests.slots import CATCH_UP
from bot.slack.blocks import Screen
from bot.slack.messenger import LOCKED_OUT, Messenger, NotSaid, PerhapsSaid, Posted
from bot.slack.screens.digest_delivery import as_sent, is_plain, says_late
from store import Posting, outbox
from store.recording.digests import note_sending

log = structlog.get_logger()

SEND_WITHIN_S = 10.0
"""A send that has not begun so long after the last look at the fence is not begun: the lease may be over by its end."""
LOOK_BACK = timedelta(hours=1)
"""How far before the slot is looked, for machines whose clocks disagree with Slack's."""
_BACK_OFF_S = (5, 30, 120, 600, 1800)
_LOCKED_OUT_S = 600
_NO_SCOPE = "missing_scope"
_TOO_MUCH = {"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "too_many_attachments"}
_CAUSES = {
    "not_in_channel": HoldCause.NOT_IN_CHANNEL,
    "channel_not_found": HoldCause.NOT_IN_CHANNEL,
    "is_archived": HoldCause.ARCHIVED,
    "restricted_action": HoldCause.REFUSED,
    _NO_SCOPE: HoldCause.REFUSED,
}
_BLIND = {HoldCause.UNREADABLE, HoldCause.NOT_IN_CHANNEL, HoldCause.UNSURE, HoldCause.REFUSED}
"""Causes past which an admin may let a digest be posted without a look: they looked themselves."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one message of a digest, by whoever holds its claim."""

    posting: Posting
    edition: Edition
    part: int
    now: datetime

    @property
    def under(self) -> Posted | None:
        """The digest under which it stands, for a message of its thread."""
        if not self.part or not self.edition.posted_ts:
            return None
        return Posted(self.edition.posted_channel or self.edition.channel, self.edition.posted_ts)

    @property
    def oldest_s(self) -> float:
        """Since when it may stand in the channel, by Slack's clock, whatever ours says."""
        return (min(self.edition.slot.at, self.edition.known_at) - LOOK_BACK).timestamp()

    @property
    def despite(self) -> frozenset[HoldCause]:
        """What an admin looked past, for the digest and for this part of it."""
        body = self.posting.body
        of_part = body.get("despite") if isinstance(body, dict) else None
        own = (self.edition.despite, HoldCause(str(of_part)) if of_part else None)
        return frozenset(cause for cause in own if cause)

    @property
    def may_be_blind(self) -> bool:
        """Whether it certainly was never sent before, as far as we know; a person's word makes it certain."""
        return self.posting.begun_at is None


class DigestPosts:
    """Delivers digests; `lease_s` must outlast a call and the lag with which Slack shows what it took."""

    def __init__(
        self, desk: Desk, messenger: Messenger, lease_s: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._desk = desk
        self._messenger = messenger
        self._lease_s = lease_s
        self._monotonic = monotonic

    def deliver(self, posting: Posting) -> None:
        """One claimed message, posted or found, put off, held, or given up."""
        attempt = self._attempt(posting)
        if attempt.edition.state is not (EditionState.POSTED if attempt.part else EditionState.FROZEN):
            self._write(lambda box: outbox.skip(box, posting, "its digest is not on its way any more"))
            return
        if attempt.part and attempt.under is None:
            self._write(lambda box: outbox.skip(box, posting, "nobody knows where the digest stands"))
            return
        try:
            self._look_and_post(attempt)
        except PerhapsSaid as error:
            log.warning("unknown whether the digest stands; will look", posting=posting.id, why=str(error))
            self._end_if_over(attempt, error)

    def _end_if_over(self, attempt: Attempt, error: PerhapsSaid) -> None:
        """Nothing is looked for longer than 48 hours: then a digest is missed, and admins are asked about a part."""
        if not attempt.part:
            self._give_up_if_over(attempt, f"Nobody knows whether it stands in its channel. {error}")
        elif attempt.now - attempt.posting.not_before > CATCH_UP:
            cause, why = HoldCause.UNREADABLE, str(error)
            self._desk.do(Asked(SCHEDULER), part_holding.hold, attempt.posting, cause, why)

    def _attempt(self, posting: Posting) -> Attempt:
        body = posting.body
        assert isinstance(body, dict)
        with self._desk.reading() as view:
            edition = view.digests.one(str(body["digest"]))
        return Attempt(posting, edition, int(str(body["part"])), self._desk.clock.now())

    def _look_and_post(self, attempt: Attempt) -> None:
        looked = True
        try:
            found = self._messenger.find(attempt.edition.channel, attempt.posting.id, attempt.oldest_s, attempt.under)
        except NotSaid as error:
            if not self._may_post_unseen(attempt, error):
                self._not_seen(attempt, error)
                return
            found, looked = None, False
        if found:
            self._mark(attempt, self._as_it_stands(attempt, found))
            return
        if self._give_up_if_over(attempt, "It could not be posted while there was time."):
            return
        if self._is_free(attempt):
            self._post(attempt, looked=looked, plain=page_of(attempt.edition, attempt.part) > 0)

    def _as_it_stands(self, attempt: Attempt, found: Posted) -> Delivery:
        """What was found, with what it says beside its words, which a restored backup does not know."""
        edition = attempt.edition
        late, plain = edition.late, edition.is_plain(message_of(edition, attempt.part))
        try:
            standing = self._messenger.read(found, attempt.under)
        except NotSaid as error:
            log.warning("cannot read again what was found of the digest", why=error.reason)
        else:
            if standing:
                late, plain = says_late(edition, standing), is_plain(standing)
        return Delivery(found.channel, found.ts, found=True, looked=True, late=late, plain=plain)

    def _may_post_unseen(self, attempt: Attempt, error: NotSaid) -> bool:
        """Whether a channel that cannot be read is no obstacle: the scope was never granted, or an admin looked."""
        if not attempt.may_be_blind:
            return False
        if error.reason == _NO_SCOPE:
            return True
        return error.retry_after_s is None and error.reason not in LOCKED_OUT and bool(attempt.despite & _BLIND)

    def _not_seen(self, attempt: Attempt, error: NotSaid) -> None:
        if error.reason == _NO_SCOPE:
            self._hold(attempt, HoldCause.UNSURE, error)
        elif error.retry_after_s is not None or error.reason in LOCKED_OUT:
            # Nothing is given up before a look: whoever mends the token finds out then whether it is too late.
            later = attempt.now + timedelta(seconds=error.retry_after_s or _LOCKED_OUT_S)
            self._write(lambda box: outbox.wait(box, attempt.posting, later, str(error)))
        else:
            self._hold(attempt, _CAUSES.get(error.reason, HoldCause.UNREADABLE), error)

    def _is_free(self, attempt: Attempt) -> bool:
        """Whether the channel may be posted to at this moment: not archived, and no other company reads there."""
        edition = attempt.edition
        try:
            room = self._messenger.room(edition.channel)
        except NotSaid as error:
            is_final = error.retry_after_s is None and error.reason not in LOCKED_OUT
            if is_final and attempt.despite & {*_BLIND, HoldCause.UNKNOWN_READERS}:
                return True
            if error.reason == _NO_SCOPE:
                self._hold(attempt, HoldCause.UNKNOWN_READERS, error)
            else:
                self._not_seen(attempt, error)
            return False
        allowed = HoldCause.SHARED in attempt.despite or edition.channel in self._desk.configured.shared
        if room.is_shared and not allowed:
            self._hold(attempt, HoldCause.SHARED, NotSaid("shared with another company", None))
            return False
        return True

    def _post(self, attempt: Attempt, *, looked: bool, plain: bool) -> None:
        edition = attempt.edition
        late = edition.slot.is_late(attempt.now) and not attempt.part
        screen = as_sent(edition, attempt.part, late=late, plain=plain)
        begun_s = self._monotonic()
        if not self._begin(attempt, late=late, plain=plain):
            return
        try:
            posted = self._send(attempt, screen, begun_s)
        except NotSaid as error:
            if error.reason in _TOO_MUCH and not plain:
                log.error("Slack did not take the digest's blocks; its words go alone", why=error.reason)
                self._post(attempt, looked=looked, plain=True)
            else:
                self._refused(attempt, error)
            return
        if posted:
            self._mark(attempt, Delivery(posted.channel, posted.ts, found=False, looked=looked, late=late, plain=plain))

    def _begin(self, attempt: Attempt, *, late: bool, plain: bool) -> bool:
        """Whether the claim is still ours, for a whole lease from now on; what is sent is noted before it is sent."""

        def noted(box: Connection) -> bool:
            if outbox.begin(box, attempt.posting, attempt.now, self._lease_s) is None:
                return False
            if not attempt.part:
                note_sending(box, attempt.edition.id, late=late, plain=plain)
            return True

        return self._desk.store.database.retrying(noted)

    def _send(self, attempt: Attempt, screen: Screen, begun_s: float) -> Posted | None:
        """Where it stands now; None where too much time has gone by to begin."""
        if self._monotonic() - begun_s > SEND_WITHIN_S:
            log.warning("too slow to send the digest; the next claim decides", posting=attempt.posting.id)
            return None
        return self._messenger.post(attempt.edition.channel, screen, attempt.posting.id, attempt.under)

    def _refused(self, attempt: Attempt, error: NotSaid) -> None:
        posting = attempt.posting
        if error.reason in _CAUSES:
            self._hold(attempt, _CAUSES[error.reason], error)
        elif error.retry_after_s is None and error.reason not in LOCKED_OUT and posting.attempt >= len(_BACK_OFF_S):
            self._hold(attempt, HoldCause.REFUSED, error)
        else:
            usual_s = _LOCKED_OUT_S if error.reason in LOCKED_OUT else _BACK_OFF_S[min(posting.attempt, 5) - 1]
            later = attempt.now + timedelta(seconds=error.retry_after_s or usual_s)
            self._write(lambda box: outbox.back_off(box, posting, later, str(error)))

    def _mark(self, attempt: Attempt, delivery: Delivery) -> None:
        try:
            self._desk.do(Asked(SCHEDULER), delivering.mark, attempt.posting, attempt.edition, attempt.part, delivery)
        except FenceLost as lost:
            standing = lost.standing
            log.warning("somebody else delivered the digest meanwhile", posting=attempt.posting.id)
            if standing and standing.state == "posted" and standing.result_ts and not delivery.found:
                self._messenger.delete(Posted(delivery.channel, delivery.ts))
                self._desk.do(
                    Asked(SCHEDULER),
                    delivering.note_deleted,
                    attempt.edition,
                    attempt.part,
                    delivery.ts,
                    standing.result_ts,
                )

    def _give_up_if_over(self, attempt: Attempt, reason: str) -> bool:
        if attempt.part or not attempt.edition.slot.is_over(attempt.now):
            return False
        self._desk.do(Asked(SCHEDULER), holding.give_up, attempt.posting, reason)
        return True

    def _hold(self, attempt: Attempt, cause: HoldCause, error: NotSaid) -> None:
        log.error("digest held", audience=attempt.edition.audience, cause=cause, why=error.reason)
        if self._give_up_if_over(attempt, str(error)):
            return
        hold = part_holding.hold if attempt.part else holding.hold
        self._desk.do(Asked(SCHEDULER), hold, attempt.posting, cause, str(error))

    def _write(self, change: Callable[..., object]) -> None:
        self._desk.store.database.retrying(change)
