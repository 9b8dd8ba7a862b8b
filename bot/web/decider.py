"""The one thread in which decisions of this process are made: all that wait at a moment, in one commit."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue

from bot.actions.callers import Call, Reply
from bot.actions.decisions import Answered
from bot.domain.errors import Unavailable

MOST_AT_ONCE = 64
MOST_WAITING = 2_000
NOTED_EVERY_S = 60.0
_MOST_NOTED = 10_000
_TO_WORK, _TO_REST = True, False

log = logging.getLogger(__name__)

Serve = Callable[[Sequence[Call]], tuple[Reply, ...]]
Note = Callable[[Sequence[str]], None]


class Crowded(Unavailable):
    """More calls wait than can be answered in time."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    call: Call
    reply: "asyncio.Future[Answered]"


_Settled = tuple[_Waiting, Answered | Exception]


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
    """Takes calls from an event loop; whoever gives one up before it is its turn is passed over."""

    def __init__(self, serve: Serve, uses: Uses) -> None:
        self._serve = serve
        self._uses = uses
        self._waiting: deque[_Waiting] = deque()
        self._bell: SimpleQueue[bool] = SimpleQueue()
        self._will_ring = False
        self._thread = threading.Thread(target=self._run, name="decider", daemon=True)

    def start(self) -> None:
        """At work from now on."""
        self._thread.start()

    def stop(self) -> None:
        """At rest, once what waits is answered."""
        self._bell.put(_TO_REST)
        self._thread.join(timeout=10)

    def ask(self, call: Call) -> "asyncio.Future[Answered]":
        """What the call comes to, once it is committed; RolloutError where it comes to nothing.

        The thread is woken once for all that arrive in one turn of the running loop, and the loop once for all that
        were committed together: each change of threads takes about as long as a decision.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(call, loop.create_future())
        if len(self._waiting) >= MOST_WAITING:
            waiting.reply.set_exception(Crowded("Too many decisions wait to be made; ask again in a moment."))
            return waiting.reply
        self._waiting.append(waiting)
        if not self._will_ring:
            self._will_ring = True
            loop.call_soon(self._ring)
        return waiting.reply

    def _ring(self) -> None:
        self._will_ring = False
        self._bell.put(_TO_WORK)

    def _run(self) -> None:
        going_on = True
        while going_on:
            going_on = self._bell.get()
            while taken := self._taken():
                self._settle_all([each for each in taken if not each.reply.cancelled()])

    def _taken(self) -> list[_Waiting]:
        """Those that wait longest, as many as are answered at once."""
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]

    def _settle_all(self, waiting: Sequence[_Waiting]) -> None:
        # A question to a person is a change of its own: its workflow is locked, and its key may be refused.
        settled = [*self._settle([each for each in waiting if each.call.inquiry.asking is None])]
        for each in waiting:
            if each.call.inquiry.asking is not None:
                settled += self._settle([each])
        self._uses.note([each.call.sha256 for each, found in settled if not isinstance(found, Exception)])

    def _settle(self, waiting: Sequence[_Waiting]) -> Sequence[_Settled]:
        """What each came to, once its loop was told."""
        if not waiting:
            return ()
        try:
            settled = tuple(zip(waiting, self._serve([each.call for each in waiting]), strict=True))
        except Exception as error:  # noqa: BLE001  an entry point's boundary
            return self._failed(waiting, error)
        _tell(settled)
        return settled

    def _failed(self, waiting: Sequence[_Waiting], error: Exception) -> Sequence[_Settled]:
        """One call must not fail the others: where the database itself is well, each is tried alone."""
        if len(waiting) == 1 or isinstance(error, Unavailable):
            failed = tuple((each, error) for each in waiting)
            _tell(failed)
            return failed
        return [settled for each in waiting for settled in self._settle([each])]


def _tell(settled: Sequence[_Settled]) -> None:
    """The loop that waits for these woken once for all; if it is closed, nobody waits any more."""
    with suppress(RuntimeError):
        settled[0][0].reply.get_loop().call_soon_threadsafe(_resolve, settled)


def _resolve(settled: Sequence[_Settled]) -> None:
    for waiting, found in settled:
        if waiting.reply.done():
            continue
        if isinstance(found, Exception):
            waiting.reply.set_exception(found)
        else:
            waiting.reply.set_result(found)
