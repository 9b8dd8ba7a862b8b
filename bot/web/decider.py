"""The one thread in which decisions of this process are made: all that wait at a moment, in one commit."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from bot.actions.callers import Call, Reply
from bot.domain.errors import RolloutError, Unavailable

MOST_AT_ONCE = 64
MOST_WAITING = 2_000
NOTED_EVERY_S = 60.0
_MOST_NOTED = 10_000

log = logging.getLogger(__name__)

Serve = Callable[[Sequence[Call]], tuple[Reply, ...]]
Note = Callable[[Sequence[str]], None]


class Crowded(Unavailable):
    """More calls wait than can be answered in time."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    call: Call
    reply: "Future[Reply]" = field(default_factory=Future)


class Uses:
    """Notes when tokens were last used, each at most once a minute; losing a note hurts nobody."""

    def __init__(self, note: Note, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._note = note
        self._monotonic = monotonic
        self._noted_s: dict[str, float] = {}

    def note(self, hashes: Sequence[str]) -> None:
        """These tokens (the hashes of their secrets) are used now."""
        now_s = self._monotonic()
        due = {each for each in hashes if now_s - self._noted_s.get(each, float("-inf")) >= NOTED_EVERY_S}
        if not due:
            return
        if len(self._noted_s) > _MOST_NOTED:
            self._noted_s.clear()
        self._noted_s |= dict.fromkeys(due, now_s)
        try:
            self._note(sorted(due))
        except Exception as error:  # noqa: BLE001  an entry point's boundary: the answer has left already
            log.warning("The last use of a token could not be noted: %s.", type(error).__name__)


class Decider:
    """Takes calls from any thread; whoever gives one up before it is its turn is passed over."""

    def __init__(self, serve: Serve, uses: Uses) -> None:
        self._serve = serve
        self._uses = uses
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="decider", daemon=True)

    def start(self) -> None:
        """At work from now on."""
        self._thread.start()

    def stop(self) -> None:
        """At rest, once what waits is answered."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def ask(self, call: Call) -> "Future[Reply]":
        """What the call comes to, once it is committed; RolloutError where it comes to nothing."""
        waiting = _Waiting(call)
        if self._queue.qsize() >= MOST_WAITING:
            waiting.reply.set_exception(Crowded("Too many decisions wait to be made; ask again in a moment."))
        else:
            self._queue.put(waiting)
        return waiting.reply

    def _run(self) -> None:
        going_on = True
        while going_on:
            taken = [self._queue.get()]
            with suppress(Empty):
                while len(taken) < MOST_AT_ONCE:
                    taken.append(self._queue.get_nowait())
            going_on = None not in taken
            self._settle_all([each for each in taken if each and each.reply.set_running_or_notify_cancel()])

    def _settle_all(self, waiting: Sequence[_Waiting]) -> None:
        # A question to a person is a change of its own: its workflow is locked, and its key may be refused.
        self._settle([each for each in waiting if each.call.inquiry.asking is None])
        for each in waiting:
            if each.call.inquiry.asking is not None:
                self._settle([each])
        self._uses.note([each.call.sha256 for each in waiting if _came_in(each.reply)])

    def _settle(self, waiting: Sequence[_Waiting]) -> None:
        if not waiting:
            return
        try:
            replies = self._serve([each.call for each in waiting])
        except Exception as error:  # noqa: BLE001  an entry point's boundary
            self._fail(waiting, error)
            return
        for each, reply in zip(waiting, replies, strict=True):
            each.reply.set_result(reply)

    def _fail(self, waiting: Sequence[_Waiting], error: Exception) -> None:
        """One call must not fail the others: where the database itself is well, each is tried alone."""
        if len(waiting) == 1 or isinstance(error, Unavailable):
            for each in waiting:
                each.reply.set_exception(error)
            return
        for each in waiting:
            self._settle([each])


def _came_in(reply: "Future[Reply]") -> bool:
    return reply.exception() is None and not isinstance(reply.result(), RolloutError)
