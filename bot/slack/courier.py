"""The courier: takes from the outbox what must be told, says it once, and notes what became of it.

A message whose answer was lost may or may not stand in Slack: its claim is left to run out, and whoever
claims it next looks for its mark before saying anything again (RELIABILITY, section 3).
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.actions.desk import Desk
from bot.actions.digests import delivering, freezing
from bot.domain.errors import NotFound
from bot.slack.blocks import Screen
from bot.slack.digest_posts import DigestPosts
from bot.slack.digest_sweeps import DigestSweeps
from bot.slack.messenger import LOCKED_OUT, Messenger, NotSaid, PerhapsSaid, Posted
from bot.slack.pictures import Pictures
from bot.slack.reports import PICTURE
from bot.slack.tellings import TELLINGS, Telling
from store import Posting, outbox

log = structlog.get_logger()

_BACK_OFF_S = (5, 30, 120, 600, 1800)
_NOT_THERE = {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "missing_scope"}
_NEVER = {"user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot"}
_LOCKED_OUT_S = 600
_SOON_S = 2
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", *_NOT_THERE}


class Courier:
    """Empties the outbox when woken, in a thread of its own; `lease_s` must outlast a call and Slack's lag.

    Without `pictures` it tells things in words alone.
    """

    def __init__(
        self, desk: Desk, messenger: Messenger, lease_s: float = 120.0, pictures: Pictures | None = None
    ) -> None:
        self._desk = desk
        self._messenger = messenger
        self._pictures = pictures
        self._lease_s = lease_s
        self._locked_until: datetime | None = None
        self._apart: Mapping[str, Callable[[Posting], None]] = {
            freezing.KIND: DigestPosts(desk, messenger, lease_s).deliver,
            delivering.SWEEP: DigestSweeps(desk, messenger).sweep,
        }
        self._owner = secrets.token_hex(8)
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._woken.set()

    def stop(self, timeout_s: float = 15.0) -> None:
        """Finish the message under way, and no other."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                self.deliver_all()
            except Exception as error:
                log.error("outbox not delivered", exc_info=error)

    def deliver_all(self) -> int:
        """How many messages were taken from the outbox and dealt with."""
        count = 0
        while not self._stopped.is_set() and not self._is_locked_out() and self._deliver_one():
            count += 1
        return count

    def _is_locked_out(self) -> bool:
        """Whether Slack did not accept the token a short while ago, so that nothing is worth asking yet."""
        if self._messenger.locked_out is None:
            return False
        now = self._desk.clock.now()
        if self._locked_until is None:
            self._note_locked_out(now)
        return self._locked_until is not None and now < self._locked_until

    def _note_locked_out(self, now: datetime) -> None:
        """Slack asked again only after a while, if it did not accept the token."""
        if self._messenger.locked_out:
            self._locked_until = now + timedelta(seconds=_LOCKED_OUT_S)
            log.error("Slack does not accept the bot's token; nothing is told", why=self._messenger.locked_out)

    def _deliver_one(self) -> bool:
        now = self._desk.clock.now()
        posting = self._write(lambda box: outbox.claim(box, self._owner, now, self._lease_s))
        if posting is None:
            return False
        apart = self._apart.get(posting.kind)
        if apart:
            self._answered(posting, now, lambda: apart(posting))
            self._note_locked_out(now)
            return True
        telling = TELLINGS.get(posting.kind)
        body = posting.body
        if telling is None or not isinstance(body, Mapping):
            self._write(lambda box: outbox.bury(box, posting, f"nothing is known about telling {posting.kind}"))
            return True
        about = {str(key): str(value) for key, value in body.items()}
        self._answered(posting, now, lambda: self._tell(posting, telling, about))
        self._note_locked_out(now)
        return True

    def _answered(self, posting: Posting, now: datetime, say: Callable[[], None]) -> None:
        self._locked_until = None
        try:
            say()
        except NotSaid as error:
            self._settle(posting, error, now)
        except PerhapsSaid as error:
            log.warning("unknown whether told; will look", posting=posting.id, why=str(error))
        except NotFound as error:
            reason = str(error)
            self._write(lambda box: outbox.skip(box, posting, reason))

    def _tell(self, posting: Posting, telling: Telling, about: dict[str, str]) -> None:
        given = about | self._picture(posting, telling, about)
        if telling.updates:
            for earlier in self._earlier(telling.updates.format(**about)):
                if fresh := telling.draw(self._desk, given, earlier.channel):
                    self._bring_up_to_date(earlier, fresh)
            self._write(lambda box: outbox.mark_posted(box, posting, "", ""))
            return
        screen = telling.draw(self._desk, given, posting.target)
        if screen is None:
            self._write(lambda box: outbox.skip(box, posting, "there was nothing left to say"))
            return
        under = None
        if telling.under:
            parent = self._parent(telling.under.format(target=posting.target, **about))
            if parent and parent.state in ("pending", "sending", "held"):
                self._wait_for(posting, parent)
                return
            if parent and parent.result_channel and parent.result_ts:
                under = Posted(parent.result_channel, parent.result_ts)
        channel = posting.target
        if channel.startswith(("U", "W")):
            channel = self._messenger.direct_channel(channel)
        found = self._found(posting, channel, under) if posting.attempt > 1 else None
        if found:
            # It was drawn a while ago; what it is about may have been decided since.
            self._bring_up_to_date(found, screen)
        posted = found or self._messenger.post(channel, screen, posting.id, under)
        self._write(lambda box: outbox.mark_posted(box, posting, posted.channel, posted.ts))

    def _picture(self, posting: Posting, telling: Telling, about: Mapping[str, str]) -> dict[str, str]:
        """Its chart, uploaded; nothing where there is none, or where Slack did not take the message with it before."""
        if telling.chart is None or self._pictures is None or "block" in (posting.error or ""):
            return {}
        chart = telling.chart(self._desk, about)
        made = self._pictures.made(chart) if chart else None
        return {PICTURE: made} if made else {}

    def _bring_up_to_date(self, posted: Posted, screen: Screen) -> None:
        """A message as it should be now; one that somebody deleted does not keep others from being updated."""
        try:
            self._messenger.update(posted, screen)
        except NotSaid as error:
            if error.reason not in _GONE:
                raise
            log.warning("message not brought up to date", channel=posted.channel, why=error.reason)

    def _parent(self, key: str) -> Posting | None:
        with self._desk.store.database.reading() as box:
            return outbox.find(box, key)

    def _wait_for(self, posting: Posting, parent: Posting) -> None:
        """What stands under a message that is not there yet comes soon after it; what never may be said, neither."""
        if parent.state == "held":
            self._write(lambda box: outbox.hold(box, posting, "the message under which it stands is held"))
            return
        soon = max(self._desk.clock.now() + timedelta(seconds=_SOON_S), parent.not_before + timedelta(seconds=_SOON_S))
        self._write(lambda box: outbox.back_off(box, posting, soon, "the message under which it stands is not there"))

    def _found(self, posting: Posting, channel: str, under: Posted | None) -> Posted | None:
        first = posting.first_at or posting.created_at
        return self._messenger.find(channel, posting.id, (first - timedelta(minutes=5)).timestamp(), under)

    def _earlier(self, key_prefix: str) -> tuple[Posted, ...]:
        with self._desk.store.database.reading() as box:
            return tuple(
                Posted(p.result_channel, p.result_ts)
                for p in outbox.posted_under(box, key_prefix)
                if p.result_channel and p.result_ts
            )

    def _settle(self, posting: Posting, error: NotSaid, now: datetime) -> None:
        if error.reason in _NOT_THERE:
            self._write(lambda box: outbox.hold(box, posting, str(error)))
            log.error("held: Slack does not let the bot say this", target=posting.target, why=error.reason)
        elif error.reason in LOCKED_OUT:
            # What waits is kept until someone has put the token right.
            later = now + timedelta(seconds=_LOCKED_OUT_S)
            self._write(lambda box: outbox.back_off(box, posting, later, str(error)))
            log.error("Slack does not accept the bot's token", why=error.reason)
        elif error.reason in _NEVER or (error.retry_after_s is None and posting.attempt >= len(_BACK_OFF_S)):
            self._write(lambda box: outbox.bury(box, posting, str(error)))
            log.error("given up", target=posting.target, why=error.reason)
        else:
            wait_s = error.retry_after_s or _BACK_OFF_S[min(posting.attempt, len(_BACK_OFF_S)) - 1]
            later = now + timedelta(seconds=wait_s)
            self._write(lambda box: outbox.back_off(box, posting, later, str(error)))

    def _write(self, change: Callable[..., object]) -> Posting | None:
        result = self._desk.store.database.retrying(change)
        return result if isinstance(result, Posting) else None
